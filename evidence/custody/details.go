package custody

// Names of the details with which entries carry what a registry that was lost is
// made of again. FORMAT.md lists all.
const (
	detailObject      = "object"         // key of the data
	detailObjectVer   = "object_version" // version of that object
	detailBucket      = "bucket"         // of the data and of the seal
	detailPath        = "path"           // of the folder that an item came in with
	detailModified    = "modified_at"    // the source's own claim, an Instant
	detailMediaType   = "media_type"     // as the analysis found it
	detailReceivedBy  = "received_by"    // whose upload it was, where the program completed the receipt
	detailRequestedBy = "requested_by"   // the person for whom the program acted
	detailSource      = "source"         // of an intake
	detailFirst       = "first_exhibit"  // of an intake: the case's next number when it was opened
)
