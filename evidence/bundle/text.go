package bundle

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/sealcase/sealcase/evidence"
)

// verdict says what an outcome means, in one sentence.
func (o Outcome) verdict() string {
	switch o {
	case OK:
		return "OK: the evidence is, byte for byte, what was received and sealed, and the record of custody is whole and unchanged."
	case Tampered:
		return "TAMPERED: something is not what was signed or sealed. Do not rely on this bundle; keep this copy and ask for another."
	case Malformed:
		return "MALFORMED: this is not, byte for byte, a bundle. Most often a download broke off; get it again."
	case UntrustedKey:
		return "UNTRUSTED KEY: it was signed with a key that is not among those given. Nothing is proven."
	case Incomplete:
		return "INCOMPLETE: something that should be there is missing, and the bundle does not say why."
	default:
		return "NOT VERIFIED"
	}
}

// WriteText writes the report for people. Names and other text that came from
// elsewhere is shown so that it cannot act on a terminal.
func (r Report) WriteText(w io.Writer) error {
	t := &textReport{Report: r}
	t.head()
	t.checks()
	t.problems()
	t.exhibits()
	t.signers()
	t.withheld()
	t.earlier()
	t.register()
	t.list("To note", r.Notices)
	t.list("What this does not prove", r.NotProven)
	if _, err := io.WriteString(w, t.b.String()); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// textReport is a report being written as text.
type textReport struct {
	Report
	b strings.Builder
}

// show returns untrusted text for a terminal.
func show(s string) string { return evidence.FileName(s).Display() }

// table writes rows of cells, in columns.
func (t *textReport) table(rows [][]string) {
	w := tabwriter.NewWriter(&t.b, 0, 0, 2, ' ', 0)
	for _, cells := range rows {
		fmt.Fprintf(w, "  %s\n", strings.Join(cells, "\t"))
	}
	w.Flush() // a strings.Builder does not fail
}

func (t *textReport) head() {
	fmt.Fprintf(&t.b, "%s\n\n", t.Outcome.verdict())
	rows := [][]string{{"file", fmt.Sprintf("%d bytes, SHA-256 %s", t.Length, t.Digest)}}
	if t.Case.ID != "" {
		rows = append(rows, []string{"case", show(t.Case.Number + "  " + t.Case.Title)})
	}
	if d := t.Disclosure; d.ID != "" {
		rows = append(rows,
			[]string{"bundle", fmt.Sprintf("%s of %s, by %s", d.ID, d.At, show(d.Generator))},
			[]string{"made for", show(d.Recipient + ": " + d.Purpose)})
	}
	if t.Log.Origin != "" {
		rows = append(rows,
			[]string{"log", fmt.Sprintf("%s, %d entries%s", show(t.Log.Origin), t.Log.Size, ofWhich(t.Counts.WithheldEntries))},
			[]string{"root", t.Log.Root})
		for _, k := range t.Log.SignedBy {
			rows = append(rows, []string{"signed by", show(k)})
		}
	}
	t.table(rows)
}

func (t *textReport) checks() {
	t.b.WriteString("\nChecks\n")
	var rows [][]string
	for _, c := range t.Checks {
		result := string(c.Result)
		if c.Result == Failed {
			result = "FAILED"
		}
		rows = append(rows, []string{result, c.Name, fmt.Sprint(c.Count), c.What})
	}
	t.table(rows)
}

func (t *textReport) problems() {
	if len(t.Problems) == 0 {
		return
	}
	fmt.Fprintf(&t.b, "\nProblems (%d)\n", len(t.Problems)+t.MoreFound)
	for _, p := range t.Problems {
		fmt.Fprintf(&t.b, "  %s: %s: %s\n", p.Code, show(p.Where), show(p.What))
	}
	if t.MoreFound > 0 {
		fmt.Fprintf(&t.b, "  and %d more\n", t.MoreFound)
	}
}

func (t *textReport) exhibits() { t.exhibitList("Exhibits", t.Exhibits) }

// exhibitList writes exhibits under a heading.
func (t *textReport) exhibitList(heading string, list []Exhibit) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(&t.b, "\n%s (%d)\n", heading, len(list))
	var rows [][]string
	for _, x := range list {
		result := string(x.Result)
		if x.Result == ExhibitFailed {
			result = "FAILED"
		}
		length := fmt.Sprintf("%d bytes", x.Length)
		switch {
		case x.Digest.IsZero():
			length = ""
		case x.Length == 0:
			length = "empty"
		}
		name := x.Name.Display()
		if x.Reason != "" {
			name = strings.TrimSpace(name + "  (" + show(x.Reason) + ")")
		}
		rows = append(rows, []string{show(x.Number), result, length, x.Digest.String(), name})
	}
	t.table(rows)
}

// list writes sentences under a heading.
func (t *textReport) list(heading string, sentences []string) {
	if len(sentences) == 0 {
		return
	}
	fmt.Fprintf(&t.b, "\n%s\n", heading)
	for _, s := range sentences {
		fmt.Fprintf(&t.b, "  - %s\n", show(s))
	}
}

// ofWhich says how many of the entries are withheld.
func ofWhich(withheld int64) string {
	if withheld == 0 {
		return ""
	}
	return fmt.Sprintf(", %d of them withheld", withheld)
}
