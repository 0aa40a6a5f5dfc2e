package audit

import (
	"crypto/sha256"
	"fmt"
	"hash"

	"github.com/sealcase/sealcase/evidence"
)

// changed is a run of entries that are not those that were mirrored. It is one
// alarm, whose identity is what is there instead.
type changed struct {
	first, last int64
	what        string // of the first
	state       hash.Hash
}

// change takes in an entry that the registry has otherwise than the mirror.
func (k *comparison) change(m, e evidence.LogEntry) {
	if k.changed.state != nil && k.changed.last != e.Index-1 {
		k.tellChanged()
	}
	if k.changed.state == nil {
		k.changed = changed{first: e.Index, state: sha256.New(), what: fmt.Sprintf("entry %d (%s by %s) is not the one that was mirrored (%s by %s): it was changed in the registry",
			e.Index, actOf(e), safePerson(e.Entry.Actor.ID), actOf(m), safePerson(m.Entry.Actor.ID))}
	}
	k.changed.last = e.Index
	k.changed.state.Write(e.Raw)
}

// actOf returns what an entry records, as far as that is an act.
func actOf(e evidence.LogEntry) evidence.Act {
	if e.Entry.Act.Valid() {
		return e.Entry.Act
	}
	return "no act"
}

// tellChanged ends a run.
func (k *comparison) tellChanged() {
	c := k.changed
	k.changed = changed{}
	if c.state == nil {
		return
	}
	if c.last > c.first {
		c.what = fmt.Sprintf("the entries %d to %d are not those that were mirrored: they were changed in the registry", c.first, c.last)
	}
	k.f.differs(evidence.AlarmEntry, "", itoa(c.first), string(c.state.Sum(nil)), "%s", c.what)
}

// refused is a run of entries that did not pass a check, for one reason. It is one
// alarm.
type refused struct {
	first, last int64
	why         string
}

// refuse takes in an entry that did not pass a check.
func (k *comparison) refuse(index int64, why string) {
	if k.refused.why != "" && (k.refused.why != why || k.refused.last != index-1) {
		k.tellRefused()
	}
	if k.refused.why == "" {
		k.refused = refused{first: index, why: shortened(why)}
	}
	k.refused.last = index
}

// tellRefused ends a run.
func (k *comparison) tellRefused() {
	r := k.refused
	k.refused = refused{}
	if r.why != "" {
		k.f.add(evidence.AlarmEntry, itoa(r.first), "%s: %s", numbers("entry", "entries", r.first, r.last), r.why)
	}
}
