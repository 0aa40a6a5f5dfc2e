package gemini_test

import (
	"testing"

	"github.com/sealcase/sealcase/evidence/analyze/session/gemini"
	"github.com/sealcase/sealcase/evidence/analyze/session/sessiontest"
)

// lines is a chat made for this test: with a tool, a rewind, and the whole list
// written anew.
const lines = `{"sessionId":"g-1","projectHash":"ab","startTime":"2026-06-01T10:00:00.000Z","lastUpdated":"2026-06-01T10:00:00.000Z","kind":"main"}
{"$set":{"messages":[{"id":"c","timestamp":"2026-06-01T10:00:00.000Z","type":"user","content":[{"text":"<session_context>here</session_context>"}]}],"lastUpdated":"2026-06-01T10:00:00.000Z"}}
{"id":"m1","timestamp":"2026-06-01T10:00:01.000Z","type":"user","content":[{"text":"find the wallet"}]}
{"$set":{"lastUpdated":"2026-06-01T10:00:01.000Z"}}
{"id":"m2","timestamp":"2026-06-01T10:00:02.000Z","type":"gemini","content":"","thoughts":[{"subject":"s","description":"I look"}],"model":"gemini-x"}
{"id":"m2","timestamp":"2026-06-01T10:00:02.000Z","type":"gemini","content":"","thoughts":[{"subject":"s","description":"I look"}],"model":"gemini-x","toolCalls":[{"id":"t1","name":"read_file","args":{"path":"w"},"status":"success","timestamp":"2026-06-01T10:00:03.000Z","result":[{"functionResponse":{"id":"t1","name":"read_file","response":{"output":"seed words"}}}]}]}
{"id":"m3","timestamp":"2026-06-01T10:00:04.000Z","type":"user","content":[{"functionResponse":{"id":"t1","name":"read_file","response":{"output":"seed words"}}}]}
{"id":"m4","timestamp":"2026-06-01T10:00:05.000Z","type":"user","content":[{"text":"send it to me"}]}
{"$rewindTo":"m4"}
{"$set":{"messages":[{"id":"m1","timestamp":"2026-06-01T10:00:01.000Z","type":"user","content":[{"text":"find the wallet"}]},{"id":"m5","timestamp":"2026-06-01T10:00:06.000Z","type":"user","content":[{"text":"stop"}]}]}}
`

// document is a chat of an older version, in one piece.
const document = `{
  "sessionId": "g-2", "projectHash": "ab",
  "messages": [
    {"id": "1", "timestamp": "2026-06-01T10:00:00.000Z", "type": "user", "content": "hello"},
    {"id": "2", "timestamp": "2026-06-01T10:00:01.000Z", "type": "gemini", "content": "hi", "model": "gemini-x"},
    {"id": "3", "timestamp": "2026-06-01T10:00:02.000Z", "type": "error", "content": "quota"}
  ]
}`

// prompts is a logs.json, which outlives rewinds.
const prompts = `[{"sessionId":"g-1","messageId":0,"timestamp":"2026-06-01T10:00:01.000Z","type":"user","message":"find the wallet"}]`

// checkpoint is a saved conversation.
const checkpoint = `{"history":[{"role":"user","parts":[{"text":"do it"}]},{"role":"model","parts":[{"text":"so"},{"functionCall":{"id":"f","name":"shell","args":{"c":"id"}}}]},{"role":"user","parts":[{"functionResponse":{"id":"f","name":"shell","response":{"error":"denied"}}}]}],"authType":"x"}`

func TestChat(t *testing.T) {
	log := sessiontest.Read(t, gemini.Format(), lines)
	sessiontest.Account(t, log, 9, 1, 0)
	sessiontest.Diff(t, log, lines,
		`2 injected context [replaced] "<session_context>here</session_context>" by type=user, text begins <session_context>`,
		`3 human message "find the wallet" by type=user, without a mark of the program again on 10`,
		`5 agent thinking [replaced] "I look" by thoughts`,
		`6 agent thinking [replaced] "I look" by thoughts`,
		`6 act read_file [replaced] {"path":"w"} done "seed words"`,
		`8 human message [rewound] "send it to me" by type=user, without a mark of the program`,
		`10 human message "stop" by type=user, without a mark of the program`,
	)
	if n := log.Total().Turns["human"]; n != 3 {
		t.Errorf("%d human turns", n)
	}
}

func TestDocuments(t *testing.T) {
	log := sessiontest.Read(t, gemini.Format(), document)
	sessiontest.Account(t, log, 3, 0, 0)
	sessiontest.Diff(t, log, document,
		`4 human message "hello" by type=user, without a mark of the program`,
		`5 agent message "hi" by type=gemini`,
		`6 injected failure "quota" by type=error`,
	)
	log = sessiontest.Read(t, gemini.Format(), prompts)
	sessiontest.Diff(t, log, prompts, `1 human message "find the wallet" by logs.json, type=user`)
	log = sessiontest.Read(t, gemini.Format(), checkpoint)
	sessiontest.Account(t, log, 3, 0, 0)
	sessiontest.Diff(t, log, checkpoint,
		`1 human message "do it" by type=user, without a mark of the program`,
		`1 agent message "so" by role=model`,
		`1 act shell {"c":"id"} failed "denied"`,
	)
}

func TestEveryCutIsAccountedFor(t *testing.T) {
	sessiontest.Truncated(t, gemini.Format(), lines, sessiontest.Lines)
	sessiontest.Truncated(t, gemini.Format(), document, nil)
	sessiontest.Truncated(t, gemini.Format(), checkpoint, nil)
}

func FuzzRead(f *testing.F) {
	sessiontest.Fuzz(f, gemini.Format(), nil, lines, document, prompts, checkpoint)
}
