package formats_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/analyze"
	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/formats"
)

// exchange is a synthetic exchange in the form of Claude Code: what a person asks,
// what the agent does, and what comes back.
func exchange(n int, output string) string {
	const e = `"timestamp":"2026-06-01T10:00:00.000Z","sessionId":"s-1","version":"2.1.200","cwd":"/home/synthetic"`
	return fmt.Sprintf(`{"type":"user","uuid":"u%[1]d",%[2]s,"message":{"content":"open account %[1]d"}}
{"type":"assistant","uuid":"a%[1]d","parentUuid":"u%[1]d",%[2]s,"message":{"model":"claude-x","content":[{"type":"tool_use","id":"t%[1]d","name":"Bash","input":{"command":"open %[1]d"}}]}}
{"type":"user","uuid":"r%[1]d","parentUuid":"a%[1]d",%[2]s,"message":{"content":[{"type":"tool_result","tool_use_id":"t%[1]d","content":"%[3]s"}]}}
`, n, e, output)
}

func run(t testing.TB, content io.Reader, length int64) analyze.Report {
	t.Helper()
	r := &analyze.Runner{Analyzers: []analyze.Analyzer{formats.Analyzer()}, Logger: slog.New(slog.DiscardHandler)}
	report, err := r.Run(t.Context(), evidence.Item{ID: "item-x", Name: "log", Length: length}, content)
	if err != nil {
		t.Fatal(err)
	}
	if report.Failure != "" {
		t.Fatalf("failure %q", report.Failure)
	}
	return report
}

func TestFindings(t *testing.T) {
	text := exchange(1, "opened") + "{\n"
	var got []string
	for _, f := range run(t, strings.NewReader(text), int64(len(text))).Findings {
		got = append(got, fmt.Sprintf("%s %s line %s %d+%d %s%s %s", f.Kind, f.Value, f.Details["line"], f.Offset, f.Length, f.Details["origin"], f.Details["records"], f.Details["result"]))
		if start, err := strconv.Atoi(f.Details["text_offset"]); err == nil {
			size, _ := strconv.Atoi(f.Details["size"])
			if quoted := text[start : start+size]; quoted != f.Value {
				t.Errorf("text_offset of %q quotes %q", f.Value, quoted)
			}
		}
	}
	lines := strings.SplitAfter(text, "\n")
	at := func(i int) string {
		return fmt.Sprintf("%d+%d", len(strings.Join(lines[:i-1], "")), len(lines[i-1])-1)
	}
	want := []string{
		fmt.Sprintf("agent-log claude-code line  0+%d 4 ", len(text)),
		"agent-record-bad not JSON: the JSON value does not end: it is cut off, at byte 1 of the line line 4 " + at(4) + "  ",
		"agent-session s-1 line 1 " + at(1) + "  ",
		"agent-turn open account 1 line 1 " + at(1) + " human ",
		`agent-act {"command":"open 1"} line 2 ` + at(2) + " agent opened",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestMoreThanIsKeptIsCounted(t *testing.T) {
	const n = analyze.DefaultMaxFindings
	var b strings.Builder
	for i := range n {
		b.WriteString(exchange(i, "opened"))
	}
	findings := run(t, strings.NewReader(b.String()), int64(b.Len())).Findings
	first, last := findings[0], findings[len(findings)-1]
	if last.Kind != analyze.KindTruncated {
		t.Errorf("the last is %+v", last)
	}
	for name, want := range map[string]string{"records": strconv.Itoa(3 * n), "read": strconv.Itoa(3 * n), "turns_human": strconv.Itoa(n), "acts": strconv.Itoa(n), "results": strconv.Itoa(n), "left_out": strconv.Itoa(n)} {
		if first.Details[name] != want {
			t.Errorf("%s %s, want %s", name, first.Details[name], want)
		}
	}
}

func TestWhatIsNoLogIsLeftAlone(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "", "text": "Dear Sir,\n\nplease.", "JSON": `{"a":[1,2,3]}`, "lines of JSON": "{\"level\":\"info\",\"msg\":\"started\"}\n{\"level\":\"info\",\"msg\":\"stopped\"}\n",
		"bytes": strings.Repeat("\x00\xff\x1b", 4096), "half a magic number": "\x28\xb5\x2f\xfd", "a magic number and more": "\x28\xb5\x2f\xfd" + strings.Repeat("x", 300),
		"users": `[{"type":"user","name":"a"},{"type":"user","name":"b"}]`, "events": "{\"type\":\"message\",\"data\":{}}\n{\"type\":\"user\",\"id\":1}\n",
		"an API answer": `{"id":"x","object":"list","data":[{"id":"m","type":"message","role":"user"}]}`,
	} {
		if found := run(t, strings.NewReader(text), int64(len(text))).Findings; len(found) != 0 {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

func TestStoresThatAreNotReadSaySo(t *testing.T) {
	for name, text := range map[string]string{
		"User/globalStorage/state.vscdb":                                       "SQLite format 3\x00rest",
		".codeium/windsurf/cascade/0f.pb":                                      "\x8a\x01\x02",
		`C:\Users\x\.codeium\windsurf\cascade\0f.pb`:                           "\x8a\x01\x02",
		"Application Support/com.openai.chat/conversations-v2-ab/1234-cd.data": "\x00\x01",
	} {
		log, err := formats.Analyzer().Read(t.Context(), &session.Source{Reader: strings.NewReader(text), Name: name, Size: int64(len(text))}, 10)
		if err != nil || log == nil || log.Account.Bad != 1 || !strings.Contains(log.Account.Bads[0].Reason, "recognised, not readable: ") {
			t.Errorf("%s: %+v, %v", name, log, err)
		}
	}
	if log, err := formats.Analyzer().Read(t.Context(), &session.Source{Reader: strings.NewReader("text"), Name: "state.vscdb"}, 10); err != nil || log != nil {
		t.Errorf("a text of that name: %+v, %v", log, err)
	}
}

func TestReadingFails(t *testing.T) {
	broken := errors.New("broken")
	text := exchange(1, "opened")
	for _, at := range []int{0, 10, len(text)} {
		_, err := formats.Analyzer().Read(t.Context(), &session.Source{Reader: io.MultiReader(strings.NewReader(text[:at]), iotest.ErrReader(broken))}, 10)
		if !errors.Is(err, broken) {
			t.Errorf("after %d bytes: %v", at, err)
		}
	}
}

// repeated is a stream of a text again and again, without its being held.
type repeated struct {
	text string
	left int64
	at   int
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(int64(len(p)), r.left)], r.text[r.at:])
	r.at = (r.at + n) % len(r.text)
	r.left -= int64(n)
	return n, nil
}

// peak watches the heap while do runs, and returns its greatest size in MiB.
func peak(do func()) uint64 {
	runtime.GC()
	var stop atomic.Bool
	greatest := make(chan uint64)
	go func() {
		var m runtime.MemStats
		var most uint64
		for !stop.Load() {
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
			time.Sleep(5 * time.Millisecond)
		}
		greatest <- most
	}()
	do()
	stop.Store(true)
	return <-greatest >> 20
}

func TestMemoryIsBounded(t *testing.T) {
	wide := exchange(1, strings.Repeat("x", 20<<20))
	hostile := `{"type":"user","uuid":"u1","timestamp":"2026-06-01T10:00:00.000Z","sessionId":"s-1","message":{"content":"<<<<<<<<"}}` + "\n"
	for name, content := range map[string]io.Reader{
		"lines of 20 MiB":           &repeated{text: wide, left: 72 << 20},
		"one line of all":           io.MultiReader(strings.NewReader(exchange(1, "x")), &repeated{text: strings.Repeat("y", 4096), left: 72 << 20}),
		"many short lines":          &repeated{text: hostile, left: 16 << 20},
		"lines of values":           io.MultiReader(strings.NewReader(exchange(1, "x")), &repeated{text: "[" + strings.Repeat("[],", 1<<20) + "[]]\n", left: 24 << 20}),
		"lines that nest and break": io.MultiReader(strings.NewReader(exchange(1, "x")), &repeated{text: strings.Repeat("[", 1<<20) + "\n", left: 24 << 20}),
	} {
		used := peak(func() {
			if _, err := formats.Analyzer().Read(t.Context(), &session.Source{Reader: content}, analyze.DefaultMaxFindings); err != nil {
				t.Error(err)
			}
		})
		if used > 256 {
			t.Errorf("%s took %d MiB", name, used)
		}
		t.Logf("%s took %d MiB", name, used)
	}
}

func BenchmarkRead(b *testing.B) {
	var text bytes.Buffer
	for i := range 20_000 {
		text.WriteString(exchange(i, strings.Repeat(`a line of output of some length\n`, 20+i%200)))
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if _, err := formats.Analyzer().Read(b.Context(), &session.Source{Reader: bytes.NewReader(text.Bytes())}, analyze.DefaultMaxFindings); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDigest(b *testing.B) {
	text := make([]byte, 64<<20)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		evidence.Sum(text)
	}
}
