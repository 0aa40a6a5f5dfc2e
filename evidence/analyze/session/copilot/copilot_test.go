package copilot_test

import (
	"testing"

	"github.com/sealcase/sealcase/evidence/analyze/session/copilot"
	"github.com/sealcase/sealcase/evidence/analyze/session/sessiontest"
)

// events is a log made for this test.
const events = `{"type":"session.start","data":{"sessionId":"p-1","copilotVersion":"1.0.78","context":{"cwd":"/home/synthetic","branch":"main","headCommit":"c0ffee","repository":"o/r"}},"id":"1","timestamp":"2026-06-01T10:00:00.000Z","parentId":null}
{"type":"session.permissions_changed","data":{"allowAllPermissions":true},"id":"2","timestamp":"2026-06-01T10:00:00.100Z","parentId":"1"}
{"type":"system.message","data":{"content":"You are an agent."},"id":"3","timestamp":"2026-06-01T10:00:00.200Z","parentId":"2"}
{"type":"user.message","data":{"content":"delete the logs","delivery":"idle"},"id":"4","timestamp":"2026-06-01T10:00:01.000Z","parentId":"3"}
{"type":"assistant.message","data":{"model":"gpt-x","content":"I do.","toolRequests":[{"toolCallId":"t1","name":"shell","arguments":{"command":"rm log"}}]},"id":"5","timestamp":"2026-06-01T10:00:02.000Z","parentId":"4"}
{"type":"tool.execution_start","data":{"toolCallId":"t1","toolName":"shell","arguments":{"command":"rm log"}},"id":"6","timestamp":"2026-06-01T10:00:02.100Z","parentId":"5"}
{"type":"tool.execution_complete","data":{"toolCallId":"t1","success":false,"error":{"message":"not allowed","code":"denied"}},"id":"7","timestamp":"2026-06-01T10:00:02.200Z","parentId":"6"}
{"type":"user.message","data":{"content":"go on","isAutopilotContinuation":true},"id":"8","timestamp":"2026-06-01T10:00:03.000Z","parentId":"7"}
{"type":"user.message","data":{"content":"you are a subagent","source":"agent-p-1"},"agentId":"t2","id":"9","timestamp":"2026-06-01T10:00:04.000Z","parentId":"8"}
{"type":"user.message","data":{"content":"wait","delivery":"steering"},"id":"10","timestamp":"2026-06-01T10:00:05.000Z","parentId":"9"}
{"type":"hook.start","data":{},"id":"11","timestamp":"2026-06-01T10:00:06.000Z","parentId":"10"}
`

func TestEvents(t *testing.T) {
	log := sessiontest.Read(t, copilot.Format(), events)
	sessiontest.Account(t, log, 10, 1, 0)
	sessiontest.Diff(t, log, events,
		`3 injected instruction "You are an agent." by type=system.message`,
		`4 human message "delete the logs" by user.message without source, autopilot or agentId`,
		`5 agent message "I do." by type=assistant.message`,
		`5 act shell {"command":"rm log"} refused "not allowed"`,
		`8 injected context "go on" by user.message.isAutopilotContinuation`,
		`9 injected order "you are a subagent" by user.message.source=agent-p-1`,
		`10 human message "wait" by user.message.delivery=steering: typed while the agent was at work`,
	)
}

func TestEveryCutIsAccountedFor(t *testing.T) {
	sessiontest.Truncated(t, copilot.Format(), events, sessiontest.Lines)
}

func FuzzRead(f *testing.F) { sessiontest.Fuzz(f, copilot.Format(), sessiontest.Lines, events) }
