package act_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

func TestEveryActHasARuleAndAPayload(t *testing.T) {
	t.Parallel()
	var ruled, said []evidence.Act
	for _, r := range act.Table() {
		ruled = append(ruled, r.Act)
		if (r.Needs == "") != (r.Signer == act.ByMachine || r.Act == evidence.ActKey) {
			t.Errorf("%s is signed by %s and needs the permission %q", r.Act, r.Signer, r.Needs)
		}
		if _, ok := act.AllowanceOf(r.Needs); !ok && r.Needs != "" {
			t.Errorf("%s needs a permission %q that nobody has", r.Act, r.Needs)
		}
	}
	if !slices.Equal(ruled, evidence.Acts()) {
		t.Errorf("the table has the acts\n%v, the vocabulary\n%v", ruled, evidence.Acts())
	}
	for _, p := range act.Payloads() {
		said = append(said, p.Act())
	}
	for _, a := range evidence.Acts() {
		if !slices.Contains(said, a) && a != evidence.ActRoster && a != evidence.ActKey && a != evidence.ActKeysStated {
			t.Errorf("%s has no payload", a)
		}
	}
}

// TestPayloadsReadAsWritten fills every field of every payload, at random, and
// reads it back.
func TestPayloadsReadAsWritten(t *testing.T) {
	t.Parallel()
	for _, p := range act.Payloads() {
		for range 20 {
			v := reflect.New(reflect.TypeOf(p)).Elem()
			fill(t, v)
			want := v.Interface().(act.Payload)
			got := reflect.New(reflect.TypeOf(p))
			if err := act.ReadInto(act.Details(want), got.Interface()); err != nil {
				t.Fatalf("%#v: %v", want, err)
			}
			if diff := cmp.Diff(want, got.Elem().Interface(), cmp.AllowUnexported(evidence.Instant{})); diff != "" {
				t.Fatalf("%s: %s", want.Act(), diff)
			}
		}
	}
}

func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	for i := range v.NumField() {
		if name := v.Type().Field(i).Tag.Get("detail"); name == "-" {
			continue
		}
		switch f := v.Field(i).Addr().Interface().(type) {
		case *evidence.Instant:
			*f = evidence.At(evidence.Instant{}.Time().AddDate(2000+rand.IntN(50), 0, rand.IntN(300)))
		case *evidence.Digest:
			f[rand.IntN(32)] = byte(1 + rand.IntN(255))
		case *evidence.FileName:
			*f = evidence.FileName([]string{"a", "base64:x", "\xff", "dir/ü"}[rand.IntN(4)])
		case *act.Roles:
			*f = act.Roles{evidence.Auditor, evidence.Examiner}[:1+rand.IntN(2)]
		case *int:
			*f = 1 + rand.IntN(1000)
		case *int64:
			*f = 1 + rand.Int64N(1<<53)
		case **int64:
			n := rand.Int64N(5)
			*f = &n
		case *bool:
			*f = true
		default:
			v.Field(i).SetString("text " + string(rune('a'+rand.IntN(26))))
		}
	}
}

func TestWhatAPayloadCannotSayIsMalformed(t *testing.T) {
	t.Parallel()
	for name, e := range map[string]evidence.Entry{
		"another act": {Act: evidence.ActSealed},
		"missing":     {Act: evidence.ActExtended, Details: map[string]string{"exhibits": "1"}},
		"no number":   {Act: evidence.ActExtended, Details: map[string]string{"exhibits": "1", "locked_until": "2026-01-01T00:00:00.000Z", "items": "01"}},
		"no instant":  {Act: evidence.ActExtended, Details: map[string]string{"exhibits": "1", "locked_until": "tomorrow", "items": "1"}},
	} {
		if _, err := act.Read[act.Extended](e); evidence.CodeOf(err) != evidence.Malformed {
			t.Errorf("%s: %v", name, err)
		}
	}
}
