package command

import (
	"fmt"
	"strconv"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/cmd/sealcase/internal/intake"
	"github.com/sealcase/sealcase/evidence"
)

// receipt is what evidence add answers.
type receipt struct {
	Case    evidence.CaseID   `json:"case"`
	Intake  evidence.IntakeID `json:"intake"`
	Items   []receiptItem     `json:"items"`
	Failed  []failure         `json:"failed"`
	Skipped []intake.Skipped  `json:"skipped"`
}

// receiptItem is a file that is in the case.
type receiptItem struct {
	Path    evidence.FileName  `json:"path"` // as it came in
	Item    evidence.ItemID    `json:"item"`
	Exhibit string             `json:"exhibit_number"`
	Digest  evidence.Digest    `json:"sha256"`
	Length  int64              `json:"length"`
	State   evidence.ItemState `json:"state"`
	Sealed  evidence.Instant   `json:"sealed_at,omitzero"`
	Locked  evidence.Instant   `json:"locked_until,omitzero"`

	Collection *receiptCollection `json:"collection,omitempty"` // of a folder
}

// receiptCollection is what a folder became.
type receiptCollection struct {
	Root    evidence.Digest  `json:"root"`
	Leaves  int64            `json:"leaves"`
	Files   int64            `json:"files"`
	Folders int64            `json:"folders"`
	Links   int64            `json:"links"`
	Others  int64            `json:"others"`
	Bytes   int64            `json:"bytes"`
	Changed []intake.Missing `json:"changed,omitempty"` // while they were read
}

// failure is a file that is not.
type failure struct {
	Path    evidence.FileName `json:"path"`
	Code    evidence.Code     `json:"code"`
	Message string            `json:"message"`
}

func (r *receipt) take(unread []intake.Unread, outcomes []intake.Outcome) {
	if r.Skipped == nil {
		r.Skipped = []intake.Skipped{}
	}
	for _, u := range unread {
		r.fail(u.Location, u.Err)
	}
	for _, o := range outcomes {
		at := evidence.FileName(folderOf(o.Source))
		if o.Err != nil {
			r.fail(at, o.Err)
		}
		if o.Item == "" {
			continue
		}
		item := receiptItem{Path: at, Item: o.Item, Exhibit: o.Exhibit, Digest: o.Digest, Length: o.Length, State: evidence.ItemReceived}
		if c := o.Collection; c != nil {
			item.Collection = &receiptCollection{
				Root: c.Root, Leaves: c.Leaves, Files: c.Files, Folders: c.Folders, Links: c.Links, Others: c.Others, Bytes: c.Bytes, Changed: c.Changed,
			}
			for _, m := range c.Missing {
				r.fail(m.Path, evidence.Errorf(evidence.Incomplete, "%s", m.Reason))
			}
		}
		r.Items = append(r.Items, item)
	}
}

func (r *receipt) fail(at evidence.FileName, err error) {
	r.Failed = append(r.Failed, failure{Path: at, Code: evidence.CodeOf(err), Message: evidence.MessageOf(err)})
}

func (r *receipt) index() map[evidence.ItemID]int {
	index := make(map[evidence.ItemID]int, len(r.Items))
	for i, item := range r.Items {
		index[item.Item] = i
	}
	return index
}

// settle takes an item as it stands.
func (i *receiptItem) settle(item api.Item) {
	i.State, i.Sealed, i.Locked = item.State, item.SealedAt, item.Locked
}

// bad reports whether an item was read back as something else.
func (r *receipt) bad() bool {
	for _, i := range r.Items {
		if i.State == evidence.ItemQuarantined {
			return true
		}
	}
	return false
}

// exit is the code of the failures when they are all of one kind.
func (r *receipt) exit() int {
	code := exitCode(r.Failed[0].Code)
	for _, f := range r.Failed {
		if exitCode(f.Code) != code {
			return exitFailed
		}
	}
	return code
}

func (r receipt) human(p *printer) {
	if len(r.Items) > 0 {
		p.row("EXHIBIT", "STATE", "SHA-256", "SIZE", "SEALED", "LOCKED UNTIL", "FILE")
	}
	for _, i := range r.Items {
		note := ""
		if i.Length == 0 {
			note = " (empty file)"
		}
		if c := i.Collection; c != nil {
			note = fmt.Sprintf(" (%d files, %d folders, %d links, %d others)", c.Files, c.Folders, c.Links, c.Others)
		}
		p.row(i.Exhibit, i.State, i.Digest, size(i.Length), i.Sealed, i.Locked, string(i.Path)+note)
	}
	for _, i := range r.Items {
		if i.Collection == nil {
			continue
		}
		for _, c := range i.Collection.Changed {
			p.say("changed: %s: %s", string(c.Path), c.Reason)
		}
	}
	for _, s := range r.Skipped {
		p.say("passed over: %s %s", string(s.Location), s.Reason)
	}
	for _, f := range r.Failed {
		p.say("FAILED: %s: %s", string(f.Path), f.Message)
	}
	p.say("%d in the case, %d failed, %d passed over", len(r.Items), len(r.Failed), len(r.Skipped))
}

// cursorAt is the cursor of a list of items that begins with an exhibit.
func cursorAt(exhibit int) string {
	if exhibit <= 1 {
		return ""
	}
	return strconv.Itoa(exhibit)
}
