package aider_test

import (
	"testing"

	"github.com/sealcase/sealcase/evidence/analyze/session/aider"
	"github.com/sealcase/sealcase/evidence/analyze/session/sessiontest"
)

// history is a file made for this test.
const history = `
# aider chat started at 2026-06-01 10:00:00

> Aider v0.86.2  
> Model: gpt-synthetic with diff edit format  

#### open the portal  
#### and be quick  

I open it.
` + "```sh\n> not a notice\n```" + `

> Applied edit to a.txt  

#### stop  

# aider chat started at 2026-06-02 11:00:00

#### again  
`

func TestHistory(t *testing.T) {
	log := sessiontest.Read(t, aider.Format(), history)
	sessiontest.Account(t, log, sessiontest.Lines(history), 0, 0)
	sessiontest.Diff(t, log, history,
		`4 tool message "Aider v0.86.2\nModel: gpt-synthetic with diff edit format" by line begins "> "`,
		`7 human message "open the portal\nand be quick" by line begins "#### "`,
		`10 agent message "I open it.\n`+"```"+`sh\n> not a notice\n`+"```"+`" by no mark at the beginning of the line`,
		`15 tool message "Applied edit to a.txt" by line begins "> "`,
		`17 human message "stop" by line begins "#### "`,
		`21 human message "again" by line begins "#### "`,
	)
	if len(log.Sessions) != 2 || log.Sessions[0].First.UTC() != "" || log.Sessions[0].First.Said != "2026-06-01 10:00:00" {
		t.Errorf("sessions %+v: a local time is no instant", log.Sessions)
	}
}

func TestEveryCutIsAccountedFor(t *testing.T) {
	sessiontest.Truncated(t, aider.Format(), history, sessiontest.Lines)
}

func FuzzRead(f *testing.F) { sessiontest.Fuzz(f, aider.Format(), sessiontest.Lines, history) }
