package canon_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
)

func TestUnmarshal(t *testing.T) {
	length := int64(3)
	want := thing{
		Name: "a\xff", Text: "<é>", Count: canon.MaxInteger, Length: &length,
		At: evidence.At(time.Date(2026, 3, 1, 8, 0, 0, 1e6, time.UTC)), Digest: evidence.Sum([]byte("abc")),
		List: []string{"", "b"}, Details: map[string]string{"": "x"}, Inner: &thing{Name: "inner"},
	}
	text, err := canon.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got thing
	if err := canon.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("value changed on the way (-want +got):\n%s", diff)
	}
}

// flat has the fields of thing that a plan can read.
type flat struct {
	Name    evidence.FileName `json:"name"`
	Text    string            `json:"text,omitempty"`
	Count   int               `json:"count,omitempty"`
	Length  *int64            `json:"length,omitempty"`
	On      bool              `json:"on,omitempty"`
	At      evidence.Instant  `json:"at,omitzero"`
	Digest  evidence.Digest   `json:"sha256,omitzero"`
	List    []string          `json:"list,omitempty"`
	Details map[string]string `json:"details,omitempty"`
	Bytes   []byte            `json:"bytes,omitempty"`
}

// refused are texts that are no canonical thing, by what is wrong with them.
func refused() map[string]string {
	const deep = 20_000
	return map[string]string{
		"nothing":               ``,
		"no JSON":               `name`,
		"another type":          `[]`,
		"null":                  `null`,
		"space before":          ` {"name":"a"}`,
		"line end after":        `{"name":"a"}` + "\n",
		"space inside":          `{"name": "a"}`,
		"second value":          `{"name":"a"}{"name":"a"}`,
		"garbage after":         `{"name":"a"}]`,
		"cut":                   `{"name":"a"`,
		"byte order mark":       "\ufeff" + `{"name":"a"}`,
		"unknown key":           `{"name":"a","other":1}`,
		"doubled key":           `{"name":"a","name":"a"}`,
		"doubled key, differs":  `{"name":"b","name":"a"}`,
		"key in another case":   `{"Name":"a"}`,
		"key with a folding":    `{"name":"a","li\u017ft":["a"]}`,
		"missing key":           `{"text":"a"}`,
		"keys out of order":     `{"text":"b","name":"a"}`,
		"default spelled out":   `{"count":0,"name":"a"}`,
		"null spelled out":      `{"length":null,"name":"a"}`,
		"needless escape":       `{"name":"\u0061"}`,
		"escaped slash":         `{"name":"\/"}`,
		"HTML escape":           `{"name":"\u003c"}`,
		"upper-case escape":     `{"name":"\u001F"}`,
		"raw control character": "{\"name\":\"\x01\"}",
		"lone surrogate":        `{"name":"\ud800"}`,
		"invalid UTF-8":         "{\"name\":\"\xff\"}",
		"invalid UTF-8 in key":  "{\"details\":{\"\xff\":\"\"},\"name\":\"a\"}",
		"float":                 `{"count":1.5,"name":"a"}`,
		"float that is whole":   `{"count":1.0,"name":"a"}`,
		"exponent":              `{"count":1e3,"name":"a"}`,
		"minus zero":            `{"any":-0,"name":"a"}`,
		"float behind any":      `{"any":1.5,"name":"a"}`,
		"integer beyond 2^53":   `{"any":9007199254740992,"name":"a"}`,
		"leading zero":          `{"count":01,"name":"a"}`,
		"plus":                  `{"count":+1,"name":"a"}`,
		"digest in capitals":    `{"name":"a","sha256":"BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"}`,
		"instant with offset":   `{"at":"2026-03-01T08:00:00.000+00:00","name":"a"}`,
		"needless base64 name":  `{"name":"base64:YQ=="}`,
		"loose base64 name":     `{"name":"base64:Yf9="}`,
		"loose base64 bytes":    `{"bytes":"/x==","name":"a"}`,
		"deep nesting":          `{"any":` + strings.Repeat(`[`, deep) + strings.Repeat(`]`, deep) + `,"name":"a"}`,
	}
}

func TestUnmarshalRefuses(t *testing.T) {
	for name, text := range refused() {
		t.Run(name, func(t *testing.T) {
			var v thing
			if err := canon.Unmarshal([]byte(text), &v); evidence.CodeOf(err) != evidence.Malformed {
				t.Errorf("got %+v, %v; want an error that is %q", v, err, evidence.Malformed)
			}
			var f flat
			if err := canon.Unmarshal([]byte(text), &f); evidence.CodeOf(err) != evidence.Malformed {
				t.Errorf("without a plan it is refused, with one it gives %+v, %v", f, err)
			}
		})
	}
}

func TestUnmarshalKeepsIntegersBehindAny(t *testing.T) {
	var v any
	if err := canon.Unmarshal([]byte(`[9007199254740991,-9007199254740991]`), &v); err != nil {
		t.Fatal(err)
	}
	text, err := canon.Marshal(v)
	if err != nil || string(text) != `[9007199254740991,-9007199254740991]` {
		t.Errorf("got %s, %v", text, err)
	}
}

func TestUnmarshalIntoAUsedValue(t *testing.T) {
	for _, v := range []any{&thing{Text: "left over"}, &flat{Text: "left over"}} {
		if err := canon.Unmarshal([]byte(`{"name":"a"}`), v); evidence.CodeOf(err) != evidence.Malformed {
			t.Errorf("got %+v, %v; want an error rather than a mixture", v, err)
		}
	}
}

// seeds are texts near the border of what is accepted.
func seeds() []string {
	return []string{
		`{"name":"a"}`, `{"name":"base64:Yf8="}`, `{"any":[1,true,null,{"k":"v"}],"name":"a"}`,
		`{"count":-7,"details":{"a":"\u0000"},"name":""}`, `{"at":"2026-03-01T8:00:00,000Z","name":"a"}`,
		`{"inner":{"name":"b"},"name":"a"}`, `{"length":0,"list":[""],"name":"a","on":true}`, `{"name":"\ufffd"}`, "[]", "1e2", "-0",
	}
}

// FuzzUnmarshal: accepted input re-encodes to the same bytes, into a struct and
// into any.
func FuzzUnmarshal(f *testing.F) {
	for _, s := range seeds() {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var v thing
		if canon.Unmarshal(data, &v) == nil {
			checkText(t, data, v)
		}
		var w any
		if canon.Unmarshal(data, &w) == nil {
			checkText(t, data, w)
		}
	})
}

func checkText(t *testing.T, data []byte, v any) {
	t.Helper()
	again, err := canon.Marshal(v)
	if err != nil || !bytes.Equal(again, data) {
		t.Errorf("%q was accepted and re-encodes to %q, %v", data, again, err)
	}
}

// FuzzEntry does the same with what is really logged.
func FuzzEntry(f *testing.F) {
	f.Add([]byte(entryText))
	f.Add([]byte(strings.Replace(entryText, `,"tool":`, `,"signature":{"index":1,"key":"agency.example/worker/v1+00000000",`+
		`"path":["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],"sig":"AAEC/w==","size":2},"tool":`, 1)))
	f.Fuzz(func(t *testing.T, data []byte) {
		var e evidence.Entry
		if canon.Unmarshal(data, &e) == nil {
			checkText(t, data, e)
		}
	})
}

const entryText = `{"act":"sealed","actor":{"id":"service:worker","name":"Sealcase worker","service":true},"at":"2026-03-01T08:00:00.000Z",` +
	`"case":"case-aaaaaaaaaaaaaaaaaaaaaaaaaa","details":{"seal":"v1"},"exhibit":12,"id":"entry-aaaaaaaaaaaaaaaaaaaaaaaaaa",` +
	`"item":"item-aaaaaaaaaaaaaaaaaaaaaaaaaa","length":3,"name":"invoice.pdf","nonce":"a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5",` +
	`"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","tool":{"name":"sealcase","version":"1.0"},"type":"sealcase/entry/v1"}`

func TestEntryText(t *testing.T) {
	var e evidence.Entry
	if err := canon.Unmarshal([]byte(entryText), &e); err != nil {
		t.Fatal(err)
	}
	if err := e.Check(); err != nil {
		t.Error(err)
	}
	checkText(t, []byte(entryText), e)
}

func BenchmarkMarshalEntry(b *testing.B) {
	var e evidence.Entry
	if err := canon.Unmarshal([]byte(entryText), &e); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := canon.Marshal(e); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUnmarshalEntry(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		var e evidence.Entry
		if err := canon.Unmarshal([]byte(entryText), &e); err != nil {
			b.Fatal(err)
		}
	}
}
