package documents

import (
	"context"
	"strconv"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// sweAgent is the .traj of SWE-agent: steps of thought, action and observation.
// What the agent was told is in history, which repeats the steps otherwise. There
// are no times. SWE-agent/SWE-agent sweagent/types.py
func sweAgent() session.Format {
	return session.Format{Name: "swe-agent", Product: "SWE-agent", Known: "to 1.1", Detect: func(h session.Head) int {
		root := h.Document()
		if step := root.Get("trajectory").First(); step.Get("action").Exists() && (step.Get("observation").Exists() || step.Get("response").Exists() || step.Get("thought").Exists()) {
			return 95
		}
		return 0
	}, Read: func(ctx context.Context, src *session.Source, b *session.Builder) error {
		r := &sweAgentReader{b: b}
		return session.EachValue(ctx, src, b, func(path []string) (rawjson.Action, bool) {
			switch {
			case len(path) == 0, len(path) == 1 && (path[0] == "trajectory" || path[0] == "history"):
				return rawjson.Descend, false
			case len(path) == 2:
				return rawjson.Take, path[0] == "trajectory"
			default:
				return rawjson.Take, false
			}
		}, r.value, nil)
	}}
}

type sweAgentReader struct {
	b        *session.Builder
	steps    int
	answered bool // the history has come to the agent's first answer
}

func (r *sweAgentReader) value(path []string, v rawjson.Value, at session.Place) session.Verdict {
	s := r.b.Session("", at)
	switch path[0] {
	case "trajectory":
		r.step(s, v, at)
	case "history":
		r.history(s, v, at)
	case "environment":
		s.Facts.Machines.AddValue(v)
	case "info":
		s.Facts.Versions.AddValue(v.Get("swe_agent_version"))
		if exit := session.Name(v.Get("exit_status")); exit != "" {
			s.Facts.Notes.Add("exit status " + exit)
		}
	}
	return session.Read()
}

func (r *sweAgentReader) step(s *session.Session, v rawjson.Value, at session.Place) {
	r.steps++
	m := blocks.Message{ID: "step " + strconv.Itoa(r.steps), Place: at}
	said := v.Get("response")
	if said.Empty() {
		said = v.Get("thought")
	}
	blocks.Say(r.b, s, m, said, session.Agent, "trajectory.response", session.Message)
	if v.Get("action").Empty() {
		return
	}
	r.b.Act(s, session.Act{ID: m.ID, Record: m.ID, Place: at, Tool: "shell", Arguments: r.b.Text(v.Get("action"), at, session.MaxText)})
	if observed := v.Get("observation"); observed.Exists() {
		r.b.Result(s, session.Result{Call: m.ID, Record: m.ID, Place: at, Text: r.b.Text(observed, at, session.MaxAnswer), Outcome: session.Done, By: "trajectory.observation"})
	}
}

// history adds what stands before the agent's first answer: its instructions, and
// the task, of which nothing says whether a person wrote it.
func (r *sweAgentReader) history(s *session.Session, v rawjson.Value, at session.Place) {
	m := blocks.Message{Place: at}
	text := blocks.Said(v.Get("content"))
	switch role := v.Get("role").Text(); {
	case role == "assistant":
		r.answered = r.answered || !v.Get("is_demo").True()
	case r.answered:
	case role == "system" || v.Get("is_demo").True():
		blocks.Say(r.b, s, m, text, session.Injected, "history.role="+role, session.Instruction)
	default:
		blocks.Say(r.b, s, m, text, session.Unknown, "history.role="+role+": a person or a program gave the task", session.Message)
	}
}
