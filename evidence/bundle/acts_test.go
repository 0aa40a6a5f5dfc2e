package bundle_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
)

// TestActsAreTheSameEverywhere holds the rules of the independent verifier, and
// the tables of FORMAT.md, to those by which this program judges.
func TestActsAreTheSameEverywhere(t *testing.T) {
	type rule struct{ Signer, Log, Withheld, Permission, Live, Closed, Since string }
	type allowance struct {
		Roles []string
		Grant string
	}
	type tables struct {
		Version    int
		Acts       map[string]rule
		Allowances map[string]allowance
		States     map[string][]string
		Grants     []string
		Classes    []string
	}
	ours := tables{Version: act.RulesVersion, Acts: map[string]rule{}, Allowances: map[string]allowance{}, States: map[string][]string{}}
	for _, r := range act.Table() {
		live, since := "", ""
		if r.Live {
			live = "live"
		}
		if r.Since > 0 {
			since = strconv.Itoa(r.Since)
		}
		ours.Acts[string(r.Act)] = rule{string(r.Signer), string(r.Log), string(r.Withheld), string(r.Needs), live, string(r.Closed), since}
		if attest.OnlyMachine(r.Act) != (r.Signer == act.ByMachine) {
			t.Errorf("package attest has another signer of %q", r.Act)
		}
	}
	for _, a := range act.Allowances() {
		ours.Allowances[string(a.Permission)] = allowance{texts(a.Roles), string(a.Grant)}
	}
	for list := []evidence.CaseState{evidence.StateIntake}; len(list) > 0; list = list[1:] {
		if _, known := ours.States[string(list[0])]; !known {
			ours.States[string(list[0])] = texts(list[0].Next())
			list = append(list, list[0].Next()...)
		}
	}
	ours.Grants, ours.Classes = texts(evidence.Grants()), texts(evidence.Classes())

	out, err := exec.CommandContext(t.Context(), "python3", "-B", "-c", `import json, sys; sys.path.insert(0, "independent"); import verify as v
print(json.dumps({"Version": v.RULES, "Acts": {act: {name.capitalize(): text for name, text in rule._asdict().items()} for act, rule in v.ACTS.items()},
  "Allowances": {p: {"Roles": roles, "Grant": grant} for p, (roles, grant) in v.ALLOWANCES.items()}, "States": v.STATES, "Grants": v.GRANTS, "Classes": v.CLASSES}))`).Output()
	if err != nil {
		t.Fatal(err)
	}
	var its tables
	if err := json.Unmarshal(out, &its); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ours, its); diff != "" {
		t.Errorf("verify.py has other rules (-ours +its): %s", diff)
	}

	format := must(os.ReadFile("FORMAT.md"))
	said := tables{Version: act.RulesVersion, Acts: map[string]rule{}, Allowances: map[string]allowance{}, States: map[string][]string{}, Grants: ours.Grants, Classes: ours.Classes}
	for _, row := range tableOf(string(format), "| act | signed by | log | withheld | permission | live | closed | since |") {
		said.Acts[row[0]] = rule{row[1], row[2], row[3], row[4], row[5], row[6], row[7]}
	}
	for _, row := range tableOf(string(format), "| permission | roles | grant |") {
		said.Allowances[row[0]] = allowance{strings.Fields(row[1]), row[2]}
	}
	for _, row := range tableOf(string(format), "| state | may become |") {
		said.States[row[0]] = strings.Fields(row[1])
	}
	if diff := cmp.Diff(ours, said); diff != "" {
		t.Errorf("FORMAT.md has other rules (-ours +its): %s", diff)
	}
	if want := fmt.Sprintf("version **%d** of the rules", act.RulesVersion); !strings.Contains(string(format), want) {
		t.Errorf("FORMAT.md does not say that it has %s", want)
	}
	for _, row := range tableOf(string(format), "| act | about | details that a verifier reads |") {
		for name := range strings.SplitSeq(row[0], ", ") {
			delete(ours.Acts, name)
		}
	}
	if len(ours.Acts) > 0 {
		t.Errorf("the table of section 5.2 lacks %v", ours.Acts)
	}
}

func texts[T ~string](list []T) []string {
	all := []string{}
	for _, one := range list {
		all = append(all, string(one))
	}
	return all
}

// tableOf returns the cells of a table of FORMAT.md, without marks of code.
func tableOf(format, head string) [][]string {
	_, rest, _ := strings.Cut(format, "\n"+head+"\n")
	table, _, _ := strings.Cut(rest, "\n\n")
	var rows [][]string
	for _, line := range strings.Split(table, "\n")[1:] {
		var row []string
		for _, cell := range strings.Split(strings.Trim(line, "|"), "|") {
			row = append(row, strings.ReplaceAll(strings.TrimSpace(cell), "`", ""))
		}
		rows = append(rows, row)
	}
	return rows
}
