package session

import (
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// Origin is on whose word a text is.
type Origin string

// The origins.
const (
	Human    Origin = "human"
	Agent    Origin = "agent"
	Tool     Origin = "tool"
	Injected Origin = "injected"
	Unknown  Origin = "unknown"
)

// Kind is what a text is for.
type Kind string

// The kinds of turns.
const (
	Message     Kind = "message"
	Thinking    Kind = "thinking"
	Instruction Kind = "instruction" // system prompts, instruction files, memories, skills
	Context     Kind = "context"     // reminders, environment, opened files, notices of the program
	Summary     Kind = "summary"     // what stands for earlier turns after a compaction
	Order       Kind = "order"       // to an agent, by another
	Command     Kind = "command"     // a person's own command to the program or the shell
	Refusal     Kind = "refusal"     // the model or its provider declined
	Interrupt   Kind = "interrupt"   // a person stopped the agent
	Failure     Kind = "failure"     // the program or the provider failed
	Compaction  Kind = "compaction"  // earlier turns were taken out of the model's sight
)

// Branch is why a turn or act is not part of the conversation as it stood at the
// end of the log. The empty one is that it is.
type Branch string

// The branches.
const (
	Live       Branch = ""
	Rewound    Branch = "rewound"    // a person went back to before it
	Replaced   Branch = "replaced"   // written again under the same identifier, or superseded
	Unselected Branch = "unselected" // another answer or another edit was gone on with
	Retracted  Branch = "retracted"  // taken back by the program, after a refusal
)

// Place is where a record lies in a log.
type Place struct {
	Line   int64 // from 1; of the first byte
	Offset int64 // of the first byte, from 0
	Length int64 // in bytes, without the end of the line
}

// Time is an instant as a record says it.
type Time struct {
	Said   string // as written
	Millis int64  // since 1970 in UTC; only with Known
	Known  bool   // the record says an instant, with a zone or by a count
	Note   string // what is to be known about it, such as "local time, zone unknown"
}

// Text is something said, as far as it is kept.
type Text struct {
	Said  string
	Whole bool  // nothing was cut
	Size  int64 // bytes that it takes in the record
	// Where it lies in its record; Size bytes long.
	Offset int64
}

// Turn is one text of one origin.
type Turn struct {
	ID     string // stable identifier of the record, "" where there is none
	Parent string // of the record that it follows, where the log is a tree
	Place  Place
	Copies []Place // where the same record stands again
	Time   Time
	Origin Origin
	By     string // the field that decided the origin
	Kind   Kind
	Text   Text
	Model  string
	Agent  string // identifier of the subagent, "" for the session's own
	Branch Branch
	Why    string // by what the branch was decided
	More   bool   // goes on with the text of the turn before: not counted again
	Queued bool   // typed while the agent was at work
}

// Outcome is what is known of an act's result.
type Outcome string

// The outcomes. Open means that the log has no result: it does not mean that
// nothing was done.
const (
	Open    Outcome = "open"
	Done    Outcome = "done"
	Failed  Outcome = "failed"
	Refused Outcome = "refused" // by a person or a rule, before it ran
)

// Act is one use of a tool.
type Act struct {
	ID        string // of the call, as the log pairs it
	Record    string // stable identifier of the record that asks
	Parent    string
	Place     Place // of the record that asks
	Copies    []Place
	Time      Time
	Tool      string
	Arguments Text
	Model     string
	Agent     string
	Outcome   Outcome
	By        string // the field that decided the outcome
	Result    Text
	ResultAt  Place
	Returned  Time
	ResultBy  string // stable identifier of the record with the result
	Branch    Branch
	Why       string
	Note      string
}

// Facts are the circumstances of a session, each in the order in which the log
// first says it.
type Facts struct {
	Providers   Set
	Models      Set
	Versions    Set
	Directories Set
	GitBranches Set
	GitCommits  Set
	GitRemotes  Set
	Permissions Set
	Accounts    Set
	Machines    Set
	Titles      Set
	Entrypoints Set
	ParentOf    Set // subagents that the log names
	Notes       Set // what the examiner should know, in our words
}

// Counts are of a session, or of a log.
type Counts struct {
	Turns         map[Origin]int
	Queued        int            // of the human turns: typed while the agent was at work, and in no message of their own
	Acts          int            // uses of tools that were asked for
	Results       int            // results of tools, also of those whose call is not in the log
	Orphans       int            // of the results: without a call
	Refused       int            // requests that model or provider declined
	Copies        int            // records that stand in the log again
	Copied        map[Origin]int // turns in those; not in Turns
	CopiedActs    int            // acts in those
	CopiedResults int
	Off           int // turns and acts that are on no live branch
}

// Session is one conversation in one log.
type Session struct {
	ID     string
	Place  Place // of the first record
	Parent string
	Fork   string // session that this one was forked from
	Agent  string // identifier, when the log is a subagent's
	Facts  Facts
	Counts Counts
	First  Time // the earliest and the latest that records say, without copies
	Last   Time
	items  []item
	key    string // of its records; the identifier may become known late
}

// item is a turn or an act; one of them is nil.
type item struct {
	turn *Turn
	act  *Act
}

// Set is a few texts, each once, in the order in which they came.
type Set []string

// The limits of sets.
const (
	maxSet  = 24
	maxName = 400
)

// Add adds a text that is not empty and not there.
func (s *Set) Add(text string) {
	if text == "" || len(*s) == maxSet {
		return
	}
	text, _ = rawjson.CutText(text, maxName)
	for _, t := range *s {
		if t == text {
			return
		}
	}
	*s = append(*s, text)
}

// AddValue adds what a string of a record says.
func (s *Set) AddValue(v rawjson.Value) {
	if v.Is(rawjson.String) {
		s.Add(Name(v))
	}
}

// Name returns a string of a record that is an identifier or a short text, cut
// where it is longer than such are.
func Name(v rawjson.Value) string {
	if !v.Is(rawjson.String) && !v.Is(rawjson.Number) {
		return ""
	}
	text, _ := v.Cut(maxName)
	return text
}

// Items calls do for each turn and act of a session in the order of the log; one of
// the two is nil.
func (s *Session) Items(do func(t *Turn, a *Act)) {
	for _, i := range s.items {
		do(i.turn, i.act)
	}
}

// Total returns the counts of all sessions of a log.
func (l *Log) Total() Counts {
	total := Counts{Turns: map[Origin]int{}, Copied: map[Origin]int{}}
	for _, s := range l.Sessions {
		total.add(s.Counts)
	}
	return total
}
