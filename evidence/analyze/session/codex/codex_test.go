package codex_test

import (
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/sealcase/sealcase/evidence/analyze/session/codex"
	"github.com/sealcase/sealcase/evidence/analyze/session/sessiontest"
)

// parent is a rollout made for this test.
func parent() string {
	return strings.Join([]string{
		`{"timestamp":"2026-06-01T10:00:00.000Z","type":"session_meta","payload":{"id":"019e0000-0000-7000-8000-000000000001","cwd":"/home/synthetic","cli_version":"0.147.0","originator":"codex-tui","model_provider":"openai","git":{"branch":"main","commit_hash":"c0ffee"},"base_instructions":{"text":"You are an agent."}}}`,
		`{"timestamp":"2026-06-01T10:00:01.000Z","type":"event_msg","payload":{"type":"task_started","turn_id":"019e0000-0001-7000-8000-00000000000a","started_at":1780308001}}`,
		`{"timestamp":"2026-06-01T10:00:01.100Z","type":"response_item","payload":{"type":"message","role":"user","content":[{"type":"input_text","text":"# AGENTS.md instructions for /home/synthetic"},{"type":"input_text","text":"<environment_context>x</environment_context>"}]}}`,
		`{"timestamp":"2026-06-01T10:00:01.200Z","type":"turn_context","payload":{"turn_id":"019e0000-0001-7000-8000-00000000000a","model":"gpt-synthetic","approval_policy":"never","sandbox_policy":{"type":"danger-full-access"},"timezone":"Europe/Berlin"}}`,
		`{"timestamp":"2026-06-01T10:00:01.300Z","type":"response_item","payload":{"type":"message","role":"user","content":[{"type":"input_text","text":"list the payroll"}]}}`,
		`{"timestamp":"2026-06-01T10:00:01.400Z","type":"event_msg","payload":{"type":"user_message","message":"list the payroll"}}`,
		`{"timestamp":"2026-06-01T10:00:02.000Z","type":"response_item","payload":{"type":"reasoning","summary":[],"encrypted_content":"gAAA"}}`,
		`{"timestamp":"2026-06-01T10:00:03.000Z","type":"response_item","payload":{"type":"function_call","name":"shell","arguments":"{\"command\":[\"ls\"]}","call_id":"c1"}}`,
		`{"timestamp":"2026-06-01T10:00:04.000Z","type":"response_item","payload":{"type":"function_call_output","call_id":"c1","output":"Exit code: 2\nno such file"}}`,
		`{"timestamp":"2026-06-01T10:00:05.000Z","type":"response_item","payload":{"type":"message","role":"assistant","content":[{"type":"output_text","text":"There is none."}]}}`,
		`{"timestamp":"2026-06-01T10:00:05.100Z","type":"event_msg","payload":{"type":"agent_message","message":"There is none."}}`,
	}, "\n") + "\n"
}

// fork is a rollout that was forked from parent 29 seconds later, with the records
// of the parent at the time of the copying.
func fork() string {
	const copied = "2026-06-01T10:00:34.000Z"
	lines := strings.SplitAfter(strings.TrimSuffix(parent(), "\n"), "\n")
	text := `{"timestamp":"` + copied + `","type":"session_meta","payload":{"id":"019e0000-0009-7000-8000-000000000002","forked_from_id":"019e0000-0000-7000-8000-000000000001","cwd":"/home/synthetic","cli_version":"0.147.0"}}` + "\n"
	for _, line := range lines {
		text += `{"timestamp":"` + copied + line[len(`{"timestamp":"`)+len(copied):]
	}
	return text + "\n" + strings.Join([]string{
		`{"timestamp":"2026-06-01T10:01:00.000Z","type":"event_msg","payload":{"type":"task_started","turn_id":"019e0000-000a-7000-8000-00000000000b","started_at":1780308060}}`,
		`{"timestamp":"2026-06-01T10:01:01.000Z","type":"event_msg","payload":{"type":"user_message","message":"now send it"}}`,
		`{"timestamp":"2026-06-01T10:01:02.000Z","type":"event_msg","payload":{"type":"thread_rolled_back","num_turns":1}}`,
	}, "\n") + "\n"
}

func TestRollout(t *testing.T) {
	text := parent()
	log := sessiontest.Read(t, codex.Format(), text)
	sessiontest.Account(t, log, 10, 1, 0)
	sessiontest.Diff(t, log, text,
		`1 injected instruction "You are an agent." by session_meta.base_instructions`,
		`3 injected instruction "# AGENTS.md instructions for /home/synthetic" by role=user, text begins # AGENTS.md instructions`,
		`3 injected context "<environment_context>x</environment_context>" by role=user, text begins <environment_context>`,
		`5 human message "list the payroll" by event_msg.user_message again on 6`,
		`8 act shell {"command":["ls"]} failed "Exit code: 2\nno such file"`,
		`10 agent message "There is none." by event_msg.agent_message again on 11`,
	)
}

func TestForkPutsNoTimeOfCopyingOnTheTimeline(t *testing.T) {
	text := fork()
	log := sessiontest.Read(t, codex.Format(), text)
	if len(log.Sessions) != 1 {
		t.Fatalf("%d sessions", len(log.Sessions))
	}
	s := log.Sessions[0]
	if s.Fork != "019e0000-0000-7000-8000-000000000001" || s.Last.UTC() != "2026-06-01T10:01:02.000Z" {
		t.Errorf("forked from %s, last %s", s.Fork, s.Last.UTC())
	}
	told := sessiontest.Told(t, log, text)
	if last := told[len(told)-2]; last != `14 human message [rewound] "now send it" by event_msg.user_message` {
		t.Errorf("told %q", last)
	}
	known := 0
	for _, line := range told[:len(told)-2] {
		if !strings.HasPrefix(line, "2 ") {
			known++
		}
	}
	if known == 0 {
		t.Error("nothing of the parent is there")
	}
	for turn := range turnsOf(t, text) {
		if turn.line > 1 && turn.line < 13 && turn.utc != "" {
			t.Errorf("line %d, a copy, has the time %s", turn.line, turn.utc)
		}
	}
}

type turn struct {
	line int64
	utc  string
}

func turnsOf(t *testing.T, text string) map[turn]bool {
	all := map[turn]bool{}
	for _, s := range sessiontest.Read(t, codex.Format(), text).Sessions {
		for _, i := range sessiontest.Items(s) {
			all[turn{i.Line, i.UTC}] = true
		}
	}
	return all
}

func TestParentAndForkInOneFileAreToldOnce(t *testing.T) {
	text := parent() + fork()
	log := sessiontest.Read(t, codex.Format(), text)
	total := log.Total()
	if total.Turns["human"] != 2 || total.Copied["human"] != 1 || total.Acts != 1 || total.CopiedActs != 1 {
		t.Errorf("counts %+v", total)
	}
	for _, line := range sessiontest.Told(t, log, text) {
		if strings.Contains(line, "list the payroll") && !strings.HasSuffix(line, "again on 6,17,18") {
			t.Errorf("a copy's place is missing: %s", line)
		}
	}
}

func TestCompressed(t *testing.T) {
	e, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	packed := string(e.EncodeAll([]byte(parent()), nil))
	log := sessiontest.Read(t, codex.Format(), packed)
	sessiontest.Account(t, log, 10, 1, 0)
	if !log.Unpacked {
		t.Error("nothing says that offsets count in the decompressed log")
	}
}

func TestEveryCutIsAccountedFor(t *testing.T) {
	sessiontest.Truncated(t, codex.Format(), parent()+fork(), sessiontest.Lines)
}

func FuzzRead(f *testing.F) {
	sessiontest.Fuzz(f, codex.Format(), sessiontest.Lines, parent(), fork())
}
