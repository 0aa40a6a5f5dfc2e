package rawjson_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// plain turns a value into what encoding/json would have made of it.
func plain(v rawjson.Value) any {
	switch v.Kind() {
	case rawjson.Object:
		m := map[string]any{}
		v.Members(func(name string, value rawjson.Value) bool { m[name] = plain(value); return true })
		return m
	case rawjson.Array:
		a := []any{}
		v.Each(func(e rawjson.Value) bool { a = append(a, plain(e)); return true })
		return a
	case rawjson.String:
		return v.Text()
	case rawjson.Number:
		return json.Number(v.Text())
	case rawjson.True, rawjson.False:
		return v.True()
	default:
		return nil
	}
}

// library is what the standard library makes of a text.
func library(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows")
	}
	return v, nil
}

func texts() []string {
	return []string{
		`{}`, `[]`, `""`, `0`, `-0.5e+3`, `true`, `false`, `null`, ` [ 1 , 2 ] `, `{"a":{"b":[1,{"c":null}]},"d":"e"}`,
		`"a long string without anything special in it at all, so that words are looked at"`,
		`"\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00\ud800x\udc00"`, "\"\u00e4\u20ac\U0001f600\"", `"bytes ` + "\xff\xc0" + ` that are not UTF-8"`,
		`{"a":1,"a":2}`, `{"\u0061":1}`, `[[[[[[]]]]]]`, `{"a":[],"b":{}}`,
		``, ` `, `{`, `[`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `[1,`, `[1,]`, `{,}`, `[,]`, `{"a":1,}`, `01`, `-`, `1.`, `1e`, `.5`, `+1`, `tru`, `trux`, `nul`,
		`"`, `"\`, `"\u12`, `"\u12x"`, `"\q"`, "\"a\nb\"", "\"aaaaaaaaaaaaaaaa\x01b\"", `{}x`, `{} {}`, `[1 2]`, `{"a" 1}`, `{"a":1 "b":2}`, `{1:2}`, `]`, `}`, `'a'`, `NaN`,
	}
}

func TestParseAgreesWithTheLibrary(t *testing.T) {
	var d rawjson.Doc
	for _, text := range texts() {
		want, wantErr := library([]byte(text))
		err := d.Parse([]byte(text))
		if (err == nil) != (wantErr == nil) {
			t.Errorf("%q: %v, the library: %v", text, err, wantErr)
			continue
		}
		if err == nil {
			if diff := cmp.Diff(want, plain(d.Root())); diff != "" {
				t.Errorf("%q (-library +got):\n%s", text, diff)
			}
		}
	}
}

func TestEveryPrefixOfATextIsCut(t *testing.T) {
	text := `{"type":"a\u00e4","list":[1,-2.5e3,true,null,{"x":"y","z":[]}],"last":"\\\ud83d\ude00"}`
	var d rawjson.Doc
	for i := range text {
		var syntax *rawjson.SyntaxError
		if err := d.Parse([]byte(text[:i])); !errors.As(err, &syntax) || !syntax.Cut {
			t.Errorf("%q: %v", text[:i], err)
		}
		if err := d.ParsePrefix([]byte(text[:i])); err != nil {
			t.Errorf("%q: %v", text[:i], err)
		}
		if got := d.Root().Get("type").Text(); i > 17 && got != "aä" {
			t.Errorf("%q: the type is %q", text[:i], got)
		}
		plain(d.Root())
	}
}

func TestValuesKnowTheirBytes(t *testing.T) {
	text := `{"a":"x\ny","b":[10,"zwölf"]}`
	var d rawjson.Doc
	if err := d.Parse([]byte(text)); err != nil {
		t.Fatal(err)
	}
	for want, v := range map[string]rawjson.Value{`x\ny`: d.Root().Get("a"), `[10,"zwölf"]`: d.Root().Get("b"), `10`: d.Root().Get("b").First(), "": d.Root().Get("a", "b")} {
		offset, length := v.Span()
		if got := text[offset : offset+length]; got != want || string(v.Raw()) != want {
			t.Errorf("bytes %q, want %q", got, want)
		}
	}
}

func TestCut(t *testing.T) {
	tests := map[string]struct {
		text  string
		limit int
		want  string
		whole bool
	}{
		"whole":                    {`"abc"`, 3, "abc", true},
		"cut":                      {`"abcd"`, 3, "abc", false},
		"not in a character":       {`"aäb"`, 2, "a", false},
		"what JSON escapes costs":  {`"<<<"`, 12, "<<", false},
		"escaped, whole":           {`"\u0061b"`, 2, "ab", true},
		"escaped, cut":             {`"\u0061bcdefghijklmnopqrstuvwxyz"`, 4, "abcd", false},
		"an object, as its bytes":  {`{"a":1}`, 50, `{"a":1}`, true},
		"bytes that are not UTF-8": {"\"a\xffb\"", 50, "a\uFFFDb", true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var d rawjson.Doc
			if err := d.Parse([]byte(tc.text)); err != nil {
				t.Fatal(err)
			}
			if got, whole := d.Root().Cut(tc.limit); got != tc.want || whole != tc.whole {
				t.Errorf("%q, %v", got, whole)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	var d rawjson.Doc
	for name, text := range map[string]string{
		"deep":   strings.Repeat("[", rawjson.MaxDepth+1) + strings.Repeat("]", rawjson.MaxDepth+1),
		"values": "[" + strings.Repeat("0,", rawjson.MaxValues) + "0]",
		"long":   `"` + strings.Repeat("x", rawjson.MaxBytes) + `"`,
	} {
		var syntax *rawjson.SyntaxError
		if err := d.Parse([]byte(text)); !errors.As(err, &syntax) || syntax.Cut {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", rawjson.MaxBytes+1)
	tests := map[string]struct {
		text string
		want []rawjson.Line
	}{
		"nothing":    {"", nil},
		"one":        {"a\n", []rawjson.Line{{Number: 1, Length: 1, Bytes: []byte("a"), Ended: true}}},
		"not ended":  {"a\n\nbc", []rawjson.Line{{Number: 1, Length: 1, Bytes: []byte("a"), Ended: true}, {Number: 2, Offset: 2, Bytes: []byte{}, Ended: true}, {Number: 3, Offset: 3, Length: 2, Bytes: []byte("bc")}}},
		"too long":   {long + "\nb", []rawjson.Line{{Number: 1, Length: int64(len(long)), TooLong: true, Ended: true}, {Number: 2, Offset: int64(len(long)) + 1, Length: 1, Bytes: []byte("b")}}},
		"ends so":    {"a\n" + long, []rawjson.Line{{Number: 1, Length: 1, Bytes: []byte("a"), Ended: true}, {Number: 2, Offset: 2, Length: int64(len(long)), TooLong: true}}},
		"300 blocks": {strings.Repeat("0123456789abcde\n", 3), []rawjson.Line{{Number: 1, Length: 15, Bytes: []byte("0123456789abcde"), Ended: true}, {Number: 2, Offset: 16, Length: 15, Bytes: []byte("0123456789abcde"), Ended: true}, {Number: 3, Offset: 32, Length: 15, Bytes: []byte("0123456789abcde"), Ended: true}}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			for how, r := range map[string]io.Reader{"at once": strings.NewReader(tc.text), "in halves": iotest.HalfReader(strings.NewReader(tc.text))} {
				var got []rawjson.Line
				lines := rawjson.NewLines(r)
				for {
					line, err := lines.Next()
					if errors.Is(err, io.EOF) {
						break
					}
					if err != nil {
						t.Fatal(err)
					}
					line.Bytes = bytes.Clone(line.Bytes)
					got = append(got, line)
				}
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", how, diff)
				}
			}
		})
	}
}

func TestLinesSayThatReadingFailed(t *testing.T) {
	broken := errors.New("broken")
	lines := rawjson.NewLines(io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(broken)))
	if _, err := lines.Next(); err != nil {
		t.Fatal(err)
	}
	if _, err := lines.Next(); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

// seen walks through a text with a plan that descends two levels and tells what it saw.
func seen(r io.Reader) (told []string, err error) {
	note := func(what string, path []string, at rawjson.Line, more string) {
		told = append(told, fmt.Sprintf("%s %s line %d bytes %d+%d %s", what, strings.Join(path, "."), at.Number, at.Offset, at.Length, more))
	}
	err = rawjson.Walk(r, rawjson.Walker{
		Plan: func(path []string) rawjson.Action {
			switch {
			case len(path) > 0 && path[len(path)-1] == "skip":
				return rawjson.Skip
			case len(path) < 2:
				return rawjson.Descend
			default:
				return rawjson.Take
			}
		},
		Take: func(path []string, v rawjson.Value, at rawjson.Line) error {
			note("take", path, at, string(at.Bytes))
			return nil
		},
		Bad: func(path []string, at rawjson.Line, reason string) error { note("bad", path, at, reason); return nil },
		End: func(path []string) error { told = append(told, "end "+strings.Join(path, ".")); return nil },
	})
	return told, err
}

func TestWalk(t *testing.T) {
	text := "{\"a\": [1, {\"b\": 2}],\n \"skip\": [[\"]\\\"\"]], \"c\": \"d\",\n\"e\": [[nonsense], 3]}\n"
	want := []string{
		"take a.[] line 1 bytes 7+1 1", `take a.[] line 1 bytes 10+8 {"b": 2}`, "end a",
		`take c line 2 bytes 46+3 "d"`,
		"bad e.[] line 3 bytes 57+10 not a JSON value", "take e.[] line 3 bytes 69+1 3", "end e", "end ",
	}
	for how, r := range map[string]io.Reader{"at once": strings.NewReader(text), "byte by byte": iotest.OneByteReader(strings.NewReader(text))} {
		got, err := seen(r)
		if err != nil {
			t.Fatalf("%s: %v", how, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", how, diff)
		}
	}
	for i := range len(text) - 2 {
		var syntax *rawjson.SyntaxError
		if _, err := seen(strings.NewReader(text[:i])); !errors.As(err, &syntax) {
			t.Errorf("%q: %v", text[:i], err)
		}
	}
}

func TestWalkPassesOverWhatIsTooLong(t *testing.T) {
	text := `{"a":["` + strings.Repeat("x", rawjson.MaxBytes+5) + `",[` + strings.Repeat("0 ,", rawjson.MaxBytes/2) + `0],1]}`
	got, err := seen(strings.NewReader(text))
	if err != nil || len(got) != 5 {
		t.Fatalf("%d told, %v", len(got), err)
	}
	if !strings.HasPrefix(got[0], "bad a.[] line 1 bytes 6+") || !strings.HasPrefix(got[1], "bad a.[]") || !strings.HasSuffix(got[2], "1 1") {
		t.Errorf("told %.60q", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range texts() {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var d rawjson.Doc
		err := d.Parse(text)
		want, wantErr := library(text)
		if err == nil && wantErr == nil {
			if diff := cmp.Diff(want, plain(d.Root())); diff != "" {
				t.Errorf("(-library +got):\n%s", diff)
			}
		} else if (err == nil) != (wantErr == nil) && !strings.Contains(fmt.Sprint(err), "deeper") {
			t.Errorf("%v, the library: %v", err, wantErr)
		}
		if d.ParsePrefix(text) == nil {
			plain(d.Root())
		}
		told, err := seen(bytes.NewReader(text))
		again, errAgain := seen(iotest.OneByteReader(bytes.NewReader(text)))
		if diff := cmp.Diff(told, again); diff != "" || (err == nil) != (errAgain == nil) {
			t.Errorf("walked otherwise byte by byte: %v, %v\n%s", err, errAgain, diff)
		}
		if wantErr == nil && err != nil {
			t.Errorf("walking fails: %v", err)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	line := []byte(`{"parentUuid":"0e1b","isSidechain":false,"type":"user","message":{"role":"user","content":[{"tool_use_id":"toolu_1","type":"tool_result","content":"` +
		strings.Repeat(`a line of output of some length\n`, 60) + `"}]},"uuid":"3f","timestamp":"2026-04-12T18:52:23.922Z","cwd":"/home/x","sessionId":"7b1f","version":"2.1.104","gitBranch":"main"}`)
	b.SetBytes(int64(len(line)))
	var d rawjson.Doc
	for b.Loop() {
		if err := d.Parse(line); err != nil {
			b.Fatal(err)
		}
	}
}
