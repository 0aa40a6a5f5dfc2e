package app_test

import (
	"strings"
	"testing"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
)

// TestClassesAtTheCommandLine: a case is sealed by order, two people unseal it, and
// whoever may not hears why.
func TestClassesAtTheCommandLine(t *testing.T) {
	t.Parallel()
	in := install(t)
	sue, investigator, examiner := in.as(t, "sue"), in.as(t, "investigator"), in.as(t, "examiner")
	if _, code := investigator("case", "open", "Mine", "--class", "restricted"); code != 3 {
		t.Errorf("an investigator opens a restricted case: exit %d", code)
	}
	if _, code := sue("case", "open", "Mine", "--class", "sealed"); code != 1 {
		t.Errorf("a case is sealed without an order: exit %d", code)
	}
	c := ask[api.Case](t, sue, "case", "open", "Payroll", "--member", "investigator")
	class := func(run func(...string) (string, int), to string, more ...string) api.CaseDetail {
		t.Helper()
		return ask[api.CaseDetail](t, run, append([]string{"case", "class", c.Number, to, "--reason", "needed"}, more...)...)
	}
	if _, code := sue("case", "class", c.Number, "sealed", "--reason", "x"); code != 1 {
		t.Errorf("a case is sealed without an order: exit %d", code)
	}
	if _, code := investigator("case", "class", c.Number, "restricted", "--reason", "x"); code != 3 {
		t.Errorf("an investigator restricts a case: exit %d", code)
	}
	if d := class(sue, "sealed", "--authority", "Order 26-mc-7"); d.Case.Class != evidence.ClassSealed || d.Case.Number != c.Number {
		t.Errorf("%+v", d.Case)
	}
	if out, _ := investigator("case", "list"); !strings.Contains(out, "sealed") {
		t.Errorf("the list does not say that the case is sealed: %s", out)
	}
	if _, code := investigator("case", "add-member", c.Number, "examiner"); code != 3 {
		t.Errorf("an investigator adds somebody to a sealed case: exit %d", code)
	}
	if _, code := examiner("case", "show", c.Number); code != 4 {
		t.Errorf("who is no member sees the case: exit %d", code)
	}
	out, code := investigator("case", "class", c.Number, "ordinary", "--reason", "charges were filed")
	if code != 0 || !strings.Contains(out, "stays sealed until a supervisor") {
		t.Errorf("exit %d: %s", code, out)
	}
	if _, code := investigator("case", "class", c.Number, "ordinary", "--reason", "again"); code != 5 {
		t.Errorf("somebody asks twice: exit %d", code)
	}
	if out, _ := sue("case", "show", c.Number); !strings.Contains(out, "The investigator") || !strings.Contains(out, "charges were filed") {
		t.Errorf("who asked is not shown: %s", out)
	}
	if d := class(sue, "ordinary"); d.Case.Class != evidence.ClassOrdinary || len(d.ClassRequests) != 0 {
		t.Errorf("%+v", d)
	}
	ask[api.Member](t, investigator, "case", "add-member", c.Number, "examiner")
	ask[api.CaseDetail](t, examiner, "case", "show", c.Number)
}
