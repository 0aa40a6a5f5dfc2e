package canon_test

import (
	"reflect"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/seal"
)

// readable returns a zero value of each of the types that are read, and of the
// shapes that they are made of.
func readable() []any {
	return []any{
		new(evidence.Entry), new(evidence.Item), new(evidence.Case), new([]attest.Listed), new(seal.Statement),
		new(canon.Every), new(flat), new(string), new(int8), new(uint16), new(bool), new([]byte), new(*int), new(**int), new([]*bool),
		new([2]string), new([]string), new([][]int), new(map[string]*string), new(map[evidence.Role][]int), new(evidence.FileName),
		new(*evidence.Instant), new([]evidence.Digest), new(map[string]ledger.Hash), new([]struct {
			Payload []byte `json:"payload"`
			List    []bool `json:"list"`
		}),
	}
}

// everyText returns the text of a canon.Every in which all is filled in.
func everyText(f *testing.F) []byte {
	f.Helper()
	n, digest := int64(-1), evidence.Sum(nil)
	text, err := canon.Marshal(canon.Every{
		Text: "\x00\b\t\n\f\r\x1f\"\\/\u007f\u2028\U0001f600", Maybe: "m", Name: "a\xff", Digest: digest, Refer: &digest, Int: canon.MaxInteger,
		Short: -128, Uint: 1, On: true, Bytes: []byte{0xff, 0}, List: []string{"", "\\"}, Digests: []evidence.Digest{digest, {}, digest},
		Map: map[string]string{"\ufb33": "1", "\U0001f600": "\"", "": ""}, Roles: map[evidence.Role]int{"r": 0},
		Ref: evidence.ObjectRef{Bucket: "b"}, Inner: &evidence.Tool{Name: "t"}, Array: [2]int{1, -2}, Length: &n,
	})
	if err != nil {
		f.Fatal(err)
	}
	return text
}

// FuzzRead: a plan reads the texts that encoding/json and the comparison let
// pass, and no others, and arrives at the same value.
func FuzzRead(f *testing.F) {
	for _, text := range refused() {
		if len(text) < 1000 {
			f.Add([]byte(text))
		}
	}
	for _, text := range append(seeds(), entryText, `null`, `"a"`, `"\u001f\n\""`, `7`, `-128`, `true`, `[]`, `{}`, `[null,true]`, `["",""]`, `[[1],[],null]`,
		`{"a":null,"b":""}`, `{"":[0]}`, `"base64:/w=="`, `""`, `[{"list":[],"payload":null},{"list":[true],"payload":""}]`, `[{"id":"p","name":"P","roles":["r"]}]`, `["a","b","c"]`, `["a"`, `{"a":`) {
		f.Add([]byte(text))
	}
	f.Add(everyText(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, v := range readable() {
			want := reflect.New(reflect.TypeOf(v).Elem())
			err := canon.ReadJSON(data, want.Interface())
			switch ok := canon.ReadByPlan(data, v); {
			case ok != (err == nil):
				t.Errorf("%T of %q by plan: %v; by encoding/json: %v", v, data, ok, err)
			case ok && !reflect.DeepEqual(v, want.Interface()):
				t.Errorf("%T of %q is by plan\n%+v, by encoding/json\n%+v", v, data, v, want.Interface())
			case !ok && !reflect.ValueOf(v).Elem().IsZero():
				t.Errorf("%T of %q was refused and left %+v", v, data, v)
			}
		}
	})
}
