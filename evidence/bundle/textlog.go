package bundle

import (
	"fmt"
	"strings"
)

// signers writes who did how much, by the keys that the entries are signed with.
func (t *textReport) signers() {
	if len(t.Signers) == 0 {
		return
	}
	fmt.Fprintf(&t.b, "\nWho signed (%d)\n", len(t.Signers))
	var rows [][]string
	for _, s := range t.Signers {
		who := show(s.Name)
		if s.Machine {
			who += "  (machine)"
		}
		rows = append(rows, []string{who, plural(s.Acts, "act", "acts"), show(s.Key)})
	}
	t.table(rows)
}

// maxRanges is how many runs of withheld entries the text names for a reason;
// the JSON report has all.
const maxRanges = 12

// withheld writes which entries are withheld, and why.
func (t *textReport) withheld() { t.withheldFor("Withheld entries", t.WithheldEntries) }

func (t *textReport) withheldFor(heading string, list []WithheldEntries) {
	if len(list) == 0 {
		return
	}
	total := int64(0)
	for _, w := range list {
		total += w.Count
	}
	fmt.Fprintf(&t.b, "\n%s (%d)\n", heading, total)
	var rows [][]string
	for _, w := range list {
		var runs []string
		for _, r := range w.Ranges[:min(len(w.Ranges), maxRanges)] {
			if r.From == r.To {
				runs = append(runs, fmt.Sprint(r.From))
			} else {
				runs = append(runs, fmt.Sprintf("%d-%d", r.From, r.To))
			}
		}
		if len(w.Ranges) > maxRanges {
			runs = append(runs, "...")
		}
		rows = append(rows, []string{fmt.Sprint(w.Count), "index " + strings.Join(runs, ", "), show(w.Reason)})
	}
	t.table(rows)
}

// earlier writes which earlier disclosures this log continues.
func (t *textReport) earlier() {
	if len(t.Earlier) == 0 {
		return
	}
	fmt.Fprintf(&t.b, "\nEarlier disclosures (%d)\n", len(t.Earlier))
	var rows [][]string
	for _, e := range t.Earlier {
		result, entry := "FAILED", "its entry is withheld"
		if e.Continued {
			result = "continued"
		}
		if e.Entry != nil {
			entry = fmt.Sprintf("recorded in entry %d", *e.Entry)
		}
		rows = append(rows, []string{result, string(e.Disclosure), plural(e.Size, "entry", "entries"), entry})
	}
	t.table(rows)
}

// register writes what the proof shows of the register, and who vouches for it.
func (t *textReport) register() {
	r := t.Register
	if r == nil {
		return
	}
	t.b.WriteString("\nRegister\n")
	rows := [][]string{{"register", fmt.Sprintf("%s, %s", show(r.Origin), plural(r.Size, "entry", "entries"))},
		{"head of this log", fmt.Sprintf("entry %d of %s", r.Entry, r.At)}}
	for _, w := range r.Witnesses {
		rows = append(rows, []string{"cosigned by", fmt.Sprintf("%s at %s", show(w.Witness), w.At)})
	}
	if len(r.Witnesses) == 0 {
		rows = append(rows, []string{"cosigned by", "nobody whom you named as a witness"})
	}
	for _, name := range r.Unknown {
		rows = append(rows, []string{"not checked", show(name)})
	}
	if n := len(r.Timestamps); n > 0 {
		rows = append(rows, []string{"time stamps", fmt.Sprintf("%d, not checked", n)})
	}
	t.table(rows)
}

// plural returns "1 entry" or "7 entries".
func plural(n int64, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}
