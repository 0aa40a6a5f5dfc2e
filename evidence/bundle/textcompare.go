package bundle

import (
	"fmt"
	"io"
)

// WriteText writes the comparison for people, with both reports.
func (c Comparison) WriteText(w io.Writer) error {
	for i, r := range []Report{c.First, c.Second} {
		if _, err := fmt.Fprintf(w, "%s BUNDLE\n\n", []string{"FIRST", "\nSECOND"}[i]); err != nil {
			return fmt.Errorf("writing the report: %w", err)
		}
		if err := r.WriteText(w); err != nil {
			return err
		}
	}
	t := &textReport{Report: Report{Problems: c.Problems}}
	t.b.WriteString("\nBOTH\n\n")
	switch {
	case c.Outcome == OK:
		t.b.WriteString("OK: the record of the second bundle continues that of the first, entry for entry.\n")
	case c.Extends:
		t.b.WriteString("The record of the second bundle continues that of the first, entry for entry; but see the problems.\n")
	default:
		t.b.WriteString("NOT SHOWN: that the record of the second bundle continues that of the first.\n")
	}
	t.problems()
	c.news(t)
	t.list("To note", c.Notices)
	if _, err := io.WriteString(w, t.b.String()); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// news writes what is new in the second bundle.
func (c Comparison) news(t *textReport) {
	t.events("New entries", c.NewEntries)
	t.withheldFor("New entries that are withheld", c.NewWithheld)
	t.events("Entries that the first bundle withholds and the second shows", c.NowShown)
	t.withheldFor("Entries that the first bundle shows and the second withholds", c.NowWithheld)
	for _, l := range []struct {
		heading string
		list    []Exhibit
	}{
		{"New exhibits", c.NewExhibits},
		{"Exhibits that the second bundle discloses and the first did not", c.NowDisclosed},
		{"Exhibits that the first bundle disclosed and the second does not", c.Retracted},
	} {
		t.exhibitList(l.heading, l.list)
	}
}

// maxEvents is how many entries the text lists; the JSON has all.
const maxEvents = 200

// events writes entries under a heading.
func (t *textReport) events(heading string, list []Event) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(&t.b, "\n%s (%d)\n", heading, len(list))
	var rows [][]string
	for _, e := range list[:min(len(list), maxEvents)] {
		signed := "signed"
		if !e.Verified {
			signed = "NOT SIGNED"
		}
		who := show(e.Who)
		if e.Machine {
			who += "  (machine)"
		}
		rows = append(rows, []string{fmt.Sprint(e.Index), e.At.String(), string(e.Act), who, signed})
	}
	t.table(rows)
	if more := len(list) - maxEvents; more > 0 {
		fmt.Fprintf(&t.b, "  and %d more\n", more)
	}
}
