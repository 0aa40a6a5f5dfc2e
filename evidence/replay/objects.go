package replay

import "github.com/sealcase/sealcase/evidence"

// Objects returns the stored objects that an entry names, each with its version:
// the bytes of an item, its seal, or a bundle.
func Objects(e evidence.Entry) []evidence.ObjectRef {
	ref := evidence.ObjectRef{Bucket: e.Details["bucket"]}
	switch e.Act {
	case evidence.ActReceived, evidence.ActDisclosed:
		ref.Key, ref.Version = e.Details["object"], e.Details["object_version"]
	case evidence.ActSealed:
		ref.Key, ref.Version = e.Details["seal_object"], e.Details["seal_version"]
	}
	if ref.Key == "" {
		return nil
	}
	return []evidence.ObjectRef{ref}
}
