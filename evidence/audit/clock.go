package audit

import (
	"fmt"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// behind is a run of entries that were recorded by a clock that is behind the
// others. Entries by other clocks stand between them; where those are as many as
// a tile has, another run begins.
type behind struct {
	first, last, count int64
	by                 string // of the first
}

// late takes in an entry that says that its clock was behind.
func (k *comparison) late(index int64, by string) {
	if k.clock.count > 0 && index-k.clock.last > ledger.TileSize {
		k.tellLate()
	}
	if k.clock.count == 0 {
		k.clock = behind{first: index, by: by}
	}
	k.clock.last = index
	k.clock.count++
}

// tellLate ends a run. It is one alarm, the same while the run grows.
func (k *comparison) tellLate() {
	c := k.clock
	k.clock = behind{}
	if c.count == 0 {
		return
	}
	what := fmt.Sprintf("entry %d was recorded by a clock that is behind the others (%s)", c.first, c.by)
	if c.count > 1 {
		what = fmt.Sprintf("%d entries from %d to %d were recorded by a clock that is behind the others (the first: %s)", c.count, c.first, c.last, c.by)
	}
	k.f.alarm(evidence.NewAlarm(evidence.AlarmClock, k.f.about(), itoa(c.first), what, k.f.now))
}
