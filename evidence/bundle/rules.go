package bundle

import (
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// judge takes in a shown entry whose signature is good, and returns what keeps it
// from being an act that might happen there, by the rules that the log names: who
// holds which role and is a member with which grant is what entries before it say
// (FORMAT.md section 5.9). A log that names no rules, or later ones, is not judged,
// and an act that is not known here neither.
func (l *logView) judge(e *evidence.Entry) *fault {
	if l.said.Judged() && e.Act.Valid() {
		if err := l.said.Judge(*e); err != nil {
			l.said.Pass()
			f := faultf(evidence.Tampered, "by the rules of the log an act %q of %s cannot stand here: %s", e.Act, quoted(e.Actor.Name), evidence.MessageOf(err))
			return &f
		}
	}
	l.said.Add(*e)
	return nil
}

// unjudged returns the sentence for the report about a log that is not judged, or
// "".
func (l *logView) unjudged() string {
	switch {
	case l.said.Judged():
		return ""
	case l.said.Rules > act.RulesVersion:
		return "The log names later rules than this verifier knows; whether people might do what they did was not judged."
	default:
		return "The log names no rules; whether people might do what they did was not judged."
	}
}
