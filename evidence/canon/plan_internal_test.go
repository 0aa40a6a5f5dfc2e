package canon

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// every has a field of each shape that a plan can write.
type every struct {
	Text    string                `json:"text"`
	Maybe   string                `json:"maybe,omitempty"`
	Name    evidence.FileName     `json:"name,omitempty"`
	At      evidence.Instant      `json:"at,omitzero"`
	Always  evidence.Instant      `json:"always"`
	Digest  evidence.Digest       `json:"sha256,omitzero"`
	Refer   *evidence.Digest      `json:"refer"`
	Int     int64                 `json:"int"`
	Short   int8                  `json:"short,omitempty"`
	Uint    uint32                `json:"uint,omitempty"`
	On      bool                  `json:"on,omitempty"`
	Bytes   []byte                `json:"bytes"`
	List    []string              `json:"list,omitempty"`
	Digests []evidence.Digest     `json:"digests"`
	Map     map[string]string     `json:"map,omitempty"`
	Roles   map[evidence.Role]int `json:"roles"`
	Ref     evidence.ObjectRef    `json:"ref,omitzero"`
	Inner   *evidence.Tool        `json:"inner,omitempty"`
	Array   [2]int                `json:"array"`
	Length  *int64                `json:"length,omitempty"`
	Left    string                `json:"-"`
	private int
}

// compareWithTransform wants of a plan what Transform writes, and that it reads
// that again.
func compareWithTransform(t *testing.T, v any) {
	t.Helper()
	p := planOf(reflect.TypeOf(v))
	if p == nil {
		t.Fatalf("%T has no plan", v)
	}
	got, gotErr := p.write(nil, reflect.ValueOf(v))
	want, wantErr := transform(v)
	if !bytes.Equal(got, want) || evidence.CodeOf(gotErr) != evidence.CodeOf(wantErr) {
		t.Errorf("%T: the plan writes\n%s, %v\nTransform\n%s, %v", v, got, gotErr, want, wantErr)
	}
	again := reflect.New(reflect.TypeOf(v))
	if wantErr == nil && !readByPlan(want, again.Interface()) {
		t.Errorf("%T: the plan does not read\n%s", v, want)
	}
}

// FuzzPlan: what a plan writes, and what it refuses, is what Transform does.
func FuzzPlan(f *testing.F) {
	f.Add("a", "b\x00\"\\\u2028", "k\U0001f600", "k\ue000", int64(7), []byte{1}, true)
	f.Add("", "", "", "", int64(0), []byte(nil), false)
	f.Add("\xff", "base64:", "\ud7ff", "\U0010ffff", int64(1)<<53, []byte{}, true)
	f.Add("x", "\x7f\u0080", "ab", "a", -(int64(1)<<53 - 1), []byte{0}, false)
	f.Fuzz(func(t *testing.T, a, b, c, d string, n int64, raw []byte, on bool) {
		v := every{
			Text: a, Maybe: b, Name: evidence.FileName(c), Int: n, Short: int8(n), Uint: uint32(n), On: on, Bytes: raw,
			Map: map[string]string{a: b, c: d, d + "\uffff": "", c + "\U00010000": ""}, Roles: map[evidence.Role]int{evidence.Role(c): 1, evidence.Role(d): 2},
			Array: [2]int{1, int(n)}, Left: a, private: 1,
		}
		if on {
			digest := evidence.Sum(raw)
			v.At, v.Digest, v.Refer, v.Length = evidence.At(time.Unix(n%(1<<32), 0)), digest, &digest, &n
			v.List, v.Digests = []string{a, b, ""}, []evidence.Digest{digest, {}}
			v.Ref, v.Inner = evidence.ObjectRef{Bucket: a, Key: d}, &evidence.Tool{Name: b, Parameters: c}
		}
		compareWithTransform(t, v)
		compareWithTransform(t, evidence.Entry{
			Type: a, Purpose: b, Details: v.Map, Name: v.Name, Digest: v.Digest, Length: v.Length, Tool: v.Inner, At: v.At,
			Actor:     evidence.EntryActor{Name: c, Service: on, Roles: []evidence.Role{evidence.Role(d)}},
			Signature: &evidence.EntrySignature{Key: a, Bytes: raw, Index: n, Path: v.Digests},
		})
	})
}

// TestPlans: the types of which there are many have a plan, and what only
// encoding/json can write has none.
func TestPlans(t *testing.T) {
	for _, v := range []any{evidence.Entry{}, evidence.Item{}, evidence.Case{}, every{}, struct {
		Keys []evidence.Entry `json:"keys"`
	}{}} {
		t.Run(fmt.Sprintf("%T", v), func(t *testing.T) { compareWithTransform(t, v) })
	}
	type recursive struct {
		Inner *recursive `json:"inner"`
	}
	for _, v := range []any{recursive{}, struct{ Untagged string }{}, struct {
		Any any `json:"any"`
	}{}, struct {
		Float float64 `json:"float"`
	}{}, struct {
		Text int `json:"text,string"`
	}{}, struct{ evidence.Tool }{}, json.RawMessage{}, written(""), map[evidence.FileName]int{}} {
		if planOf(reflect.TypeOf(v)) != nil {
			t.Errorf("%T has a plan", v)
		}
	}
}

// written can be written as a text that only encoding/json knows how to read.
type written string

func (w written) MarshalText() ([]byte, error) { return []byte(w + "!"), nil }

// TestCompareKeys: keys are in the order of their UTF-16 code units.
func TestCompareKeys(t *testing.T) {
	keys := []string{"", "a", "ab", "b", "\u20ac", "\ud7ff", "\U00010000", "\U0010ffff", "\ue000", "\ufb33", "\uffff"}
	for i, a := range keys {
		for j, b := range keys {
			if got := compareKeys(a, b); (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("%q and %q: %d", a, b, got)
			}
		}
	}
}
