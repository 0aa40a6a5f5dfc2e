package session

import (
	"crypto/sha256"

	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// The limits of what is kept of a text, as bytes that it costs in JSON, and of
// what a log may have of each thing before it is counted only.
const (
	MaxHuman  = 8 << 10 // of a human's turn
	MaxText   = 4 << 10 // of any other turn, and of arguments
	MaxAnswer = 3 << 10 // of a result
	maxIDs    = 1 << 20 // identifiers that are remembered for copies, calls and branches
	maxBad    = 100     // bad records that are told one by one
	maxKinds  = 64      // reasons for other records that are told apart
)

// Log is what a log says, and the account of its records.
type Log struct {
	Format   string
	Product  string
	Account  Account
	Sessions []*Session
	LeftOut  int    // turns and acts that are counted and not kept
	Unpacked bool   // offsets count in the decompressed log
	Partly   string // why branches or copies are judged in part only
}

// Builder makes a Log of what a format reads. Its memory is bounded: of a log with
// more turns and acts than max, those after the first are counted.
type Builder struct {
	log     *Log
	max     int
	kept    int
	byID    map[string]*Session
	records map[id]*record
	calls   map[id]*Act
	tree    tree
	again   *record // of the record that is being read
	copying bool    // that record stands in the log before: it is counted apart and not kept
}

// NewBuilder returns a builder that keeps up to max turns and acts.
func NewBuilder(f Format, max int) *Builder {
	return &Builder{
		log: &Log{Format: f.Name, Product: f.Product, Account: Account{Other: map[string]int{}}}, max: max,
		byID: map[string]*Session{}, records: map[id]*record{}, calls: map[id]*Act{}, tree: newTree(),
	}
}

// id is a stable identifier, in a form of one size.
type id [16]byte

func idOf(session, text string) id {
	sum := sha256.Sum256([]byte(session + "\x00" + text))
	return id(sum[:16])
}

// record is what a builder remembers of a record with a stable identifier.
type record struct {
	items []item
}

// Session returns the session of an identifier, a new one at its first record.
func (b *Builder) Session(name string, at Place) *Session {
	if s, ok := b.byID[name]; ok {
		return s
	}
	s := &Session{ID: name, key: name, Place: at, Counts: Counts{Turns: map[Origin]int{}, Copied: map[Origin]int{}}}
	if len(b.log.Sessions) >= b.max {
		b.log.LeftOut++
		return s
	}
	b.byID[name] = s
	b.log.Sessions = append(b.log.Sessions, s)
	return s
}

// Sessions returns the sessions so far.
func (b *Builder) Sessions() []*Session { return b.log.Sessions }

// Product says what program a log is of, where the format does not.
func (b *Builder) Product(name string) { b.log.Product = name }

// Seen notes the time of a record of a session.
func (b *Builder) Seen(s *Session, t Time) {
	if !t.Known {
		return
	}
	if !s.First.Known || t.Millis < s.First.Millis {
		s.First = t
	}
	if !s.Last.Known || t.Millis > s.Last.Millis {
		s.Last = t
	}
}

// Begin starts a record that has a stable identifier. It reports whether the same
// record stood in the log before: then it is a copy, whose place is noted; what is
// added until the next record is counted as copied and not kept.
func (b *Builder) Begin(s *Session, name string, at Place) (copied bool) {
	b.again, b.copying = nil, false
	if name == "" {
		return false
	}
	key := idOf(s.key, name)
	if r, ok := b.records[key]; ok {
		s.Counts.Copies++
		for _, i := range r.items {
			i.copy(at)
		}
		b.copying = true
		return true
	}
	if len(b.records) >= maxIDs {
		b.log.Partly = "the log has more records than are told apart: later copies and branches are not marked"
		return false
	}
	b.again = &record{}
	b.records[key] = b.again
	return false
}

// Copying says that the record that is being read is a copy of one before, where
// the format knows it by something else than an identifier.
func (b *Builder) Copying(s *Session) {
	b.again, b.copying = nil, true
	s.Counts.Copies++
}

// fresh makes ready for the next record.
func (b *Builder) fresh() { b.again, b.copying = nil, false }

const maxCopies = 16

func (i item) copy(at Place) {
	switch {
	case i.turn != nil && len(i.turn.Copies) < maxCopies:
		i.turn.Copies = append(i.turn.Copies, at)
	case i.act != nil && len(i.act.Copies) < maxCopies:
		i.act.Copies = append(i.act.Copies, at)
	}
}

// Replace marks what was told of a record as replaced by a later one of the same
// identifier, and forgets the record, so that it can be told again.
func (b *Builder) Replace(s *Session, name string, why string) (replaced bool) {
	key := idOf(s.key, name)
	r, ok := b.records[key]
	if !ok {
		return false
	}
	for _, i := range r.items {
		i.mark(Replaced, why)
	}
	delete(b.records, key)
	return true
}

// Mark marks what was told of a record. It reports whether there is such a record.
func (b *Builder) Mark(s *Session, name string, branch Branch, why string) bool {
	r, ok := b.records[idOf(s.key, name)]
	if !ok {
		return false
	}
	for _, i := range r.items {
		i.mark(branch, why)
	}
	return true
}

// mark marks an item that is live until now.
func (i item) mark(branch Branch, why string) {
	switch {
	case i.turn != nil && i.turn.Branch == Live:
		i.turn.Branch, i.turn.Why = branch, why
	case i.act != nil && i.act.Branch == Live:
		i.act.Branch, i.act.Why = branch, why
	}
}

// Node puts a record into the tree of its session.
func (b *Builder) Node(s *Session, n Node) {
	if n.ID != "" {
		b.tree.add(s, n)
	}
}

// Text returns what a value of the record at a place says, cut to a limit.
func (b *Builder) Text(v rawjson.Value, at Place, limit int) Text {
	offset, size := v.Span()
	if b.kept >= b.max && !v.Is(rawjson.Missing) {
		return Text{Size: int64(size), Offset: at.Offset + int64(offset)} // it will not be kept
	}
	if !v.Is(rawjson.Missing) {
		said, whole := v.Cut(limit)
		return Text{Said: said, Whole: whole, Size: int64(size), Offset: at.Offset + int64(offset)}
	}
	return Text{Whole: true}
}

// Part returns a part of the text of a value that was decoded: Size counts the
// decoded bytes then, and the place is that of the whole value.
func (b *Builder) Part(v rawjson.Value, at Place, part string, limit int) Text {
	offset, _ := v.Span()
	said, whole := rawjson.CutText(part, limit)
	return Text{Said: said, Whole: whole, Size: int64(len(part)), Offset: at.Offset + int64(offset)}
}

// Turn adds a turn to a session. It returns the turn as it is kept, or nil when it
// is counted only.
func (b *Builder) Turn(s *Session, t Turn) *Turn {
	if b.copying {
		if !t.More {
			s.Counts.Copied[t.Origin]++
		}
		return nil
	}
	if !t.More {
		s.Counts.Turns[t.Origin]++
	}
	if t.Queued {
		s.Counts.Queued++
	}
	s.Facts.Models.Add(t.Model)
	if t.Kind == Refusal {
		s.Counts.Refused++
	}
	if b.kept >= b.max {
		b.log.LeftOut++
		return nil
	}
	b.keep(s, item{turn: &t})
	return &t
}

func (b *Builder) keep(s *Session, i item) {
	b.kept++
	s.items = append(s.items, i)
	if b.again != nil {
		b.again.items = append(b.again.items, i)
	}
}

// Act adds an act to a session. Its result is added when it comes.
func (b *Builder) Act(s *Session, a Act) *Act {
	if b.copying {
		s.Counts.CopiedActs++
		return nil
	}
	s.Counts.Acts++
	s.Facts.Models.Add(a.Model)
	if a.Outcome == "" {
		a.Outcome = Open
	}
	kept := &a
	if b.kept >= b.max {
		b.log.LeftOut++
		kept = nil
	} else {
		b.keep(s, item{act: kept})
	}
	if a.ID != "" && len(b.calls) < maxIDs {
		b.calls[idOf(s.key, a.ID)] = kept
	}
	return kept
}

// Result is what came back of an act.
type Result struct {
	Call     string // identifier of the act
	Tool     string // where the log says it with the result
	Record   string // stable identifier of the record
	Place    Place
	Time     Time
	Text     Text
	Outcome  Outcome
	By       string
	Agent    string
	Note     string
	Replaces bool // an earlier result of the same call
}

// Result joins a result with its act. Without one it is an act of which only the
// result is known.
func (b *Builder) Result(s *Session, r Result) {
	if b.copying {
		s.Counts.CopiedResults++
		return
	}
	if !r.Replaces {
		s.Counts.Results++
	}
	act, known := b.calls[idOf(s.key, r.Call)]
	if r.Call == "" {
		known = false
	}
	if known && act == nil {
		return // counted only
	}
	if !known {
		if len(b.calls) >= maxIDs {
			return
		}
		act = b.orphan(s, r)
		if act == nil {
			return
		}
	}
	if act.Outcome != Open && !r.Replaces && known {
		act.Note = "the log has more than one result of this call; the last is shown"
	}
	act.Result, act.ResultAt, act.Returned, act.ResultBy = r.Text, r.Place, r.Time, r.Record
	act.Outcome, act.By = r.Outcome, r.By
	if act.Tool == "" {
		act.Tool = r.Tool
	}
	if r.Note != "" {
		act.Note = r.Note
	}
}

func (b *Builder) orphan(s *Session, r Result) *Act {
	s.Counts.Orphans++
	act := &Act{ID: r.Call, Record: r.Record, Place: r.Place, Time: r.Time, Tool: r.Tool, Agent: r.Agent, Outcome: Open, Note: "the log has the result and not the call"}
	if b.kept >= b.max {
		b.log.LeftOut++
		return nil
	}
	b.keep(s, item{act: act})
	if r.Call != "" && len(b.calls) < maxIDs {
		b.calls[idOf(s.key, r.Call)] = act
	}
	return act
}

// Again notes that a turn stands in a further record, such as one that delivers
// what was typed before. The turn may be nil.
func (b *Builder) Again(t *Turn, at Place) {
	if t != nil {
		item{turn: t}.copy(at)
	}
}

// Call returns the act of a call as it is kept, or nil.
func (b *Builder) Call(s *Session, call string) *Act { return b.calls[idOf(s.key, call)] }

// SameCall reports whether the log has an act already, with the same identifier,
// tool and arguments, and notes its further place.
func (b *Builder) SameCall(s *Session, a Act) bool {
	before := b.Call(s, a.ID)
	if b.copying || a.ID == "" || before == nil || before.Tool != a.Tool || before.Arguments.Said != a.Arguments.Said || before.Arguments.Size != a.Arguments.Size {
		return false
	}
	item{act: before}.copy(a.Place)
	return true
}

// Called reports whether the log has a call already.
func (b *Builder) Called(s *Session, call string) bool {
	_, ok := b.calls[idOf(s.key, call)]
	return ok
}

// Finish judges branches and returns the log.
func (b *Builder) Finish() *Log {
	if b.tree.full {
		b.log.Partly = "the log has more records than are told apart: later copies and branches are not marked"
	}
	b.tree.judge()
	for _, s := range b.log.Sessions {
		for _, i := range s.items {
			b.tree.apply(s, i)
			if i.turn != nil && i.turn.Branch != Live || i.act != nil && i.act.Branch != Live {
				s.Counts.Off++
			}
		}
	}
	return b.log
}

// Unpacked says that the log was decompressed: offsets count in what came out.
func (b *Builder) Unpacked() { b.log.Unpacked = true }

// RollBack marks the last n of a person's turns of a session, and all that came
// after the first of them, as rewound.
func (b *Builder) RollBack(s *Session, n int, why string) {
	from := len(s.items)
	for from > 0 && n > 0 {
		from--
		if t := s.items[from].turn; t != nil && t.Origin == Human && t.Branch == Live && !t.More {
			n--
		}
	}
	for _, i := range s.items[from:] {
		i.mark(Rewound, why)
	}
}
