package evidence

// Buckets names where objects go.
type Buckets struct {
	Evidence string // data and seals, locked
	Bundles  string // bundles and their proofs, locked
	Ledger   string // entries, checkpoints and manifests as they are published, locked
	Staging  string // remainders of broken uploads; not locked, expires
}

// ProbeFolder begins the keys of the objects, in each locked bucket, on which a
// program tries when it starts whether locks hold. They are nothing of a case,
// and expire.
const ProbeFolder = "probe/"
