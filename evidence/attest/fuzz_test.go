package attest_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// signedEntries returns canonical entries: a roster, an act of the person that
// it names, and a batch of the machine's. They are the same in every process:
// fuzzing runs in several.
func signedEntries(f *testing.F) (list [][]byte) {
	f.Helper()
	machine := evidence.ServiceActor("worker")
	listed := same(f, evidence.ActRoster, machine)
	var err error
	if listed.Details, err = attest.WriteRoster([]attest.Listed{{ID: "p-paula", Name: "Paula", Keys: []string{keyOf(f, paula).VKey()}}}, nil); err != nil {
		f.Fatal(err)
	}
	list = append(list, sign(f, worker, listed)...)
	list = append(list, sign(f, paula, same(f, evidence.ActViewed, person("p-paula")))...)
	return append(list, sign(f, worker,
		same(f, evidence.ActSealed, machine), same(f, evidence.ActVerified, machine), same(f, evidence.ActAnalysed, machine))...)
}

// same returns the one entry of an act.
func same(f *testing.F, act evidence.Act, actor evidence.Actor) *evidence.Entry {
	f.Helper()
	e, err := evidence.NewEntry(evidence.DeriveEntryID("fuzz", string(act)), evidence.Derive[evidence.CaseID]("c"), act,
		evidence.At(time.Unix(1_800_000_000, 0)), actor, strings.NewReader("a nonce of 16 or more bytes"))
	if err != nil {
		f.Fatal(err)
	}
	e.Purpose = `,"signature":{"key":"x"},`
	return &e
}

// FuzzUnsigned: of whatever is a canonical entry, the bytes that were signed are
// the canonical bytes of the entry without its signature.
func FuzzUnsigned(f *testing.F) {
	for _, raw := range signedEntries(f) {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var e evidence.Entry
		if canon.Unmarshal(data, &e) != nil {
			return
		}
		got, err := attest.Unsigned(data)
		if e.Signature == nil {
			if evidence.CodeOf(err) != evidence.Malformed {
				t.Errorf("%s is not signed, and gives %s, %v", data, got, err)
			}
			return
		}
		e.Signature = nil
		want, marshalErr := canon.Marshal(e)
		if err != nil || marshalErr != nil || !bytes.Equal(got, want) {
			t.Errorf("%s gives %s, %v; want %s, %v", data, got, err, want, marshalErr)
		}
	})
}

// FuzzCheck: nothing but the very bytes that were signed is taken as signed.
func FuzzCheck(f *testing.F) {
	list := signedEntries(f)
	for _, raw := range list {
		f.Add(raw)
	}
	keys, err := worker.PublicKeys(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var e, roster evidence.Entry
		if canon.Unmarshal(data, &e) != nil {
			return
		}
		c := attest.NewAgencyChecker("agency.example", keys)
		if err := canon.Unmarshal(list[0], &roster); err != nil {
			t.Fatal(err)
		}
		if err := c.Check(0, roster, list[0]); err != nil {
			t.Fatal(err)
		}
		known := false
		for _, raw := range list {
			known = known || bytes.Equal(raw, data)
		}
		if err := c.Check(0, e, data); (err == nil) != known {
			t.Errorf("%s: %v, and it is one that was signed: %t", data, err, known)
		}
	})
}

// FuzzRoster: a roster that is read is written again as it was.
func FuzzRoster(f *testing.F) {
	person, agency := keyOf(f, paula), keyOf(f, worker)
	details, err := attest.WriteRoster([]attest.Listed{
		{ID: "p-paula", Name: "Paula", Roles: []evidence.Role{evidence.Examiner}, Keys: []string{person.VKey()}}, {ID: "p-new", Name: "New"},
	}, []evidence.PublicKey{agency, agency})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(details[attest.DetailPeople], details[attest.DetailKeys])
	f.Add(`[{"id":"p-paula","keys":["`+person.VKey()+` "],"name":"Paula"}]`, " "+agency.VKey()+"  "+agency.VKey()+"\n")
	f.Add("null", "")
	f.Add("[]", " ")
	f.Fuzz(func(t *testing.T, people, keys string) {
		listed, ofAgency, err := attest.ReadRoster(map[string]string{attest.DetailPeople: people, attest.DetailKeys: keys})
		if err != nil {
			if evidence.CodeOf(err) != evidence.Malformed {
				t.Errorf("%q, %q: %v is not %q", people, keys, err, evidence.Malformed)
			}
			return
		}
		again, err := attest.WriteRoster(listed, ofAgency)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range listed {
			for _, text := range p.Keys {
				if k, err := evidence.ParseVKey(text); err != nil || k.VKey() != text {
					t.Errorf("the key %q of %s is accepted", text, p.ID)
				}
			}
		}
		if diff := cmp.Diff([]string{people, keys}, []string{again[attest.DetailPeople], again[attest.DetailKeys]}); diff != "" {
			t.Errorf("it is written again in another way (-want +got):\n%s", diff)
		}
	})
}

// FuzzCheckKey: what introduces one version of a key by another is accepted in
// one form only.
func FuzzCheckKey(f *testing.F) {
	before, after := worker, ledger.NewLocalSigner("agency.example/worker/v2", [32]byte{4})
	text := attest.KeyText(keyOf(f, before), keyOf(f, after))
	oldSig, newSig := signatureOf(f, before, text), signatureOf(f, after, text)
	f.Add(keyOf(f, before).VKey(), keyOf(f, after).VKey(), oldSig, newSig)
	f.Add(keyOf(f, before).VKey()+" ", keyOf(f, after).VKey(), oldSig, newSig)
	f.Add(keyOf(f, before).VKey(), keyOf(f, after).VKey(), oldSig+"\n", newSig)
	f.Add(keyOf(f, after).VKey(), keyOf(f, before).VKey(), newSig, oldSig)
	f.Fuzz(func(t *testing.T, old, next, oldSig, newSig string) {
		one, two, err := attest.CheckKey(map[string]string{
			attest.DetailOld: old, attest.DetailNew: next, attest.DetailOldSig: oldSig, attest.DetailNewSig: newSig,
		})
		if err != nil {
			if code := evidence.CodeOf(err); code != evidence.Malformed && code != evidence.Tampered {
				t.Errorf("%v is %q", err, code)
			}
			return
		}
		if one.VKey() != old || two.VKey() != next || oldSig != again(t, oldSig) || newSig != again(t, newSig) {
			t.Errorf("%q, %q, %q, %q are not the one form of what they say", old, next, oldSig, newSig)
		}
	})
}

// again decodes base64 and encodes it.
func again(t *testing.T, text string) string {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(raw)
}

func keyOf(t testing.TB, s evidence.Signer) evidence.PublicKey {
	t.Helper()
	keys, err := s.PublicKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return keys[0]
}

func signatureOf(t testing.TB, s evidence.Signer, text []byte) string {
	t.Helper()
	signed, err := s.Sign(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(signed[0].Bytes)
}
