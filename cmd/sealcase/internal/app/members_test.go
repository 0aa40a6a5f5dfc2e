package app_test

import (
	"testing"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
)

// logged is an entry as the command line writes it.
type logged struct {
	Entry struct {
		ID  evidence.EntryID `json:"id"`
		Act evidence.Act     `json:"act"`
	} `json:"entry"`
}

// TestMembersAtTheCommandLine: somebody is made a member who may only read, is
// removed, and sees the case no more; an entry is corrected by a later one.
func TestMembersAtTheCommandLine(t *testing.T) {
	t.Parallel()
	in := install(t)
	investigator, examiner := in.as(t, "investigator"), in.as(t, "examiner")
	c := ask[evidence.Case](t, investigator, "case", "open", "Payroll")
	m := ask[api.Member](t, investigator, "case", "add-member", c.Number, "examiner", "--grant", "read")
	if m.Grant != evidence.GrantRead {
		t.Errorf("added %+v", m)
	}
	ask[api.CaseDetail](t, examiner, "case", "show", c.Number)
	if _, code := examiner("case", "transition", c.Number, "open", "--reason", "x"); code != 3 {
		t.Errorf("who may only read moves the case: exit %d", code)
	}
	log := ask[struct{ Items []logged }](t, investigator, "case", "log", c.Number).Items
	ask[evidence.EntryID](t, investigator, "case", "correct", c.Number, string(log[1].Entry.ID), "--right", "The title should name the payroll system")
	if _, code := investigator("case", "correct", c.Number, "entry-aaaaaaaaaaaaaaaaaaaaaaaaaa", "--right", "x"); code != 4 {
		t.Errorf("an entry that is not there is corrected: exit %d", code)
	}
	ask[api.Member](t, investigator, "case", "remove-member", c.Number, "examiner", "--reason", "moved to another unit")
	if _, code := examiner("case", "show", c.Number); code != 4 {
		t.Errorf("who was removed sees the case: exit %d", code)
	}
	if _, code := investigator("case", "remove-member", c.Number, "investigator", "--reason", "x"); code != 5 {
		t.Errorf("nobody is left who can say who the members are: exit %d", code)
	}
	acts := map[evidence.Act]int{}
	for _, e := range ask[struct{ Items []logged }](t, investigator, "case", "log", c.Number).Items {
		acts[e.Entry.Act]++
	}
	if acts[evidence.ActMemberGone] != 1 || acts[evidence.ActCorrected] != 1 || acts[evidence.ActMemberAdded] != 1 {
		t.Errorf("acts %v", acts)
	}
}
