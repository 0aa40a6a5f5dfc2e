package workflows

import "github.com/sealcase/sealcase/evidence"

// IntakeState is how far an intake is.
type IntakeState string

// The states of an intake.
const (
	IntakeOpen      IntakeState = "open"      // waits for items
	IntakeSealing   IntakeState = "sealing"   // reads back and seals
	IntakeAnalysing IntakeState = "analysing" // everything is sealed or quarantined; analysis goes on
	IntakeDone      IntakeState = "done"      // closed on record
)

// IntakeInput starts an Intake workflow. Carried is set when a run continues
// another.
type IntakeInput struct {
	Actor   evidence.Actor  `json:"actor"` // who opened it
	Intake  evidence.Intake `json:"intake"`
	Carried *IntakeCarried  `json:"carried,omitempty"`
}

// IntakeCarried is what a run of an intake hands to the next one.
type IntakeCarried struct {
	Progress IntakeProgress    `json:"progress"`
	Next     int               `json:"next"`            // exhibit number from which to look for items; 0: all of them
	Batch    []evidence.ItemID `json:"batch,omitempty"` // found, and not sealed yet
	Left     int               `json:"left"`            // items below Next that could not be read
	Analyses int               `json:"analyses"`        // started so far
	Complete bool              `json:"complete"`        // nothing more will come
	Since    evidence.Instant  `json:"since,omitzero"`  // of the last item or signal
}

// IntakeProgress is how far an intake is, as its workflow knows: items that it
// has not looked at yet do not count.
type IntakeProgress struct {
	State       IntakeState `json:"state"`
	Received    int         `json:"received"` // all items seen, whatever became of them
	Sealed      int         `json:"sealed"`
	Quarantined int         `json:"quarantined"`
	Analysed    int         `json:"analysed"`
}

// AnalysisInput starts an Analysis workflow over sealed items.
type AnalysisInput struct {
	Case   evidence.CaseID   `json:"case"`
	Intake evidence.IntakeID `json:"intake"`
	Items  []evidence.ItemID `json:"items"`
}

// AnalysisResult is what became of an analysis.
type AnalysisResult struct {
	Analysed int `json:"analysed"` // items on record as analysed
	Failed   int `json:"failed"`   // of them, those where an analyzer gave up; the record says why
	Findings int `json:"findings"`
}
