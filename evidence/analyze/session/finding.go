package session

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

// The kinds of findings.
const (
	KindLog     = "agent-log"        // value: the format; one a log, its account
	KindSession = "agent-session"    // value: identifier of the session
	KindTurn    = "agent-turn"       // value: what was said
	KindAct     = "agent-act"        // value: the arguments
	KindBad     = "agent-record-bad" // value: why a record cannot be read
)

// details are those of a finding; empty ones are left out.
type details map[string]string

func (d details) set(name, value string) {
	if value != "" {
		d[name] = value
	}
}

func (d details) count(name string, n int) {
	if n != 0 {
		d[name] = strconv.Itoa(n)
	}
}

// time writes name as the record says it, name_utc where that is an instant.
func (d details) time(name string, t Time) {
	d.set(name, t.Said)
	d.set(name+"_utc", t.UTC())
	d.set(name+"_note", t.Note)
}

func (d details) set3(name string, s Set) { d.set(name, strings.Join(s, "\n")) }

// emitLog states all that a log says.
func emitLog(l *Log, length int64, emit func(evidence.Finding) error) error {
	if err := emit(findingOfLog(l, length)); err != nil {
		return err
	}
	for _, bad := range l.Account.Bads {
		if err := emit(evidence.Finding{Kind: KindBad, Value: bad.Reason, Offset: bad.Place.Offset, Length: bad.Place.Length, Details: lineOf(bad.Place)}); err != nil {
			return err
		}
	}
	for _, s := range l.Sessions {
		if err := emit(findingOfSession(l, s)); err != nil {
			return err
		}
		for _, i := range s.items {
			f := findingOfItem(s, i)
			if l.Unpacked {
				f.Details["unpacked"] = "true"
			}
			if err := emit(f); err != nil {
				return err
			}
		}
	}
	return nil
}

func lineOf(p Place) map[string]string {
	if p.Line == 0 {
		return nil
	}
	return map[string]string{"line": strconv.FormatInt(p.Line, 10)}
}

// findingOfLog has the account of a log: records = read + other + bad.
func findingOfLog(l *Log, length int64) evidence.Finding {
	d := details{
		"product": l.Product,
		"records": strconv.Itoa(l.Account.Records()),
		"read":    strconv.Itoa(l.Account.Read),
		"other":   strconv.Itoa(l.Account.Others()),
		"bad":     strconv.Itoa(l.Account.Bad),
	}
	if len(l.Account.Other) > 0 {
		reasons, err := json.Marshal(l.Account.Other)
		if err == nil {
			d["other_reasons"] = string(reasons)
		}
	}
	d.count("sessions", len(l.Sessions))
	l.Total().details(d)
	d.count("left_out", l.LeftOut)
	d.set("partly", l.Partly)
	if l.Unpacked {
		d["unpacked"] = "true"
	}
	return evidence.Finding{Kind: KindLog, Value: l.Format, Length: length, Count: l.Account.Records(), Details: d}
}

func (c *Counts) add(o Counts) {
	for origin, n := range o.Turns {
		c.Turns[origin] += n
	}
	for origin, n := range o.Copied {
		c.Copied[origin] += n
	}
	c.CopiedActs += o.CopiedActs
	c.CopiedResults += o.CopiedResults
	c.Queued += o.Queued
	c.Acts += o.Acts
	c.Results += o.Results
	c.Orphans += o.Orphans
	c.Refused += o.Refused
	c.Copies += o.Copies
	c.Off += o.Off
}

func (c Counts) details(d details) {
	for _, origin := range slices.Sorted(maps.Keys(c.Turns)) {
		d.count("turns_"+string(origin), c.Turns[origin])
	}
	d.count("turns_human_queued", c.Queued)
	d.count("acts", c.Acts)
	d.count("results", c.Results)
	d.count("results_without_call", c.Orphans)
	d.count("refusals", c.Refused)
	d.count("copies", c.Copies)
	for _, origin := range slices.Sorted(maps.Keys(c.Copied)) {
		d.count("copies_"+string(origin), c.Copied[origin])
	}
	d.count("copies_acts", c.CopiedActs)
	d.count("copies_results", c.CopiedResults)
	d.count("off_branch", c.Off)
}

// findingOfSession has the circumstances and counts of a session. Where there are
// several values, each stands on a line of its own.
func findingOfSession(l *Log, s *Session) evidence.Finding {
	d := details{}
	d.set("format", l.Format)
	d.set("product", l.Product)
	d.set("parent", s.Parent)
	d.set("forked_from", s.Fork)
	d.set("agent", s.Agent)
	f := s.Facts
	for name, values := range map[string]Set{
		"provider": f.Providers, "model": f.Models, "version": f.Versions, "directory": f.Directories, "git_branch": f.GitBranches,
		"git_commit": f.GitCommits, "git_remote": f.GitRemotes, "permission": f.Permissions, "account": f.Accounts, "machine": f.Machines,
		"title": f.Titles, "entrypoint": f.Entrypoints, "subagents": f.ParentOf, "note": f.Notes,
	} {
		d.set3(name, values)
	}
	d.time("first", s.First)
	d.time("last", s.Last)
	s.Counts.details(d)
	d.count("line", int(s.Place.Line))
	value := s.ID
	if value == "" {
		value = "(no identifier)"
	}
	return evidence.Finding{Kind: KindSession, Value: value, Offset: s.Place.Offset, Length: s.Place.Length, Details: d}
}

func findingOfItem(s *Session, i item) evidence.Finding {
	if i.turn != nil {
		return findingOfTurn(s, i.turn)
	}
	return findingOfAct(s, i.act)
}

// findingOfTurn has offset and length of the record; text_offset and size are of
// the text in it.
func findingOfTurn(s *Session, t *Turn) evidence.Finding {
	d := details{"origin": string(t.Origin), "by": t.By, "kind": string(t.Kind)}
	d.set("session", s.ID)
	d.set("id", t.ID)
	d.set("parent", t.Parent)
	d.set("model", t.Model)
	d.set("agent", t.Agent)
	d.set("branch", string(t.Branch))
	d.set("branch_by", t.Why)
	if t.Queued {
		d["queued"] = "true"
	}
	d.time("time", t.Time)
	d.text("", t.Text)
	d.place(t.Place, t.Copies)
	return evidence.Finding{Kind: KindTurn, Value: t.Text.Said, Offset: t.Place.Offset, Length: t.Place.Length, Details: d}
}

func (d details) text(prefix string, t Text) {
	if t.Size > 0 {
		d[prefix+"size"] = strconv.FormatInt(t.Size, 10)
		d[prefix+"text_offset"] = strconv.FormatInt(t.Offset, 10)
	}
	if !t.Whole {
		d[prefix+"cut"] = "true"
	}
}

func (d details) place(p Place, copies []Place) {
	d.count("line", int(p.Line))
	var again []string
	for _, c := range copies {
		again = append(again, fmt.Sprintf("line %d, bytes %d+%d", c.Line, c.Offset, c.Length))
	}
	d.set("copies", strings.Join(again, "\n"))
}

// findingOfAct has offset and length of the record that asks; result_offset and
// result_length are of the one with the result.
func findingOfAct(s *Session, a *Act) evidence.Finding {
	d := details{"origin": string(Agent), "tool": a.Tool, "outcome": string(a.Outcome)}
	d.set("session", s.ID)
	d.set("id", a.ID)
	d.set("record", a.Record)
	d.set("parent", a.Parent)
	d.set("model", a.Model)
	d.set("agent", a.Agent)
	d.set("branch", string(a.Branch))
	d.set("branch_by", a.Why)
	d.set("outcome_by", a.By)
	d.set("note", a.Note)
	d.time("time", a.Time)
	d.text("", a.Arguments)
	d.place(a.Place, a.Copies)
	if a.Outcome != Open {
		d.set("result", a.Result.Said)
		d.text("result_", a.Result)
		d.time("returned", a.Returned)
		d.set("result_record", a.ResultBy)
		d["result_line"] = strconv.FormatInt(a.ResultAt.Line, 10)
		d["result_offset"] = strconv.FormatInt(a.ResultAt.Offset, 10)
		d["result_length"] = strconv.FormatInt(a.ResultAt.Length, 10)
	}
	return evidence.Finding{Kind: KindAct, Value: a.Arguments.Said, Offset: a.Place.Offset, Length: a.Place.Length, Details: d}
}
