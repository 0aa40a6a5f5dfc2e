package agents_test

import (
	"slices"
	"testing"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/agents"
	"github.com/sealcase/sealcase/evidence/analyze/session/sessiontest"
)

// logs are synthetic: made for these tests from what is known of each format.
func logs() []struct {
	format, text string
	other        int
	want         []string
} {
	return []struct {
		format, text string
		other        int
		want         []string
	}{
		{"pi", `{"type":"session","version":3,"id":"p","timestamp":"2026-06-01T10:00:00Z","cwd":"/home/synthetic"}
{"type":"message","id":"1","parentId":null,"timestamp":"2026-06-01T10:00:01Z","message":{"role":"user","content":[{"type":"text","text":"pay"}]}}
{"type":"message","id":"2","parentId":"1","timestamp":"2026-06-01T10:00:02Z","message":{"role":"assistant","model":"m","content":[{"type":"toolCall","id":"t","name":"bash","arguments":{"c":"id"}}]}}
{"type":"message","id":"3","parentId":"2","timestamp":"2026-06-01T10:00:03Z","message":{"role":"toolResult","toolCallId":"t","content":[{"type":"text","text":"root"}],"isError":false}}
{"type":"message","id":"4","parentId":"1","timestamp":"2026-06-01T10:00:04Z","message":{"role":"bashExecution","command":"ls","output":"a"}}
{"type":"label","id":"5","parentId":"4","timestamp":"2026-06-01T10:00:05Z"}
`, 1, []string{
			`2 human message "pay" by message.role=user`, `3 act bash [unselected] {"c":"id"} done "root"`,
			`5 human command "ls" by message.role=bashExecution`, `5 tool message "a" by message.role=bashExecution`,
		}},
		{"droid", `{"type":"session_start","id":"d","title":"T","cwd":"/home/synthetic","version":"0.81.0"}
{"type":"message","id":"1","parentId":"d","timestamp":"2026-06-01T10:00:01Z","message":{"role":"user","content":[{"type":"text","text":"<system-reminder>x"},{"type":"text","text":"pay"}]}}
{"type":"message","id":"2","parentId":"1","timestamp":"2026-06-01T10:00:02Z","message":{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"Execute","input":{"c":"id"}}]}}
{"type":"message","id":"3","parentId":"2","timestamp":"2026-06-01T10:00:03Z","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"root"}]}}
{"type":"todo_state","id":"4"}
`, 1, []string{
			`2 injected context "<system-reminder>x" by role=user, text begins <system-reminder>`, `2 human message "pay" by role=user, without tool_result`, `3 act Execute {"c":"id"} done "root"`,
		}},
		{"kiro-cli", `{"version":"v1","kind":"Prompt","data":{"message_id":"1","content":[{"kind":"text","data":"pay"}],"meta":{"timestamp":1780308000}}}
{"version":"v1","kind":"AssistantMessage","data":{"message_id":"2","content":[{"kind":"text","data":""},{"kind":"toolUse","data":{"toolUseId":"t","name":"write","input":{"p":1}}}]}}
{"version":"v1","kind":"ToolResults","data":{"message_id":"3","content":[{"kind":"toolResult","data":{"toolUseId":"t","content":[{"kind":"text","data":"no"}],"status":"error"}}]}}
`, 0, []string{`1 human message "pay" by kind=Prompt`, `2 act write {"p":1} failed "no"`}},
		{"mistral-vibe", `{"role":"user","content":"You continue.","injected":true,"message_id":"1"}
{"role":"user","content":"pay","injected":false,"message_id":"2"}
{"role":"assistant","content":"","message_id":"3","reasoning_content":"hm","tool_calls":[{"id":"t","function":{"name":"bash","arguments":"{\"c\":1}"}}]}
{"role":"tool","content":"root","tool_call_id":"t","name":"bash","injected":false}
`, 0, []string{
			`1 injected context "You continue." by injected`, `2 human message "pay" by role=user, without a mark of the program`,
			`3 agent thinking "hm" by role=assistant`, `3 act bash {"c":1} done "root"`,
		}},
		{"hermes", `{"role":"user","content":"pay","tool_calls":"","tool_call_id":"","tool_name":"","finish_reason":"","display_kind":"","timestamp":"2026-06-01T10:00:01Z","_model":"m"}
{"role":"assistant","content":"","tool_calls":"[{\"id\":\"t\",\"function\":{\"name\":\"terminal\",\"arguments\":\"{}\"}}]","tool_call_id":"","finish_reason":"tool_calls","display_kind":"","timestamp":"2026-06-01T10:00:02Z"}
{"role":"tool","content":"root","tool_calls":"","tool_call_id":"t","finish_reason":"","display_kind":"","timestamp":"2026-06-01T10:00:03Z"}
`, 0, []string{`1 human message "pay" by role=user, without a mark of the program`, `2 act terminal {} done "root"`}},
		{"grok", `{"type":"system","content":"You are an agent."}
{"type":"user","content":[{"type":"text","text":"env"}],"synthetic_reason":"project"}
{"type":"user","content":[{"type":"text","text":"pay"}]}
{"type":"assistant","content":"so","tool_calls":[],"model_id":"m"}
`, 0, []string{
			`1 injected instruction "You are an agent." by type=system`, `2 injected context "env" by synthetic_reason=project`,
			`3 human message "pay" by type=user, without a mark of the program`, `4 agent message "so" by type=assistant`,
		}},
		{"gptme", `{"role":"system","content":"You are an agent.","timestamp":"2026-06-01T10:00:00.000000","pinned":true}
{"role":"user","content":"pay","timestamp":"2026-06-01T10:00:01.000000"}
{"role":"tool","content":"root","timestamp":"2026-06-01T10:00:02.000000"}
`, 0, []string{
			`1 injected instruction "You are an agent." by role=system`, `2 human message "pay" by role=user, without a mark of the program`, `3 act done "root"`,
		}},
		{"opencode", `{"type":"text","text":"pay","_role":"user","_ts":1780308000000,"_model":"m"}
{"type":"text","text":"file","synthetic":true,"_role":"user","_ts":1780308000000}
{"type":"tool","tool":"bash","callID":"t","state":{"status":"completed","input":{"c":1},"output":"root","time":{"start":1780308001000,"end":1780308002000}},"_role":"assistant","_ts":1780308001000}
{"type":"step-finish","_role":"assistant","_ts":1780308003000}
`, 1, []string{
			`1 human message "pay" by role=user, neither synthetic nor ignored`, `2 injected context "file" by synthetic or ignored`, `3 act bash {"c":1} done "root"`,
		}},
		{"antigravity", `{"step_index":0,"source":"USER_EXPLICIT","type":"USER_INPUT","status":"DONE","created_at":"2026-06-01T10:00:00Z","content":"<USER_REQUEST>\npay\n</USER_REQUEST>\n<ADDITIONAL_METADATA>x"}
{"step_index":1,"source":"SYSTEM","type":"EPHEMERAL_MESSAGE","created_at":"2026-06-01T10:00:00Z","content":"remember"}
{"step_index":2,"source":"MODEL","type":"PLANNER_RESPONSE","created_at":"2026-06-01T10:00:01Z","tool_calls":[{"name":"run_command","args":{"c":1}}]}
{"step_index":3,"source":"MODEL","type":"RUN_COMMAND","created_at":"2026-06-01T10:00:02Z","content":"root"}
{"step_index":4,"source":"SYSTEM","type":"CONVERSATION_HISTORY"}
`, 1, []string{
			`1 human message "pay" by source=USER_EXPLICIT, in <USER_REQUEST>`, `1 injected context "\n<ADDITIONAL_METADATA>x" by source=USER_EXPLICIT, behind </USER_REQUEST>`,
			`2 injected context "remember" by source=SYSTEM, type=EPHEMERAL_MESSAGE`, `3 act run_command {"c":1} open ""`, `4 tool message "root" by source=MODEL, type=RUN_COMMAND`,
		}},
		{"qwen", `{"uuid":"1","parentUuid":null,"sessionId":"q","timestamp":"2026-06-01T10:00:00Z","type":"user","message":{"role":"user","parts":[{"text":"pay"}]}}
{"uuid":"2","parentUuid":"1","sessionId":"q","timestamp":"2026-06-01T10:00:01Z","type":"assistant","model":"m","message":{"role":"model","parts":[{"text":"left"}]}}
{"uuid":"3","parentUuid":"1","sessionId":"q","timestamp":"2026-06-01T10:00:02Z","type":"system","subtype":"rewind","systemPayload":{"targetUuid":"1"}}
{"uuid":"4","parentUuid":"3","sessionId":"q","timestamp":"2026-06-01T10:00:03Z","type":"assistant","message":{"role":"model","parts":[{"functionCall":{"id":"t","name":"shell","args":{"c":1}}}]}}
{"uuid":"5","parentUuid":"4","sessionId":"q","timestamp":"2026-06-01T10:00:04Z","type":"tool_result","message":{"role":"user","parts":[{"functionResponse":{"id":"t","response":{"output":"root"}}}]}}
`, 1, []string{`1 human message "pay" by type=user`, `2 agent message [unselected] "left" by type=assistant`, `4 act shell {"c":1} done "root"`}},
		{"kimi", `{"type":"metadata","protocol_version":"1.4","created_at":1780308000000}
{"type":"turn.prompt","input":[{"type":"text","text":"pay"}],"origin":{"kind":"user"},"time":1780308001000}
{"type":"turn.prompt","input":[{"type":"text","text":"do it"}],"origin":{"kind":"system_trigger"},"time":1780308001000}
{"type":"context.append_message","message":{"role":"user","content":[{"type":"text","text":"pay"}],"origin":{"kind":"user"}},"time":1780308001000}
{"type":"context.append_loop_event","event":{"type":"tool.call","toolCallId":"t","name":"Bash","args":{"c":1}},"time":1780308002000}
{"type":"context.append_loop_event","event":{"type":"tool.result","toolCallId":"t","result":{"output":"root"}},"time":1780308003000}
{"type":"turn.steer","input":[{"type":"text","text":"stop"}],"origin":{"kind":"user"},"time":1780308004000}
`, 1, []string{
			`2 human message "pay" by turn.prompt.origin.kind=user`, `3 injected context "do it" by turn.prompt.origin.kind=system_trigger`,
			`5 act Bash {"c":1} done "root"`, `7 human message "stop" by turn.steer.origin.kind=user`,
		}},
		{"cursor", `{"role":"user","message":{"content":[{"type":"text","text":"<open_files>a</open_files>\n<user_query>\npay\n</user_query>"}]}}
{"role":"assistant","message":{"content":[{"type":"tool_use","name":"Shell","input":{"c":1}}]}}
`, 0, []string{
			`1 injected context "<open_files>a</open_files>\n" by role=user, before <user_query>`, `1 human message "pay" by role=user, in <user_query>`, `2 act Shell {"c":1} open ""`,
		}},
		{"chat-messages", `{"role":"user","content":"pay"}
{"role":"assistant","content":"so"}
`, 0, []string{`1 human message "pay" by role=user, without a mark of the program`, `2 agent message "so" by role=assistant`}},
	}
}

func formatOf(t testing.TB, name string) session.Format {
	all := agents.Formats()
	i := slices.IndexFunc(all, func(f session.Format) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("there is no format %s", name)
	}
	return all[i]
}

func TestLogs(t *testing.T) {
	for _, tc := range logs() {
		t.Run(tc.format, func(t *testing.T) {
			log, err := session.Analyzer{Formats: agents.Formats()}.Read(t.Context(), &session.Source{Reader: sessiontest.Reader(tc.text)}, 100)
			if err != nil || log == nil || log.Format != tc.format {
				t.Fatalf("recognised as %+v, %v", log, err)
			}
			sessiontest.Account(t, log, sessiontest.Lines(tc.text)-tc.other, tc.other, 0)
			sessiontest.Diff(t, log, tc.text, tc.want...)
		})
	}
}

func TestEveryFormatHasALog(t *testing.T) {
	for _, f := range agents.Formats() {
		if !slices.ContainsFunc(logs(), func(l struct {
			format, text string
			other        int
			want         []string
		}) bool {
			return l.format == f.Name
		}) {
			t.Errorf("%s has no test", f.Name)
		}
	}
}

func TestEveryCutIsAccountedFor(t *testing.T) {
	for _, tc := range logs() {
		sessiontest.Truncated(t, formatOf(t, tc.format), tc.text, sessiontest.Lines)
	}
}

func FuzzRead(f *testing.F) {
	for i, tc := range logs() {
		f.Add(uint8(i), []byte(tc.text))
	}
	f.Fuzz(func(t *testing.T, which uint8, raw []byte) {
		formats := agents.Formats()
		sessiontest.Check(t, formats[int(which)%len(formats)], sessiontest.Lines, raw)
	})
}
