package rebuild

import (
	"context"
	"fmt"
	"io"
	"iter"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/mirror"
	"github.com/sealcase/sealcase/evidence/state"
)

// Registry is where the metadata is written (package registry). It is
// insert-only.
type Registry interface {
	Empty(ctx context.Context) (bool, error)
	AddEntries(ctx context.Context, c evidence.CaseID, list []evidence.LogEntry) (added int, err error)
	AddCheckpoint(ctx context.Context, c evidence.CaseID, size int64, note []byte) error
	AddCaseNumber(ctx context.Context, number string, c evidence.CaseID) (added bool, err error)
	AddRecords(ctx context.Context, list []state.Record) error
	AddItems(ctx context.Context, its []evidence.Item) (taken []int, err error)
	Item(ctx context.Context, id evidence.ItemID) (evidence.Item, error)
	ItemTile(ctx context.Context, c evidence.CaseID, tile int) ([]evidence.Item, error)
	AddDisclosure(ctx context.Context, d evidence.Disclosure) (added bool, err error)
	AddAlarm(ctx context.Context, a evidence.Alarm) (added bool, err error)
	AddAnchor(ctx context.Context, a evidence.Anchor) (added bool, err error)
}

// Objects is what is read of the object store besides the mirror.
type Objects interface {
	Stat(ctx context.Context, ref evidence.ObjectRef) (evidence.Stored, error)
	Open(ctx context.Context, ref evidence.ObjectRef, offset, length int64) (io.ReadCloser, error)
	List(ctx context.Context, bucket, prefix, after string) iter.Seq2[evidence.ObjectVersion, error]
	Buckets() evidence.Buckets
}

// Config is what a rebuild needs; all of it.
type Config struct {
	Registry Registry // empty, with its indexes
	Objects  Objects
	Mirror   *mirror.Mirror
	Keys     []evidence.PublicKey // the agency's root, or its keys, as attest.NewTrust takes them; the logs lead to newer ones
	Origin   string               // names the installation in its heads
	Tell     func(c evidence.CaseID)
}

// Report says what was made, and what could not be.
type Report struct {
	Cases       int       `json:"cases"`
	Entries     int64     `json:"entries"`
	Heads       int       `json:"heads"`
	Items       int       `json:"items"`
	Intakes     int       `json:"intakes"`
	Disclosures int       `json:"disclosures"`
	Alarms      int       `json:"alarms"`
	Anchors     int       `json:"anchors"`
	Problems    []Problem `json:"problems"` // something is not as it should be
	Lost        []Problem `json:"lost"`     // the buckets do not have it
}

// Problem is something about a case, or about the installation.
type Problem struct {
	Case evidence.CaseID `json:"case,omitempty"`
	What string          `json:"what"`
}

// work is a rebuild under way.
type work struct {
	Config
	report Report
	heads  []int64       // sizes of the good heads of the log read last
	by     *attest.Trust // by which that log is believed
}

// Run makes the registry anew. It fails with Conflict when the registry is not
// empty, and with what reading and writing fail with, after which the registry
// is half made: empty it, and begin again. A log that is not good is no failure:
// it is made as far as its last good head, and the Report names it.
func Run(ctx context.Context, c Config) (Report, error) {
	if c.Tell == nil {
		c.Tell = func(evidence.CaseID) {}
	}
	c.Keys = attest.KeysOf(c.Origin, c.Keys) // no other agency signs for this one
	w := &work{Config: c, report: Report{Problems: []Problem{}, Lost: []Problem{}}}
	empty, err := c.Registry.Empty(ctx)
	if err != nil {
		return w.report, err
	}
	if !empty {
		return w.report, evidence.Errorf(evidence.Conflict, "the database is not empty; nothing was written. Name a fresh database, or drop this one if it is worth nothing")
	}
	if err := w.register(ctx); err != nil {
		return w.report, fmt.Errorf("making the register anew: %w", err)
	}
	for id, err := range c.Mirror.Logs(ctx, "") {
		if err != nil {
			return w.report, err
		}
		if id == evidence.RegisterID() {
			continue
		}
		c.Tell(id)
		if err := w.oneCase(ctx, id); err != nil {
			return w.report, fmt.Errorf("making %s anew: %w", id, err)
		}
	}
	w.lost("", "uploads that were not finished are lost: who sent them begins anew")
	return w.report, nil
}

func (w *work) problem(c evidence.CaseID, format string, args ...any) {
	w.report.Problems = append(w.report.Problems, Problem{c, fmt.Sprintf(format, args...)})
}

func (w *work) lost(c evidence.CaseID, format string, args ...any) {
	w.report.Lost = append(w.report.Lost, Problem{c, fmt.Sprintf(format, args...)})
}

// odd takes what is odd in the mirror of a log into the report.
func (w *work) odd(c evidence.CaseID) func(mirror.Oddity) {
	seen := map[mirror.Oddity]bool{} // a log is read twice
	return func(o mirror.Oddity) {
		if !seen[o] {
			seen[o] = true
			w.problem(c, "%s: %s", o.Key, o.What)
		}
	}
}
