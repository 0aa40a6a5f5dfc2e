package documents_test

import (
	"slices"
	"testing"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/documents"
	"github.com/sealcase/sealcase/evidence/analyze/session/sessiontest"
)

type document struct {
	format, text string
	read, other  int
	sessions     []string
	want         []string
	records      func(string) int
}

// all are synthetic: made for these tests from what is known of each format.
func all() []document {
	return []document{
		{format: "chatgpt-export", text: `[{"title":"T","create_time":1780308000.5,"mapping":{
"r":{"id":"r","parent":null,"children":["1"],"message":null},
"1":{"id":"1","parent":"r","children":["2","3"],"message":{"author":{"role":"user"},"create_time":1780308000.5,"content":{"content_type":"text","parts":["pay"]},"recipient":"all"}},
"2":{"id":"2","parent":"1","children":[],"message":{"author":{"role":"assistant"},"content":{"content_type":"text","parts":["first answer"]},"recipient":"all","metadata":{"model_slug":"m"}}},
"3":{"id":"3","parent":"1","children":["4"],"message":{"author":{"role":"assistant"},"content":{"content_type":"code","text":"search()"},"recipient":"web"}},
"4":{"id":"4","parent":"3","children":["5"],"message":{"author":{"role":"tool","name":"web"},"content":{"content_type":"execution_output","text":"found"}}},
"5":{"id":"5","parent":"4","children":[],"message":{"author":{"role":"user","metadata":{"real_author":"tool:web"}},"content":{"content_type":"text","parts":["page text"]}}}
},"current_node":"5","conversation_id":"c-1"},
{"title":"U","mapping":{"x":{"id":"x","parent":null,"message":{"author":{"role":"user"},"content":{"content_type":"user_editable_context","user_instructions":"be brief"}}}},"current_node":"x","conversation_id":"c-2"}]`,
			read: 6, other: 1, sessions: []string{"c-1", "c-2"}, want: []string{
				`3 human message "pay" by author.role=user`, `4 agent message [unselected] "first answer" by author.role=assistant`,
				`5 act web search() done "found"`, `7 tool message "page text" by author.metadata.real_author=tool:web`,
				`9 injected instruction "be brief" by content_type=user_editable_context or is_user_system_message`,
			}},
		{format: "claude-ai-export", text: `[{"uuid":"c","name":"N","created_at":"2026-06-01T10:00:00Z","account":{"uuid":"acc"},"chat_messages":[
{"uuid":"0","parent_message_uuid":"","sender":"assistant","text":"Hello","created_at":"2026-06-01T10:00:00Z"},
{"uuid":"1","parent_message_uuid":"0","sender":"human","text":"pay","created_at":"2026-06-01T10:00:01Z","attachments":[{"file_name":"f","extracted_content":"list"}]},
{"uuid":"2","parent_message_uuid":"0","sender":"human","text":"pay twice","created_at":"2026-06-01T10:00:02Z"},
{"uuid":"3","parent_message_uuid":"2","sender":"assistant","created_at":"2026-06-01T10:00:03Z","content":[{"type":"tool_use","id":"t","name":"web","input":{"q":1}},{"type":"tool_result","tool_use_id":"t","content":"found","is_error":false}]}
]}]`, read: 4, sessions: []string{"c"}, want: []string{
			`2 agent message "Hello" by sender=assistant`, `3 human message [rewound] "pay" by sender=human`,
			`3 injected context [rewound] "list" by attachments.extracted_content: a file that was given`, `4 human message "pay twice" by sender=human`, `5 act web {"q":1} done "found"`,
		}},
		{format: "cline", text: `{"version":1,"agent":"lead","sessionId":"s","messages":[
{"id":"1","role":"user","ts":1780308000000,"content":[{"type":"text","text":"pay"},{"type":"file","path":"a","content":"list"}]},
{"id":"2","role":"assistant","ts":1780308001000,"modelInfo":{"id":"m","provider":"p"},"content":[{"type":"tool_use","id":"t","name":"run","input":{"c":1}}]},
{"id":"3","role":"user","ts":1780308002000,"content":[{"type":"tool_result","tool_use_id":"t","content":"root"}]}]}`, read: 3, sessions: []string{"s"}, want: []string{
			`2 human message "pay" by role=user, without tool_result`, `2 injected context "list" by content.type=file: a file that was given`, `3 act run {"c":1} done "root"`,
		}},
		{format: "cline", text: `[{"role":"user","content":[{"type":"text","text":"<task>pay</task>"},{"type":"text","text":"<environment_details>x</environment_details>"}]},
{"role":"assistant","content":[{"type":"text","text":"so"}]},
{"role":"user","content":[{"type":"text","text":"[read_file for 'a'] Result:\nlist"}]}]`, read: 3, sessions: []string{"conversation 1"}, want: []string{
			`1 human message "<task>pay</task>" by role=user, without tool_result`, `1 injected context "<environment_details>x</environment_details>" by role=user, text begins <environment_details>`,
			`2 agent message "so" by role=assistant`, `3 tool message "[read_file for 'a'] Result:\nlist" by role=user, text begins [tool] Result:`,
		}},
		{format: "swe-agent", text: `{"environment":"e","trajectory":[
{"action":"ls","observation":"a","response":"I look","thought":"I look"},
{"action":"","observation":"","response":"done"}],
"history":[{"role":"system","content":"You are an agent."},{"role":"user","content":"a demonstration","is_demo":true},{"role":"user","content":"fix it"},{"role":"assistant","content":"I look"},{"role":"user","content":"a"}],"info":{"exit_status":"submitted"}}`,
			read: 2, sessions: []string{""}, want: []string{
				`2 agent message "I look" by trajectory.response`, `2 act shell ls done "a"`, `3 agent message "done" by trajectory.response`,
				`4 injected instruction "You are an agent." by history.role=system`, `4 injected instruction "a demonstration" by history.role=user`,
				`4 unknown message "fix it" by history.role=user: a person or a program gave the task`,
			}},
		{format: "openhands", records: sessiontest.Lines, text: `{"instance_id":"i","instruction":"x","metrics":{},"history":[{"id":0,"timestamp":"2026-06-01T10:00:00.0","source":"user","action":"message","args":{"content":"pay"}},{"id":1,"source":"agent","action":"run","args":{"command":"id"}},{"id":2,"source":"agent","cause":1,"observation":"run","content":"root","extras":{"metadata":{"exit_code":1}}}]}
{"instance_id":"j"}
`, read: 1, other: 1, sessions: []string{"i"}, want: []string{`1 human message "pay" by source=user, action=message`, `1 act run {"command":"id"} failed "root"`}},
		{format: "otlp-genai", records: sessiontest.Lines, text: `{"resourceSpans":[{"resource":{"attributes":[{"key":"host.name","value":{"stringValue":"h"}}]},"scopeSpans":[{"spans":[{"traceId":"t","spanId":"a","name":"chat","startTimeUnixNano":"1780308000000000000","endTimeUnixNano":"1780308001000000000","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},{"key":"gen_ai.input.messages","value":{"stringValue":"[]pay"}}]},{"traceId":"t","spanId":"b","startTimeUnixNano":"1780308001000000000","status":{"code":2,"message":"no"},"attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"execute_tool"}},{"key":"gen_ai.tool.name","value":{"stringValue":"run"}},{"key":"gen_ai.tool.call.arguments","value":{"stringValue":"{}"}}]}]}]}]}
`, read: 1, sessions: []string{"t"}, want: []string{`1 unknown message "[]pay" by gen_ai.input.messages: roles, which do not say whether a person wrote them`, `1 act run {} failed "no"`}},
	}
}

func formatOf(t testing.TB, name string) session.Format {
	formats := documents.Formats()
	i := slices.IndexFunc(formats, func(f session.Format) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("there is no format %s", name)
	}
	return formats[i]
}

func TestDocuments(t *testing.T) {
	for _, tc := range all() {
		t.Run(tc.format, func(t *testing.T) {
			log := sessiontest.Read(t, formatOf(t, tc.format), tc.text)
			sessiontest.Account(t, log, tc.read, tc.other, 0)
			sessiontest.Diff(t, log, tc.text, tc.want...)
			var names []string
			for _, s := range log.Sessions {
				names = append(names, s.ID)
			}
			if !slices.Equal(names, tc.sessions) {
				t.Errorf("sessions %q", names)
			}
		})
	}
}

func TestEveryCutIsAccountedFor(t *testing.T) {
	for _, tc := range all() {
		sessiontest.Truncated(t, formatOf(t, tc.format), tc.text, tc.records)
	}
}

func FuzzRead(f *testing.F) {
	for i, tc := range all() {
		f.Add(uint8(i), []byte(tc.text))
	}
	f.Fuzz(func(t *testing.T, which uint8, raw []byte) {
		formats := documents.Formats()
		format := formats[int(which)%len(formats)]
		var records func(string) int
		if format.Name == "openhands" || format.Name == "otlp-genai" {
			records = sessiontest.Lines
		}
		sessiontest.Check(t, format, records, raw)
	})
}
