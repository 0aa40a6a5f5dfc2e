package workflows

// MirrorInput starts a Mirror workflow.
type MirrorInput struct{}

// MirrorResult is what a run of the mirror did.
type MirrorResult struct {
	Behind int `json:"behind"` // logs whose newest head was not signed or not mirrored, and is now
}
