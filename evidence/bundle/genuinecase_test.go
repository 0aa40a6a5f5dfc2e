package bundle_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/bundle"
)

// genuineCase is a generated case of an honest agency whose people, and the
// people they investigate, choose the most awkward names and texts that they can.
// It is a function of its seed and number.
type genuineCase struct {
	*fixture
	r       *rand.Rand
	awkward []string
	names   []evidence.FileName // that were used
	next    int                 // of awkward, to be used
	written int                 // bundles so far
	visitor evidence.PersonID   // who comes and goes
	visits  int
}

// newGenuineCase opens a case. Consecutive numbers use all awkward names in turn.
func newGenuineCase(seed uint64, number int) *genuineCase {
	var key [32]byte
	key[0] = 0xca
	binary.BigEndian.PutUint64(key[8:], seed)
	binary.BigEndian.PutUint64(key[16:], uint64(number))
	c := &genuineCase{r: rand.New(rand.NewPCG(seed, uint64(number))), awkward: awkwardNames(), next: number}
	agency := oneOf(c.r, agency, agency, agency, "agency.example/unit-7", "a/case/b", "a/person/b", "log", "\u00fc.example", strings.Repeat("long.", 30)+"example")
	c.fixture = newCase(agency, key)
	c.rules += number % 2
	c.actor.ID, c.lawyer.ID = oneOf[evidence.PersonID](c.r, "person-erin", "log", "person", "v1", "\u00e9"), oneOf[evidence.PersonID](c.r, "person-pia", "seal", "worker", "e\u0301")
	c.actor.Name, c.lawyer.Name = hostileText(c.r, 0), hostileText(c.r, 0)
	c.actor.From, c.actor.Client = hostileText(c.r, 0), hostileText(c.r, 0)
	of := &c.facts.Case
	of.Number, of.Title, of.Summary, of.TimeZone = hostileText(c.r, 0), hostileText(c.r, 0), hostileText(c.r, 0), hostileText(c.r, 0)
	of.State, of.OpenedBy, of.By = oneOf(c.r, evidence.StateOpen, evidence.StateArchived), c.actor.ID, c.lawyer.ID
	of.Version, of.OpenedAt = oneOf(c.r, 1, 1<<53-1), c.anyTime()
	c.facts.Generator = oneOf(c.r, "sealcase/test", " ", `"\`, strings.Repeat("~", 100), "a: b")
	c.open()
	if c.r.IntN(3) == 0 {
		c.root = c.rootKey(1)
		c.trusted = publicKeys(c.root)
		c.append(c.statement(c.root, oneOf[int64](c.r, 1, 7, 1<<52), nil))
	}
	return c
}

// anyTime returns an instant that can be written.
func (c *genuineCase) anyTime() evidence.Instant {
	return oneOf(c.r, evidence.At(c.now), evidence.At(time.Date(0, 2, 29, 23, 59, 59, 999e6, time.UTC)), evidence.At(time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC)),
		evidence.At(time.Date(1, 1, 1, 0, 0, 0, 1e6, time.UTC)), evidence.At(time.Date(2000, 2, 29, 12, 0, 0, 0, time.UTC)), evidence.At(time.UnixMilli(c.r.Int64N(4e12))))
}

// name returns the name of the next exhibit: the next awkward one, one by the
// grammar, or one that was used before.
func (c *genuineCase) name() evidence.FileName {
	var name evidence.FileName
	switch c.r.IntN(4) {
	case 0:
		name = hostileName(c.r, c.awkward)
	case 1:
		if len(c.names) > 0 {
			name = oneOf(c.r, c.names...)
		}
	}
	if name == "" {
		name = evidence.FileName(c.awkward[c.next%len(c.awkward)])
		c.next++
	}
	c.names = append(c.names, name)
	return name
}

func (c *genuineCase) content() []byte {
	content := make([]byte, oneOf(c.r, 0, 0, 1, 7, 4096, 70_000))
	_, _ = c.random.Read(content) // a ChaCha8 does not fail
	return content
}

// dress fills in what an item may have besides, before it is sealed.
func (c *genuineCase) dress(it evidence.Item) evidence.Item {
	if c.r.IntN(2) == 0 {
		it.Path = hostileName(c.r, c.awkward)
	}
	it.MediaType, it.Custodian = hostileText(c.r, 0), evidence.PersonID(hostileText(c.r, 0))
	it.Version, it.At, it.Data.Key = oneOf(c.r, 1, 2, 1<<53-1), c.anyTime(), hostileText(c.r, 1)
	if at := c.anyTime(); c.r.IntN(2) == 0 {
		it.ModifiedAt = at
	}
	return it
}

// exhibits discloses some exhibits, sealed at once.
func (c *genuineCase) exhibits(n int) {
	var items []evidence.Item
	var contents [][]byte
	for range n {
		content, of := c.content(), evidence.Collection{}
		if c.r.IntN(5) == 0 {
			content, of = c.collection()
		}
		contents = append(contents, content)
		items = append(items, c.dress(c.receiveAs(c.name(), int64(len(content)), evidence.Sum(content), of)))
	}
	for i, it := range c.sealItems(items...) {
		c.discloseItem(it, contents[i])
	}
}

// act returns an entry of an act with all the text that there can be.
func (c *genuineCase) act(e evidence.Entry, about []evidence.Item) evidence.Entry {
	if len(about) > 0 && c.r.IntN(2) == 0 {
		e.AboutItem(oneOf(c.r, about...))
	}
	e.Purpose, e.Authority, e.Details = hostileText(c.r, 0), hostileText(c.r, 0), hostileDetails(c.r)
	if c.r.IntN(3) == 0 {
		e.Tool = &evidence.Tool{Name: hostileText(c.r, 0), Version: hostileText(c.r, 0), Parameters: hostileText(c.r, 0)}
	}
	if at := c.anyTime(); c.r.IntN(4) == 0 {
		e.At = at
	}
	if c.r.IntN(8) == 0 {
		e.Details = map[string]string{bundle.DetailClock: hostileText(c.r, 0)}
	}
	return e
}

// machineActs has the machine record n acts, in batches.
func (c *genuineCase) machineActs(n int) {
	for n > 0 {
		batch := make([]evidence.Entry, min(n, 1+c.r.IntN(256)))
		for i := range batch {
			batch[i] = c.act(c.machine(oneOf[evidence.Act](c.r, evidence.ActVerified, evidence.ActAnalysed, evidence.ActExtended, "of-a-later-program")), c.items)
		}
		c.append(batch...)
		if c.r.IntN(4) == 0 {
			c.withholdLast(1+c.r.IntN(len(batch)), hostileText(c.r, 1))
		}
		n -= len(batch)
	}
}

// step does one thing that happens in a case.
func (c *genuineCase) step() {
	switch c.r.IntN(15) {
	case 0, 1, 2:
		c.exhibits(1 + c.r.IntN(3))
	case 3:
		content := c.content()
		c.hide(c.name(), content, c.r.IntN(3), hostileText(c.r, 1))
	case 4:
		c.quarantine(c.name(), c.content(), hostileText(c.r, 1))
		w := &c.facts.Withheld[len(c.facts.Withheld)-1].Item
		*w = c.dress(*w)
		w.Observed = evidence.Sum([]byte("other bytes"))
	case 5:
		e := c.act(c.entry(evidence.ActRejected), nil)
		e.Name = c.name()
		c.append(e)
	case 6, 7:
		c.append(c.act(c.entry(oneOf[evidence.Act](c.r, evidence.ActViewed, evidence.ActDownloaded, evidence.ActFetched, "x", "of-a-later-program-2")), c.items))
		if c.r.IntN(3) == 0 {
			c.withholdLast(1, hostileText(c.r, 1))
		}
	case 8:
		c.machineActs(1 + c.r.IntN(9))
	case 9:
		oneOf(c.r, c.rotate, c.rotatePerson, c.roster)()
	case 10:
		c.discloseEarlier(fmt.Sprintf("earlier %d, %s", len(c.entries), hostileText(c.r, 0)))
	case 11:
		c.moveOn()
	case 12:
		c.memberships()
	case 13:
		c.reclass()
	default:
		c.late()
	}
}

// moveOn brings the case into another state, and when that takes no evidence out
// of it again.
func (c *genuineCase) moveOn() {
	to := oneOf(c.r, c.state.Next()...)
	c.transition(oneOf(c.r, c.actor, c.lawyer), to)
	if !to.AcceptsEvidence() {
		c.append(c.act(c.entry(evidence.ActViewed), nil))
		c.transition(c.actor, evidence.StateOpen)
	}
}

// memberships changes what Pia may do besides, and has a third person come and go.
func (c *genuineCase) memberships() {
	c.append(c.says(evidence.ServiceActor("worker"), act.RoleChanged{
		Person: c.lawyer.ID, Name: hostileText(c.r, 0), Roles: oneOf(c.r, act.Roles{evidence.Prosecutor}, act.Roles{"of-a-later-program", evidence.Supervisor}),
	}))
	c.visits++
	visitor := evidence.PersonID("visitor " + hostileText(c.r, 1))
	if c.visitor != "" {
		visitor = c.visitor
	}
	c.visitor = visitor
	c.append(c.says(c.actor, act.MemberAdded{Person: visitor, Name: hostileText(c.r, 0), Grant: oneOf(c.r, "", evidence.GrantRead, evidence.GrantManage), Time: c.visits}))
	c.append(c.says(c.actor, act.MemberRemoved{Person: visitor, Time: c.visits}))
}

// reclass has Erin, who is made a supervisor, change who may know of the case: where
// it is sealed Pia asks for it, and is asked for more than is done. Rules of before
// there were classes judge nobody who does it.
func (c *genuineCase) reclass() {
	c.append(c.says(evidence.ServiceActor("worker"), act.RoleChanged{Person: c.actor.ID, Name: c.actor.Name, Roles: act.Roles{evidence.Investigator, evidence.Supervisor}}))
	change := act.ClassChanged{From: c.class, To: oneOf(c.r, evidence.Classes()...), Version: c.version + 1}
	if change.To == c.class {
		change.To = evidence.Classes()[(1+c.r.IntN(2))%3]
	}
	if change.To == c.class {
		change.To = evidence.ClassOrdinary
	}
	if c.class == evidence.ClassSealed {
		for range 1 + c.r.IntN(2) {
			asked := c.says(c.lawyer, act.ClassRequested{To: change.To, Version: c.version + 1})
			asked.Purpose = hostileText(c.r, 0)
			c.append(asked)
			change.Request = asked.ID
		}
	}
	e := c.says(c.actor, change)
	e.Purpose, e.Authority = hostileText(c.r, 0), hostileText(c.r, 1)
	c.append(e)
	if c.rules > 1 {
		c.class, c.version = change.To, c.version+1
	}
}

// late has Erin look at an exhibit that is withheld with all its entries, if
// there is one.
func (c *genuineCase) late() {
	hidden := slices.DeleteFunc(slices.Clone(c.facts.Withheld), func(w bundle.WithheldItem) bool { return !w.Hidden })
	if len(hidden) == 0 || c.r.IntN(2) == 0 {
		return
	}
	w, e := oneOf(c.r, hidden...), c.act(c.entry(evidence.ActViewed), nil)
	e.AboutItem(w.Item)
	c.append(e)
	c.withholdLast(1, w.Reason)
}

// grow has things happen: mostly a few, in some cases thousands.
func (c *genuineCase) grow() {
	switch {
	case c.r.IntN(12) == 0: // nothing, or nothing that is disclosed
		for range c.r.IntN(4) {
			c.hide(c.name(), c.content(), c.r.IntN(2), hostileText(c.r, 1))
		}
		return
	case c.r.IntN(200) == 0:
		c.machineActs(2000 + c.r.IntN(3000))
	case c.r.IntN(150) == 0:
		c.exhibits(60)
	}
	for range c.r.IntN(14) {
		c.step()
	}
	if c.r.IntN(10) == 0 { // the log ends about where a file of 256 lines does
		c.machineActs(max(0, oneOf(c.r, 253, 254, 255, 256)-len(c.entries)))
	}
}

// ask has Pia ask for a bundle, with acts on withheld exhibits between her list
// and her signature, and after it, and signs the head.
func (c *genuineCase) ask() {
	c.between = c.late
	c.facts.Page = nil
	if c.r.IntN(4) == 0 {
		c.facts.Page = c.content()
	}
	c.recipient, c.purpose = hostileText(c.r, 0), hostileText(c.r, 0)
	c.written++
	c.closeAs(fmt.Sprintf("genuine %d", c.written), hostileText(c.r, 0))
	c.between = nil
	if c.r.IntN(3) == 0 {
		at := time.Date(oneOf(c.r, 1980, 1999, 2107), oneOf[time.Month](c.r, 1, 12), 31, 23, 59, c.r.IntN(60), 999e6, time.UTC)
		c.facts.At = evidence.At(at)
	}
	c.facts.Earlier, c.facts.Keys = shuffled(c.r, c.facts.Earlier), shuffled(c.r, c.facts.Keys)
}

// bundles yields the bundles of the case, with their proofs: one, or two of which
// the later continues the first.
func (c *genuineCase) bundles(t testing.TB, each func(data, proof []byte)) {
	c.grow()
	c.ask()
	data, s := c.write(t)
	if c.r.IntN(3) == 0 {
		p := c.proofOf(s)
		each(data, written(t, p))
		c.record(p)
		c.grow()
		c.ask()
		data, s = c.write(t)
	}
	switch c.r.IntN(3) {
	case 0:
		each(data, nil)
	case 1:
		each(data, c.prove(t, s))
	default:
		each(data, c.proveRegistered(t, s))
	}
}
