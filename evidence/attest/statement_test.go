package attest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

const agency = "agency.example"

var (
	theRoot  = ledger.NewLocalSigner(agency+"/root/v1", [32]byte{20})
	nextRoot = ledger.NewLocalSigner(agency+"/root/v2", [32]byte{21})
	// thiefRoot is a root that the thief of other keys made, under the root's name.
	thiefRoot = ledger.NewLocalSigner(agency+"/root/v1", [32]byte{22})
	worker2   = ledger.NewLocalSigner(agency+"/worker/v2", [32]byte{23})
)

// minute returns an instant of the agency's time.
func minute(n int) evidence.Instant {
	return evidence.At(time.Unix(1_800_000_000, 0).Add(time.Duration(n) * time.Minute))
}

func states(t testing.TB, from int, signers ...*ledger.LocalSigner) (list []attest.StatedKey) {
	t.Helper()
	for _, s := range signers {
		list = append(list, attest.StatedKey{From: minute(from), Key: keyOf(t, s).VKey()})
	}
	return list
}

func revokes(t testing.TB, at int, s *ledger.LocalSigner) attest.StatedKey {
	t.Helper()
	k := states(t, -1000, s)[0]
	k.Revoked = &attest.Revocation{From: minute(at), Reason: "it was stolen"}
	return k
}

func statement(serial int64, keys ...attest.StatedKey) attest.Statement {
	return attest.Statement{Agency: agency, At: minute(int(serial)), Keys: keys, Serial: serial, Type: attest.StatementType}
}

func signed(t testing.TB, root evidence.Signer, s attest.Statement) attest.Signed {
	t.Helper()
	by, err := attest.SignStatement(t.Context(), root, s)
	if err != nil {
		t.Fatal(err)
	}
	return by
}

// stating returns the entry that records a statement, signed by who.
func stating(t testing.TB, who evidence.Signer, s attest.Signed) (evidence.Entry, []byte) {
	t.Helper()
	e := entry(t, evidence.ActKeysStated, evidence.ServiceActor("worker"))
	e.Details = s.Details()
	return *e, sign(t, who, e)[0]
}

// machineAct returns an act of the machine at a minute.
func machineAct(t testing.TB, who evidence.Signer, at int) (evidence.Entry, []byte) {
	t.Helper()
	e := entry(t, evidence.ActSealed, evidence.ServiceActor("worker"))
	e.At = minute(at)
	return *e, sign(t, who, e)[0]
}

func rooted(t testing.TB, roots ...*ledger.LocalSigner) *attest.Trust {
	t.Helper()
	var given []evidence.PublicKey
	for _, r := range roots {
		given = append(given, keyOf(t, r))
	}
	return attest.NewTrust(agency, given)
}

func take(t testing.TB, trust *attest.Trust, index int64, s attest.Signed) error {
	t.Helper()
	_, err := trust.Take(index, evidence.Entry{Act: evidence.ActKeysStated, Details: s.Details()})
	return err
}

// TestRootStatesKeys: whoever is given the root believes what it states, from when
// on it is stated, until it is revoked, and behind the statement that revokes it
// nothing, whatever time is claimed.
func TestRootStatesKeys(t *testing.T) {
	trust := rooted(t, theRoot)
	if err := take(t, trust, 1, signed(t, theRoot, statement(1, states(t, 0, worker)...))); err != nil {
		t.Fatal(err)
	}
	if err := take(t, trust, 10, signed(t, theRoot, statement(2, append(states(t, 50, worker2), revokes(t, 60, worker))...))); err != nil {
		t.Fatal(err)
	}
	c := attest.NewChecker(trust)
	for what, test := range map[string]struct {
		who   *ledger.LocalSigner
		index int64
		at    int
		want  evidence.Code
	}{
		"the roster before the first statement": {worker, 0, 1, ""},
		"an act between":                        {worker, 5, 59, ""},
		"at the revocation's instant":           {worker, 5, 60, evidence.UntrustedKey},
		"backdated, behind the statement":       {worker, 11, 59, evidence.UntrustedKey},
		"the next version":                      {worker2, 11, 61, ""},
		"the next version, before it is stated": {worker2, 11, 49, evidence.UntrustedKey},
		"the log's key":                         {ledger.NewLocalSigner(agency+"/log/v1", [32]byte{5}), 2, 3, evidence.UntrustedKey},
	} {
		e, raw := machineAct(t, test.who, test.at)
		wantCode(t, what, c.Check(test.index, e, raw), test.want)
	}
	if keys := trust.For(attest.RoleWorker, 10); len(keys) != 2 {
		t.Errorf("%d keys count for a head of 10 entries", len(keys))
	}
	if keys := trust.For(attest.RoleWorker, 11); len(keys) != 1 || !keys[0].Equal(keyOf(t, worker2)) {
		t.Errorf("%v counts for a head that covers the revocation", keys)
	}
}

// TestMinuteWithTheWorkersKey: a key entry, a statement and a roster that the
// worker's key signs introduce nothing to whoever is given the root. To whoever is
// given the worker's key they did.
func TestMinuteWithTheWorkersKey(t *testing.T) {
	key, v := rotated(t, agency+"/worker", 1) // its first version is not worker: the thief has both
	thief := ledger.NewLocalSigner(agency+"/worker/v9", [32]byte{99})
	begin := entry(t, evidence.ActKey, evidence.ServiceActor("worker"))
	text := attest.KeyText(v[0], keyOf(t, thief))
	begin.Details = map[string]string{
		attest.DetailOld: v[0].VKey(), attest.DetailNew: keyOf(t, thief).VKey(),
		attest.DetailOldSig: signatureOf(t, ledger.NewLocalKey(agency+"/worker", [32]byte{1}), text), attest.DetailNewSig: signatureOf(t, thief, text),
	}
	beginRaw := sign(t, attest.OfVersion(key, v[0]), begin)[0]
	e, raw := machineAct(t, thief, 5)

	old := attest.NewAgencyChecker(agency, v[:1])
	wantCode(t, "given the worker's key, the key entry", old.Check(1, *begin, beginRaw), "")
	wantCode(t, "given the worker's key, an act by the thief's", old.Check(2, e, raw), "")

	trust := rooted(t, theRoot)
	c := attest.NewChecker(trust)
	own := attest.StatedKey{From: minute(0), Key: v[0].VKey()}
	if err := take(t, trust, 0, signed(t, theRoot, statement(1, own))); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "given the root, the key entry", c.Check(1, *begin, beginRaw), "")
	forged, forgedRaw := stating(t, attest.OfVersion(key, v[0]), signed(t, thiefRoot, statement(2, states(t, 0, thief)...)))
	wantCode(t, "a statement of a root of the thief's", c.Check(2, forged, forgedRaw), "")
	wantCode(t, "given the root, an act by the thief's", c.Check(3, e, raw), evidence.UntrustedKey)
}

func TestStatementsThatAreRefused(t *testing.T) {
	first := signed(t, theRoot, statement(2, states(t, 0, worker)...))
	for what, test := range map[string]struct {
		s    attest.Signed
		want evidence.Code
	}{
		"the same again":    {first, evidence.Tampered},
		"an older one":      {signed(t, theRoot, statement(1, states(t, 0, worker)...)), evidence.Tampered},
		"a newer one":       {signed(t, theRoot, statement(3, states(t, 0, worker)...)), ""},
		"another signature": {attest.Signed{Root: first.Root, Signature: first.Signature, Statement: signed(t, theRoot, statement(9, states(t, 0, worker)...)).Statement}, evidence.Tampered},
		"no signature":      {attest.Signed{Root: first.Root, Statement: first.Statement}, evidence.Tampered},
		"no statement":      {attest.Signed{Root: first.Root, Signature: first.Signature}, evidence.Malformed},
		"another's root":    {signed(t, thiefRoot, statement(9, states(t, 0, worker2)...)), ""},
	} {
		t.Run(what, func(t *testing.T) {
			trust := rooted(t, theRoot)
			if err := take(t, trust, 1, first); err != nil {
				t.Fatal(err)
			}
			c := attest.NewChecker(trust)
			e, raw := stating(t, worker, test.s)
			wantCode(t, what, c.Check(4, e, raw), test.want)
			wantCode(t, "read again", c.Check(4, e, raw), test.want)
			act, actRaw := machineAct(t, worker2, 5)
			wantCode(t, "a key that it did not state", c.Check(5, act, actRaw), evidence.UntrustedKey)
			byPerson := entry(t, evidence.ActKeysStated, person("p-paula"))
			byPerson.Details = test.s.Details()
			wantCode(t, "by a person", c.Check(6, *byPerson, sign(t, paula, byPerson)[0]), evidence.Tampered)
		})
	}
}

// TestOtherAgencysRoot: no root speaks for another agency, also where both are
// trusted.
func TestOtherAgencysRoot(t *testing.T) {
	other := ledger.NewLocalSigner("other.example/root/v1", [32]byte{30})
	_, err := attest.SignStatement(t.Context(), other, statement(1, states(t, 0, worker)...))
	wantCode(t, "signing for another", err, evidence.Invalid)
	s := statement(1, attest.StatedKey{From: minute(0), Key: keyOf(t, ledger.NewLocalSigner("other.example/worker/v1", [32]byte{31})).VKey()})
	s.Agency = "other.example"
	trust := rooted(t, theRoot, other)
	if roots := trust.Roots(); len(roots) != 1 {
		t.Errorf("%d roots are looked at", len(roots))
	}
	wantCode(t, "its statement", take(t, trust, 1, signed(t, other, s)), evidence.Malformed)
}

// TestRootRotates: the old root states the new one, and from then on only that
// counts. Whoever has the new one needs the old one no more.
func TestRootRotates(t *testing.T) {
	over := statement(2, states(t, 0, worker)...)
	over.Next = keyOf(t, nextRoot).VKey()
	list := []attest.Signed{
		signed(t, theRoot, statement(1, states(t, 0, worker)...)), signed(t, theRoot, over),
		signed(t, theRoot, statement(3, states(t, 0, ledger.NewLocalSigner(agency+"/worker/v7", [32]byte{70}))...)),
		signed(t, nextRoot, statement(3, states(t, 0, worker, worker2)...)),
	}
	for what, given := range map[string][]*ledger.LocalSigner{"the old": {theRoot}, "the new": {nextRoot}, "both": {theRoot, nextRoot}} {
		trust := rooted(t, given...)
		for i, s := range list {
			if err := take(t, trust, int64(i), s); err != nil {
				t.Errorf("%s: statement %d: %v", what, i, err)
			}
		}
		if keys := trust.For(attest.RoleWorker, 100); len(keys) != 2 {
			t.Errorf("%s: %d keys count, want two", what, len(keys))
		}
		if serial, at := trust.Newest(); serial != 3 || at != minute(3) {
			t.Errorf("%s: the newest is number %d of %s", what, serial, at)
		}
	}
}

// TestRevokedPerson: a root ends a person's key, and gives another without one of
// theirs to introduce it.
func TestRevokedPerson(t *testing.T) {
	trust := rooted(t, theRoot)
	c := attest.NewChecker(trust)
	paula2 := ledger.NewLocalSigner(agency+"/person/p-paula/v2", [32]byte{40})
	if err := take(t, trust, 1, signed(t, theRoot, statement(1, states(t, -10, worker)...))); err != nil {
		t.Fatal(err)
	}
	listed, raw := roster(t, worker, evidence.ServiceActor("worker"))
	wantCode(t, "the roster", c.Check(2, listed, raw), "")
	act := func(by *ledger.LocalSigner, at int) (evidence.Entry, []byte) {
		e := entry(t, evidence.ActViewed, person("p-paula"))
		e.At = minute(at)
		return *e, sign(t, by, e)[0]
	}
	before, beforeRaw := act(paula, 1)
	wantCode(t, "before", c.Check(3, before, beforeRaw), "")
	again := entry(t, evidence.ActRoster, evidence.ServiceActor("worker"))
	var err error
	if again.Details, err = attest.WriteRoster([]attest.Listed{{ID: "p-paula", Name: "Paula", Keys: []string{keyOf(t, paula2).VKey()}}}, nil); err != nil {
		t.Fatal(err)
	}
	againRaw := sign(t, worker, again)[0]
	wantCode(t, "a key that nobody introduced", c.Check(4, *again, againRaw), evidence.Tampered)
	if err := take(t, trust, 5, signed(t, theRoot, statement(2, append(states(t, 2, paula2), revokes(t, 2, paula))...))); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "one that the root states", c.Check(6, *again, againRaw), "")
	after, afterRaw := act(paula, 3)
	wantCode(t, "by the revoked one", c.Check(7, after, afterRaw), evidence.UntrustedKey)
	wantCode(t, "by it, backdated", c.Check(7, before, beforeRaw), evidence.UntrustedKey)
	with, withRaw := act(paula2, 3)
	wantCode(t, "by the new one", c.Check(7, with, withRaw), "")
}

// TestKnownFromElsewhere: what is newer than the log revokes by time, and what
// comes behind everything.
func TestKnownFromElsewhere(t *testing.T) {
	trust := rooted(t, theRoot)
	if _, err := trust.Know(signed(t, theRoot, statement(2, revokes(t, 60, worker)))); err != nil {
		t.Fatal(err)
	}
	for at, want := range map[int]evidence.Code{59: "", 60: evidence.UntrustedKey} {
		_, err := trust.Counts(keyOf(t, worker).ID(), attest.RoleWorker, 1<<40, minute(at))
		wantCode(t, minute(at).String(), err, want)
	}
	_, err := trust.Counts(keyOf(t, worker).ID(), attest.RoleWorker, attest.Everything, minute(1))
	wantCode(t, "behind everything", err, evidence.UntrustedKey)
	trust.Had(keyOf(t, theRoot).ID(), 1, 7, []string{keyOf(t, worker).ID()})
	_, err = trust.Counts(keyOf(t, worker).ID(), attest.RoleWorker, 8, minute(1))
	wantCode(t, "behind an entry", err, evidence.UntrustedKey)
}

func TestStatementsThatCannotBe(t *testing.T) {
	good := statement(1, states(t, 0, worker)...)
	for what, change := range map[string]func(s *attest.Statement){
		"another type":       func(s *attest.Statement) { s.Type = "sealcase/keys/v2" },
		"no agency":          func(s *attest.Statement) { s.Agency = "" },
		"no time":            func(s *attest.Statement) { s.At = evidence.Instant{} },
		"no number":          func(s *attest.Statement) { s.Serial = 0 },
		"no keys":            func(s *attest.Statement) { s.Keys = []attest.StatedKey{} },
		"a key twice":        func(s *attest.Statement) { s.Keys = append(s.Keys, s.Keys[0]) },
		"a root":             func(s *attest.Statement) { s.Keys = states(t, 0, nextRoot) },
		"no from":            func(s *attest.Statement) { s.Keys[0].From = evidence.Instant{} },
		"space":              func(s *attest.Statement) { s.Keys[0].Key += " " },
		"no reason":          func(s *attest.Statement) { s.Keys[0].Revoked = &attest.Revocation{From: minute(1)} },
		"no end":             func(s *attest.Statement) { s.Keys[0].Revoked = &attest.Revocation{Reason: "x"} },
		"a next that is not": func(s *attest.Statement) { s.Next = keyOf(t, worker).VKey() },
	} {
		s := good
		s.Keys = append([]attest.StatedKey{}, good.Keys...)
		change(&s)
		_, err := attest.SignStatement(t.Context(), theRoot, s)
		wantCode(t, what, err, evidence.Invalid)
		text, err := canon.Marshal(s)
		if err != nil {
			continue // cannot even be written
		}
		_, err = attest.Signed{Statement: string(text)}.Read()
		wantCode(t, what, err, evidence.Malformed)
	}
}

// FuzzStatement: a statement that is read is written again as it was, and nothing
// but what the root signed states anything.
func FuzzStatement(f *testing.F) {
	over := statement(3, states(f, 0, worker, worker2, paula)...)
	over.Next = keyOf(f, nextRoot).VKey()
	known := map[string]bool{}
	for _, s := range []attest.Signed{
		signed(f, theRoot, statement(1, states(f, 0, worker)...)), signed(f, theRoot, statement(2, revokes(f, 5, worker))), signed(f, theRoot, over),
	} {
		f.Add(s.Statement, s.Root, s.Signature)
		f.Add(strings.Replace(s.Statement, `"keys"`, ` "keys"`, 1), s.Root, s.Signature+"\n")
		known[s.Statement+s.Root+s.Signature] = true
	}
	f.Fuzz(func(t *testing.T, text, root, sig string) {
		s := attest.Signed{Root: root, Signature: sig, Statement: text}
		read, err := s.Read()
		if err != nil {
			if evidence.CodeOf(err) != evidence.Malformed {
				t.Errorf("%q: %v is not %q", text, err, evidence.Malformed)
			}
		} else if again, err := canon.Marshal(read); err != nil || string(again) != text {
			t.Errorf("%q is written again as %q, %v", text, again, err)
		}
		trust := rooted(t, theRoot)
		learned, err := trust.Take(0, evidence.Entry{Act: evidence.ActKeysStated, Details: s.Details()})
		if len(learned) > 0 && (err != nil || !known[text+root+sig]) {
			t.Errorf("%q, %q, %q states %v, %v", text, root, sig, learned, err)
		}
	})
}
