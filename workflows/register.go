package workflows

// RegisterInput starts a Register workflow.
type RegisterInput struct{}

// RegisterResult is what a run of the register did.
type RegisterResult struct {
	Published int   `json:"published"` // heads of logs that were registered
	Size      int64 `json:"size"`      // of the register
	// Behind names the outsiders that did not vouch for that size: they are
	// asked again by the next run.
	Behind []string `json:"behind,omitempty"`
}
