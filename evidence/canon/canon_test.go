package canon_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
)

// thing has a field of each shape that the program's types have.
type thing struct {
	Name    evidence.FileName `json:"name"`
	Text    string            `json:"text,omitempty"`
	Count   int               `json:"count,omitempty"`
	Length  *int64            `json:"length,omitempty"`
	On      bool              `json:"on,omitempty"`
	At      evidence.Instant  `json:"at,omitzero"`
	Digest  evidence.Digest   `json:"sha256,omitzero"`
	List    []string          `json:"list,omitempty"`
	Details map[string]string `json:"details,omitempty"`
	Inner   *thing            `json:"inner,omitempty"`
	Bytes   []byte            `json:"bytes,omitempty"`
	Any     any               `json:"any,omitempty"`
}

func TestMarshal(t *testing.T) {
	length := int64(0)
	for name, tc := range map[string]struct {
		value any
		want  string
	}{
		"null":            {nil, `null`},
		"empty object":    {map[string]string{}, `{}`},
		"empty array":     {[]int{}, `[]`},
		"largest numbers": {[]int64{canon.MaxInteger, -canon.MaxInteger, 0}, `[9007199254740991,-9007199254740991,0]`},
		"no HTML escapes": {"<a & b>\u2028\u2029", "\"<a & b>\u2028\u2029\""},
		"escapes":         {"\x00\b\t\n\f\r\x1f\"\\/\x7f", `"\u0000\b\t\n\f\r\u001f\"\\/` + "\x7f\""},
		"replacement":     {"\ufffd \\ufffd", "\"\ufffd \\\\ufffd\""},
		"not normalised":  {"A\u030a \u00c5", "\"A\u030a \u00c5\""},
		"json.Number":     {json.Number("7"), `7`},
		"nil pointer":     {(*thing)(nil), `null`},
		"nil marshaler":   {(*evidence.Digest)(nil), `null`},
		"raw JSON":        {json.RawMessage(`{"b":1, "a":[ true ]}`), `{"a":[true],"b":1}`},
		"struct": {
			thing{
				Name: "a\xff", Count: -1, Length: &length, On: true, List: []string{"z", "a"},
				At:      evidence.At(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)),
				Digest:  evidence.Sum([]byte("abc")),
				Details: map[string]string{"b": "", "a": "1"}, Bytes: []byte{0xff}, Any: map[string]any{"k": nil},
			},
			`{"any":{"k":null},"at":"2026-03-01T08:00:00.000Z","bytes":"/w==","count":-1,"details":{"a":"1","b":""},"length":0,` +
				`"list":["z","a"],"name":"base64:Yf8=","on":true,"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := canon.Marshal(tc.value)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, string(got)); diff != "" {
				t.Errorf("text differs (-want +got):\n%s", diff)
			}
		})
	}
}

// TestMarshalSortsAsRFC8785 is the example of RFC 8785 section 3.2.3: keys sort
// by UTF-16 code units, so that U+1F600 comes before U+FB33.
func TestMarshalSortsAsRFC8785(t *testing.T) {
	got, err := canon.Marshal(map[string]string{
		"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
		"\U0001f600": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"\r":"Carriage Return","1":"One","` + "\u0080" + `":"Control","` + "\u00f6" +
		`":"Latin Small Letter O With Diaeresis","` + "\u20ac" + `":"Euro Sign","` + "\U0001f600" +
		`":"Emoji: Grinning Face","` + "\ufb33" + `":"Hebrew Letter Dalet With Dagesh"}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("text differs (-want +got):\n%s", diff)
	}
}

// loud writes any JSON that it holds.
type loud string

func (l loud) MarshalJSON() ([]byte, error) { return []byte(l), nil }

// raw writes any text that it holds.
type raw string

func (r raw) MarshalText() ([]byte, error) { return []byte(r), nil }

func TestMarshalRefuses(t *testing.T) {
	loop := &thing{}
	loop.Inner = loop
	type embedded struct{ F float64 }
	for name, value := range map[string]any{
		"float":                     1.5,
		"float that looks whole":    float64(1),
		"float32 deep inside":       map[string]any{"a": []any{struct{ F float32 }{}}},
		"float in an embedded type": struct{ embedded }{},
		"not a number":              math.NaN(),
		"too large":                 int64(canon.MaxInteger + 1),
		"too small":                 int64(-canon.MaxInteger - 1),
		"far too large":             uint64(math.MaxUint64),
		"json.Number 1.5":           json.Number("1.5"),
		"json.Number 1e3":           json.Number("1e3"),
		"json.Number -0":            json.Number("-0"),
		"float as raw JSON":         json.RawMessage(`{"a":1.0}`),
		"number after strings":      json.RawMessage(`["\"7\\",1.0]`),
		"invalid UTF-8":             "\xff",
		"surrogate":                 "\xed\xa0\x80",
		"invalid UTF-8 in a field":  thing{Details: map[string]string{"a": "\xff"}},
		"invalid UTF-8 in a key":    map[string]int{"\xff": 1},
		"invalid UTF-8 in a text":   raw("\xff"),
		"invalid UTF-8 in text key": map[raw]int{"\xff": 1},
		"invalid UTF-8 in raw JSON": json.RawMessage("\"\xff\""),
		"doubled key":               json.RawMessage(`{"a":1,"a":1}`),
		"lone surrogate escape":     loud(`"\ud800"`),
		"marshaler's float":         loud(`0.5`),
		"no JSON":                   func() {},
		"cycle":                     loop,
		"year 10000":                evidence.At(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)),
	} {
		t.Run(name, func(t *testing.T) {
			if text, err := canon.Marshal(value); evidence.CodeOf(err) != evidence.Invalid {
				t.Errorf("got %s, %v; want an error that is %q", text, err, evidence.Invalid)
			}
		})
	}
}

func TestSizeLimit(t *testing.T) {
	text, err := canon.Marshal(strings.Repeat("x", canon.MaxSize-2))
	if err != nil {
		t.Fatal(err)
	}
	var s string
	if err := canon.Unmarshal(text, &s); err != nil {
		t.Errorf("what was written cannot be read: %v", err)
	}
	if _, err := canon.Marshal(s + "x"); evidence.CodeOf(err) != evidence.TooLarge {
		t.Errorf("got %v, want an error that is %q", err, evidence.TooLarge)
	}
	if err := canon.Unmarshal([]byte(`"`+s+`x"`), &s); evidence.CodeOf(err) != evidence.Malformed {
		t.Errorf("got %v, want an error that is %q", err, evidence.Malformed)
	}
}
