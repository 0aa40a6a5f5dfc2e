package custody_test

import (
	"crypto/rand"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sealcase/sealcase/evidence"
)

// opens tries a ticket on an item and returns what it opened, or the code of the
// refusal.
func opens(t *testing.T, s *process, a evidence.Actor, id evidence.ItemID, ticket evidence.EntryID, offset, length int64) (string, evidence.Code) {
	t.Helper()
	r, _, err := s.OpenEvidence(t.Context(), a, id, ticket, offset, length)
	if err != nil {
		return "", evidence.CodeOf(err)
	}
	return string(readAll(t, r, nil)), ""
}

// TestTicketOpensWhatItsEntrySays tries a ticket on everything that it is not for;
// then it opens what it is for, once, whichever process is asked.
func TestTicketOpensWhatItsEntrySays(t *testing.T) {
	l := newLab(t)
	s, other := l.service(), l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	it, neighbour := l.bring(s, in, "x", []byte("0123456789")), l.bring(s, in, "y", []byte("0123456789"))
	ticket, err := s.RequestEvidence(t.Context(), prosecutor, it.ID, "to look at the head", 2, 5)
	l.check(err)
	size := len(l.log(s, c.ID))
	for name, tc := range map[string]struct {
		by             evidence.Actor
		item           evidence.ItemID
		ticket         evidence.EntryID
		offset, length int64
		want           evidence.Code
	}{
		"by another member":     {examiner, it.ID, ticket.Entry, 2, 5, evidence.NotFound},
		"by a stranger":         {stranger, it.ID, ticket.Entry, 2, 5, evidence.NotFound},
		"of another item":       {prosecutor, neighbour.ID, ticket.Entry, 2, 5, evidence.NotFound},
		"that does not exist":   {prosecutor, it.ID, newID[evidence.EntryID](t), 2, 5, evidence.NotFound},
		"that is another act":   {investigator, it.ID, l.log(s, c.ID)[1].Entry.ID, 0, -1, evidence.NotFound},
		"for the whole":         {prosecutor, it.ID, ticket.Entry, 0, -1, evidence.Invalid},
		"for a byte before it":  {prosecutor, it.ID, ticket.Entry, 1, 5, evidence.Invalid},
		"for a byte after it":   {prosecutor, it.ID, ticket.Entry, 2, 6, evidence.Invalid},
		"for what is not there": {prosecutor, it.ID, ticket.Entry, 11, 1, evidence.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			if got, code := opens(t, s, tc.by, tc.item, tc.ticket, tc.offset, tc.length); code != tc.want {
				t.Errorf("read %q, %q; want %q", got, code, tc.want)
			}
		})
	}
	if got, code := opens(t, other, prosecutor, it.ID, ticket.Entry, 3, 4); got != "3456" || code != "" {
		t.Errorf("read %q, %q", got, code)
	}
	for _, again := range []*process{s, other} {
		if got, code := opens(t, again, prosecutor, it.ID, ticket.Entry, 2, 5); code != evidence.Conflict {
			t.Errorf("a ticket that was used opens %q, %q", got, code)
		}
	}
	if got := len(l.log(s, c.ID)); got != size {
		t.Errorf("using a ticket left %d entries: the read is on record before", got-size)
	}
}

// TestTicketRunsOut: a ticket is for the request that comes next.
func TestTicketRunsOut(t *testing.T) {
	l := newLab(t)
	c := l.openCase(l.service())
	in := l.openIntake(l.service(), c)
	it := l.bring(l.service(), in, "x", []byte("x"))
	ticket, err := l.service().RequestEvidence(t.Context(), examiner, it.ID, "later", 0, -1)
	l.check(err)
	for name, tc := range map[string]struct {
		after time.Duration
		want  evidence.Code
	}{
		"long after":                      {6 * time.Minute, evidence.Conflict},
		"by a clock that is far behind":   {-2 * time.Minute, evidence.Conflict},
		"by a clock that is a bit behind": {-10 * time.Second, ""},
	} {
		t.Run(name, func(t *testing.T) {
			l.config.Clock = func() time.Time { return time.Now().Add(tc.after) }
			if _, code := opens(t, l.service(), examiner, it.ID, ticket.Entry, 0, -1); code != tc.want {
				t.Errorf("got %q, want %q", code, tc.want)
			}
		})
	}
}

// TestTicketIsUsedOnce has many processes use one at the same moment.
func TestTicketIsUsedOnce(t *testing.T) {
	l := newLab(t)
	s := l.service()
	services := []*process{s, l.service(), l.service(), l.service()}
	c := l.openCase(s)
	in := l.openIntake(s, c)
	it := l.bring(s, in, "x", []byte("x"))
	ticket, err := s.RequestEvidence(t.Context(), examiner, it.ID, "once", 0, -1)
	l.check(err)
	var opened, refused atomic.Int64
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			r, _, err := services[i%len(services)].OpenEvidence(t.Context(), examiner, it.ID, ticket.Entry, 0, -1)
			switch evidence.CodeOf(err) {
			case "":
				opened.Add(1)
				r.Close()
			case evidence.Conflict:
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if opened.Load() != 1 || refused.Load() != 15 {
		t.Errorf("opened %d times, refused %d times", opened.Load(), refused.Load())
	}
}

// TestMaliceTakesRedemptionsAway: the record that a ticket was used opens nothing
// for anybody else when it is gone, and what its holder reads again is on record.
func TestMaliceTakesRedemptionsAway(t *testing.T) {
	m := newMalice(t)
	in := m.openIntake(m.running, m.c)
	it := m.bring(m.running, in, "x", []byte("0123456789"))
	ticket, err := m.running.RequestEvidence(t.Context(), prosecutor, it.ID, "a look", 2, 5)
	m.check(err)
	if got, code := opens(t, m.running, prosecutor, it.ID, ticket.Entry, 2, 5); got != "23456" {
		t.Fatalf("read %q, %q", got, code)
	}
	gone, err := m.db.Collection("redemptions").DeleteMany(t.Context(), bson.D{})
	if err != nil || gone.DeletedCount != 1 {
		t.Fatalf("%d deleted, %v", gone.DeletedCount, err)
	}
	for _, a := range []evidence.Actor{examiner, investigator, stranger} {
		if got, code := opens(t, m.running, a, it.ID, ticket.Entry, 2, 5); code != evidence.NotFound {
			t.Errorf("%s reads %q, %q", a.ID, got, code)
		}
	}
	if got, code := opens(t, m.running, prosecutor, it.ID, ticket.Entry, 0, -1); code != evidence.Invalid {
		t.Errorf("the ticket opens more than the entry says: %q, %q", got, code)
	}
}

// TestMalicePlantsATicket: an entry that its actor did not sign opens nothing for
// that actor either.
func TestMalicePlantsATicket(t *testing.T) {
	m := newMalice(t)
	page, err := m.running.Items(t.Context(), prosecutor, m.c.ID, "", 1)
	m.check(err)
	it := page.Items[0]
	planted := newID[evidence.EntryID](t)
	e, err := evidence.NewEntry(planted, m.c.ID, evidence.ActDownloaded, evidence.At(time.Now()), prosecutor, rand.Reader)
	m.check(err)
	e.AboutItem(it)
	m.plantEntry(int64(len(m.log(m.running, m.c.ID))), e)
	if got, code := opens(t, m.running, prosecutor, it.ID, planted, 0, -1); code != evidence.Tampered {
		t.Errorf("a ticket that nobody signed opens %q, %q", got, code)
	}
}

// TestBundleTicket: a ticket for a bundle opens that bundle, and nothing else
// does.
func TestBundleTicket(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	it := l.bring(s, in, "x", []byte("x"))
	l.sealAll(s, in)
	d, another := l.disclose(s, c), l.disclose(s, c)
	forItem, err := s.RequestEvidence(t.Context(), prosecutor, it.ID, "a look", 0, -1)
	l.check(err)
	forBundle, err := s.RequestBundle(t.Context(), prosecutor, d.ID, 0, -1)
	l.check(err)
	try := func(a evidence.Actor, id evidence.DisclosureID, ticket evidence.EntryID) evidence.Code {
		t.Helper()
		r, _, err := s.OpenBundle(t.Context(), a, id, ticket, 0, -1)
		if err == nil {
			r.Close()
		}
		return evidence.CodeOf(err)
	}
	for name, got := range map[string]evidence.Code{
		"a ticket for an item":         try(prosecutor, d.ID, forItem.Entry),
		"a ticket for another bundle":  try(prosecutor, another.ID, forBundle.Entry),
		"a ticket of somebody else's":  try(investigator, d.ID, forBundle.Entry),
		"an act of the same log":       try(prosecutor, d.ID, l.log(s, c.ID)[1].Entry.ID),
		"nothing that is in any entry": try(prosecutor, d.ID, newID[evidence.EntryID](t)),
	} {
		if got != evidence.NotFound {
			t.Errorf("%s: %q", name, got)
		}
	}
	if _, code := opens(t, s, prosecutor, it.ID, forBundle.Entry, 0, -1); code != evidence.NotFound {
		t.Errorf("an item is opened by a ticket for a bundle: %q", code)
	}
	if first, second := try(prosecutor, d.ID, forBundle.Entry), try(prosecutor, d.ID, forBundle.Entry); first != "" || second != evidence.Conflict {
		t.Errorf("used twice: %q, then %q", first, second)
	}
}
