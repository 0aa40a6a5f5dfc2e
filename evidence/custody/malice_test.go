package custody_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/sealcase/sealcase/evidence"
)

// The malicious administrator has every right in the database and in the object
// store, and in some attacks keys as well. MALICE.md says of each attack who
// sees it, when, and in what words; the tests read those words from there, and
// fail where the table says more or less than what happens.

// malice is an installation with a case in it, and somebody inside.
type malice struct {
	*lab
	db      *mongo.Database
	s3      *minio.Client
	running *process // has read the log before the attack
	c       evidence.Case
	items   []evidence.Item // sealed
}

// newMalice has a case of three sealed items, whose log is signed.
func newMalice(t testing.TB, prepare ...func(*malice)) *malice {
	t.Helper()
	m := &malice{lab: newLab(t)}
	m.config.CheckpointDelay = time.Hour // heads are signed when a test says so, none behind its back after an attack
	for _, p := range prepare {
		p(m)
	}
	m.db, m.s3, m.running = m.admins(), m.admin(), m.service()
	m.c = m.openCase(m.running)
	in := m.openIntake(m.running, m.c)
	for _, name := range []evidence.FileName{"a.log", "b.log", "c.log"} {
		m.bring(m.running, in, name, []byte("the bytes of "+name))
	}
	m.sealAll(m.running, in)
	page, err := m.running.Items(t.Context(), investigator, m.c.ID, "", 10)
	m.check(err)
	m.items = page.Items
	m.grow(12)
	return m
}

// grow has the machine put n more entries on record, and the head signed.
func (m *malice) grow(n int) {
	m.t.Helper()
	_, err := m.running.Append(m.t.Context(), entriesOf(m.c.ID, n)...)
	m.check(err)
	_, err = m.running.Checkpoint(m.t.Context(), worker, m.c.ID)
	m.check(err)
	m.mirrored(m.running)
	m.log(m.running, m.c.ID)
}

// detector looks, after an attack, and returns what it says: "code: message" of
// an error, "kind: words" of alarms, or nothing when it sees nothing.
type detector func() string

// row is one line of a table of MALICE.md.
type row struct{ who, when, says string }

// sees has everybody whom MALICE.md names for an attack look, in its order, and
// compares what they say with the words there, where an ellipsis stands for
// anything.
func sees(t *testing.T, attack string, detectors map[string]detector) {
	t.Helper()
	rows := maliceTable(t)[attack]
	if len(rows) == 0 {
		t.Errorf("MALICE.md says nothing of %q", attack)
	}
	for _, r := range rows {
		look, ok := detectors[r.who]
		if !ok {
			t.Errorf("%s: MALICE.md names %q, and nobody tries that", attack, r.who)
			continue
		}
		if said := look(); !saysIt(said, r.says) {
			t.Errorf("%s: %s says\n%q, want\n%q", attack, r.who, said, r.says)
		}
	}
	for who, look := range detectors {
		if !slices.ContainsFunc(rows, func(r row) bool { return r.who == who }) {
			t.Errorf("%s: MALICE.md does not name %q, who says\n%q", attack, who, look())
		}
	}
}

// saysIt reports whether the parts of want between ellipses stand in said, in
// their order. "nothing" is said by nobody who says something.
func saysIt(said, want string) bool {
	if want == "nothing" || said == "" {
		return said == "" && want == "nothing"
	}
	for part := range strings.SplitSeq(want, "…") {
		at := strings.Index(said, part)
		if at < 0 {
			return false
		}
		said = said[at+len(part):]
	}
	return true
}

// maliceTable reads the tables of MALICE.md by their headings.
func maliceTable(t testing.TB) map[string][]row {
	t.Helper()
	text, err := os.ReadFile("MALICE.md")
	if err != nil {
		t.Fatal(err)
	}
	tables, attack := map[string][]row{}, ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if heading, ok := strings.CutPrefix(line, "## "); ok {
			attack = heading
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|--") || len(cells) != 3 || strings.TrimSpace(cells[0]) == "Who" {
			continue
		}
		r := row{strings.TrimSpace(cells[0]), strings.TrimSpace(cells[1]), strings.Trim(strings.TrimSpace(cells[2]), "`")}
		tables[attack] = append(tables[attack], r)
	}
	return tables
}

// TestMaliceIsTried: each attack that MALICE.md describes is tried by a test.
func TestMaliceIsTried(t *testing.T) {
	var sources strings.Builder
	for _, name := range maliceFiles(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources.Write(text)
	}
	for attack, rows := range maliceTable(t) {
		beginning, _, _ := strings.Cut(attack, ", and ") // variants of one attack are a table
		if !strings.Contains(sources.String(), `sees(t, "`+attack+`"`) && !strings.Contains(sources.String(), `sees(t, "`+beginning+`, and "`) {
			t.Errorf("no test tries %q", attack)
		}
		for _, r := range rows {
			if r.when == "" || r.says == "" {
				t.Errorf("%q does not say when %q says what", attack, r.who)
			}
		}
	}
}

func maliceFiles(t *testing.T) (names []string) {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.HasPrefix(f.Name(), "malice_") && strings.HasSuffix(f.Name(), "_test.go") {
			names = append(names, f.Name())
		}
	}
	return names
}

func TestSaysIt(t *testing.T) {
	for _, tc := range []struct {
		said, want string
		ok         bool
	}{
		{"tampered: entries 0 to 17 differ", "tampered: entries … to … differ", true}, {"tampered: entries", "tampered: entries … differ", false},
		{"", "nothing", true}, {"something", "nothing", false}, {"", "something", false}, {"b a", "a … b", false},
	} {
		if got := saysIt(tc.said, tc.want); got != tc.ok {
			t.Errorf("%q for %q: %t", tc.said, tc.want, got)
		}
	}
}

// said returns an error as the table has it.
func said(err error) string {
	if err == nil {
		return ""
	}
	return string(evidence.CodeOf(err)) + ": " + evidence.MessageOf(err)
}

// looks is somebody who reads the whole log of the case.
func (m *malice) looks(s *process) detector {
	return func() string {
		for from := int64(0); ; from += 256 {
			_, size, err := s.LogPage(m.t.Context(), investigator, m.c.ID, from, 256)
			if err != nil || from+256 >= size {
				return said(err)
			}
		}
	}
}

// looksAfresh is a process that starts after the attack.
func (m *malice) looksAfresh() string { return m.looks(m.service())() }

// looksAlone is a process that starts after the attack, and that has been given
// no mirror to hold the database against.
func (m *malice) looksAlone() string {
	alone := *m.lab
	alone.config.Mirror = nil
	return m.looks(alone.service())()
}

// entry returns an entry as it is on record.
func (m *malice) entry(index int64) evidence.LogEntry {
	m.t.Helper()
	e, ok, err := m.registry.EntryAt(m.t.Context(), m.c.ID, index)
	m.check(err)
	if !ok {
		m.t.Fatalf("there is no entry %d", index)
	}
	return e
}

// documents returns the documents of a collection whose "_id" begins so, by it.
func (m *malice) documents(collection, prefix string) (list []bson.D) {
	m.t.Helper()
	cursor, err := m.db.Collection(collection).Find(m.t.Context(), bson.D{})
	m.check(err)
	var all []bson.D
	m.check(cursor.All(m.t.Context(), &all))
	for _, d := range all {
		if strings.HasPrefix(d[0].Value.(string), prefix) {
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b bson.D) int { return strings.Compare(a[0].Value.(string), b[0].Value.(string)) })
	return list
}
