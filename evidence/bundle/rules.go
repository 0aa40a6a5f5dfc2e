package bundle

import (
	"fmt"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/state"
)

// rules judges the entries of a log, each by what the roster, the members and
// the state of the case are at its index (FORMAT.md section 5.9).
type rules struct {
	said     state.Case // by the entries so far that passed
	unjudged int64      // entries of acts with a rule, of people or the machine, that no known rules cover
}

// judge takes in the next entry, and returns how it breaks the rules by which the
// log is judged. clean says that nothing else is wrong with it.
func (r *rules) judge(e *evidence.Entry, signed, clean bool) *fault {
	_, known := act.RuleOf(e.Act)
	switch {
	case !signed: // nobody can say whose act it is
		r.said.Pass()
		return nil
	case known && r.said.Judged(e.Act):
		if err := r.said.Judge(*e); err != nil {
			r.said.Pass()
			f := faultf(evidence.Tampered, "the rules do not allow the act %q by %s at this place: %s", e.Act, e.Actor.ID, evidence.MessageOf(err))
			return &f
		}
	case known && e.Act != evidence.ActRoster:
		r.unjudged++
	}
	if clean {
		r.said.Add(*e)
	} else {
		r.said.Pass()
	}
	return nil
}

// notice returns the sentence for the report on what was not judged, or "".
func (r *rules) notice() string {
	if r.unjudged == 0 {
		return ""
	}
	why := fmt.Sprintf("no roster before them names a version of the rules (detail %q)", attest.DetailRules)
	if r.said.Rules > 0 {
		why = fmt.Sprintf("the log is judged by version %d of the rules, which has none for them", r.said.Rules)
	}
	if r.said.Rules > act.RulesVersion {
		why = fmt.Sprintf("the log is judged by version %d of the rules, and this verifier knows version %d", r.said.Rules, act.RulesVersion)
	}
	return fmt.Sprintf("Whether whoever acted was allowed to was not checked of %s: %s.", plural(r.unjudged, "entry", "entries"), why)
}
