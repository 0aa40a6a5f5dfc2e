package evidence_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/sealcase/sealcase"

// rule says what some packages of this module may import, outside their tests.
// A pattern that ends in "/..." means a package and all below it; "..." alone
// means every package.
type rule struct {
	of []string // the packages, as paths within the module
	// own are the packages of the module that they may reach; nil means any.
	own []string
	// never are import paths that they may not reach, not even through others.
	never []string
}

// pure are the packages that speak of evidence without touching the world.
func pure() []string {
	return []string{
		"evidence", "evidence/act", "evidence/state", "evidence/canon", "evidence/ledger", "evidence/seal", "evidence/attest", "evidence/alarms", "evidence/bundle/...", "evidence/collection",
		"evidence/indicator/...", "evidence/analyze/...", "evidence/internal/...",
	}
}

// engine is the log engine, what it stands on, and some of the rooms.
func engine(some ...string) []string {
	list := append(pure(), "evidence/mirror/...", "evidence/logbook/...")
	for _, room := range some {
		list = append(list, "evidence/"+room+"/...")
	}
	return list
}

// rooms are all rooms: no room but the exhibits is reached by another.
func rooms() []string {
	return engine("clerk", "custody", "exhibit", "intake", "disclose", "register", "rooms")
}

// drivers says, for each driver and framework, who may import it.
func drivers() map[string][]string {
	return map[string][]string{
		"github.com/hashicorp/vault/...":    {"evidence/vault/...", "deploy/..."},
		"github.com/minio/minio-go/...":     {"evidence/object/...", "deploy/..."},
		"go.mongodb.org/mongo-driver/...":   {"evidence/registry/...", "deploy/..."},
		"github.com/jackc/pgx/...":          {"evidence/registry/...", "deploy/..."},
		"go.temporal.io/...":                {"workflows/...", "cmd/...", "deploy/..."},
		"github.com/gin-gonic/...":          {"api/..."},
		"github.com/danielgtaylor/huma/...": {"api/..."},
		"github.com/tus/tusd/...":           {"api/..."},
		"golang.org/x/exp/...":              {"api/..."}, // tusd's logger
		"github.com/stretchr/testify/...":   {},          // tests only, and there go-cmp first
		"github.com/secure-systems-lab/...": {},          // tests compare with it
		"filippo.io/torchwood/...":          {},          // tests compare with it
		"github.com/digitorus/...":          {"evidence/timestamp/..."},
		module + "/deploy/...":              {"deploy/..."},
		module + "/cmd/...":                 {"cmd/..."},
		module + "/api/...":                 {"api/...", "cmd/...", "deploy/..."},
		module + "/web/...":                 {"api/...", "cmd/..."},
		module + "/evidence/vault/...":      {"cmd/...", "deploy/..."},
		module + "/evidence/object/...":     {"cmd/...", "deploy/..."},
		module + "/evidence/registry/...":   {"cmd/...", "deploy/..."},
		module + "/evidence/witness/...":    {"cmd/...", "deploy/..."},
		module + "/evidence/timestamp/...":  {"cmd/...", "deploy/..."},
		module + "/evidence/rooms/...":      {"cmd/...", "deploy/..."}, // who uses a room takes the interface that it needs
		module + "/workflows/worker/...":    {"cmd/...", "deploy/...", "workflows/worker/...", "workflows/workflowtest/..."},
	}
}

// rules are those of the section "Who may import whom" of the design.
func rules() []rule {
	worldly := slices.Collect(maps.Keys(drivers()))
	foreign := slices.DeleteFunc(slices.Clone(worldly), func(p string) bool { return strings.HasPrefix(p, module) })
	outer := []string{module + "/workflows/...", module + "/api/...", module + "/cmd/...", module + "/web/...", module + "/deploy/..."}
	return []rule{
		{of: []string{"evidence"}, own: []string{}, never: []string{"net/..."}},
		{of: pure(), own: pure(), never: append([]string{"net/http/..."}, worldly...)},
		{of: []string{"evidence/vault/..."}, own: append(pure(), "evidence/vault/...")},
		{of: []string{"evidence/object/..."}, own: append(pure(), "evidence/object/...")},
		{of: []string{"evidence/registry/..."}, own: append(pure(), "evidence/registry/...")},
		{of: []string{"evidence/witness/..."}, own: append(pure(), "evidence/witness/..."), never: worldly},
		{of: []string{"evidence/timestamp/..."}, own: append(pure(), "evidence/timestamp/...")},
		{of: []string{"evidence/mirror/..."}, own: append(pure(), "evidence/mirror/..."), never: append([]string{"net/http/..."}, worldly...)},
		{of: []string{"evidence/rebuild/..."}, own: append(pure(), "evidence/rebuild/...", "evidence/mirror/..."), never: append([]string{"net/http/..."}, worldly...)},
		{of: []string{"evidence/audit/..."}, own: append(pure(), "evidence/audit/...", "evidence/mirror/..."), never: append([]string{"net/http/..."}, worldly...)},
		{of: []string{"evidence/logbook/..."}, own: engine("logbook"), never: append([]string{"net/http/..."}, worldly...)},
		{of: []string{"evidence/clerk/..."}, own: engine("clerk"), never: append([]string{"net/http/..."}, worldly...)},
		{of: []string{"evidence/custody/..."}, own: engine("custody"), never: append([]string{"net/http/..."}, worldly...)},
		{of: []string{"evidence/register/..."}, own: engine("register"), never: append([]string{"net/http/..."}, worldly...)},
		{of: []string{"evidence/exhibit/..."}, own: engine("exhibit"), never: append([]string{"net/http/..."}, worldly...)},
		{of: []string{"evidence/intake/..."}, own: engine("intake", "exhibit"), never: append([]string{"net/http/..."}, worldly...)},
		{of: []string{"evidence/disclose/..."}, own: engine("disclose", "exhibit"), never: append([]string{"net/http/..."}, worldly...)},
		{of: []string{"evidence/rooms/..."}, own: rooms(), never: append([]string{"net/http/..."}, worldly...)},
		{of: []string{"evidence/..."}, never: outer},
		{of: []string{"workflows/..."}, own: append(rooms(), "evidence/audit/...", "workflows/...")},
		{of: []string{"api/..."}, own: append(rooms(), "evidence/audit/...", "workflows/...", "api/...", "web/...")},
		{of: []string{"web/..."}, own: []string{"web/..."}},
		{
			of:    []string{"cmd/sealcase-verify/..."},
			own:   []string{"evidence", "evidence/act", "evidence/state", "evidence/canon", "evidence/ledger", "evidence/seal", "evidence/attest", "evidence/bundle/...", "evidence/collection", "cmd/sealcase-verify/..."},
			never: append([]string{"net", "net/http/...", "os/exec", "plugin", "runtime/cgo"}, foreign...),
		},
	}
}

// matches reports whether an import path matches a pattern.
func matches(pattern, path string) bool {
	if root, ok := strings.CutSuffix(pattern, "/..."); ok {
		return path == root || strings.HasPrefix(path, root+"/")
	}
	return path == pattern || pattern == "..."
}

func matchesAny(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, path) })
}

// importsOf is what each package imports, outside its tests: the module's and
// all that they reach.
type importsOf map[string][]string

// listImports asks the go command. Packages that cannot be loaded at the
// moment still say what they import.
func listImports(t *testing.T) importsOf {
	t.Helper()
	c := exec.CommandContext(t.Context(), "go", "list", "-e", "-deps", "-json=ImportPath,Imports,Standard", "./...")
	c.Dir = ".."
	out, err := c.Output()
	if err != nil {
		t.Fatalf("listing the packages of the module: %v", err)
	}
	all := importsOf{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath string
			Imports    []string
			Standard   bool
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("reading the packages of the module: %v", err)
		}
		if !strings.Contains(p.ImportPath, "/node_modules/") {
			all[p.ImportPath] = p.Imports
		}
	}
	// A list of names; it imports the cookie jar only to say that it can serve
	// as its list, and uses nothing of it.
	all["golang.org/x/net/publicsuffix"] = nil
	return all
}

// chain returns how from reaches a package that bad names, or nothing.
func (all importsOf) chain(from string, bad func(path string) bool) []string {
	came := map[string]string{from: ""}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		for _, next := range all[queue[0]] {
			if _, seen := came[next]; seen {
				continue
			}
			came[next] = queue[0]
			if !bad(next) {
				queue = append(queue, next)
				continue
			}
			var path []string
			for p := next; p != ""; p = came[p] {
				path = append(path, strings.TrimPrefix(p, module+"/"))
			}
			slices.Reverse(path)
			return path
		}
	}
	return nil
}

// ours returns the packages of the module that the patterns name.
func (all importsOf) ours(patterns ...string) []string {
	var out []string
	for path := range all {
		if rest, ok := strings.CutPrefix(path, module+"/"); ok && matchesAny(patterns, rest) {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}

// TestImports is the house's walls: DESIGN.md, section 2.
func TestImports(t *testing.T) {
	all := listImports(t)
	if len(all.ours("evidence")) != 1 {
		t.Fatal("the go command does not list this package")
	}
	for _, r := range rules() {
		for _, path := range all.ours(r.of...) {
			foreign := func(p string) bool {
				rest, ok := strings.CutPrefix(p, module+"/")
				return ok && r.own != nil && !matchesAny(r.own, rest)
			}
			if c := all.chain(path, foreign); c != nil {
				t.Errorf("a package of the module that it may not reach: %s", strings.Join(c, " -> "))
			}
			never := func(p string) bool { return matchesAny(r.never, p) }
			if c := all.chain(path, never); c != nil {
				t.Errorf("an import that it may never reach: %s", strings.Join(c, " -> "))
			}
		}
	}
}

// TestDrivers: each driver has one home.
func TestDrivers(t *testing.T) {
	all := listImports(t)
	for _, path := range all.ours("...") {
		rest := strings.TrimPrefix(path, module+"/")
		for driver, homes := range drivers() {
			i := slices.IndexFunc(all[path], func(p string) bool { return matches(driver, p) })
			if i >= 0 && !matchesAny(homes, rest) {
				t.Errorf("%s imports %s, whose place is %v", rest, all[path][i], homes)
			}
		}
	}
}

// TestVocabularyIsStandardOnly: whoever reads evidence reads nothing else.
func TestVocabularyIsStandardOnly(t *testing.T) {
	all := listImports(t)
	for _, p := range all[module+"/evidence"] {
		if first, _, _ := strings.Cut(p, "/"); strings.Contains(first, ".") {
			t.Errorf("package evidence imports %s", p)
		}
		if matchesAny([]string{"os/...", "net/...", "log/...", "database/..."}, p) {
			t.Errorf("package evidence imports %s, and performs no input or output", p)
		}
	}
}

// TestTopLevel: a package lies in one of the rooms of the house.
func TestTopLevel(t *testing.T) {
	for path := range listImports(t) {
		rest, ok := strings.CutPrefix(path, module+"/")
		if room, _, _ := strings.Cut(rest, "/"); ok && !slices.Contains([]string{"cmd", "workflows", "evidence", "api", "web", "deploy"}, room) {
			t.Errorf("there is no room %q in the house: %s", room, path)
		}
	}
}

func TestImportsAreFound(t *testing.T) {
	all := importsOf{
		module + "/evidence/a": {"fmt", module + "/evidence/b"},
		module + "/evidence/b": {"example.org/lib"},
		"example.org/lib":      {"net/http"},
	}
	c := all.chain(module+"/evidence/a", func(p string) bool { return matches("net/...", p) })
	if want := []string{"evidence/a", "evidence/b", "example.org/lib", "net/http"}; !slices.Equal(c, want) {
		t.Errorf("got %v, want %v", c, want)
	}
	if c := all.chain(module+"/evidence/a", func(p string) bool { return p == "os" }); c != nil {
		t.Errorf("got %v, want nothing", c)
	}
	for _, tc := range []struct {
		pattern, path string
		want          bool
	}{
		{"net/...", "net", true}, {"net/...", "net/http", true}, {"net/...", "netip", false}, {"net", "net/http", false}, {"...", "x", true},
	} {
		if got := matches(tc.pattern, tc.path); got != tc.want {
			t.Errorf("%s matches %s: %t, want %t", tc.pattern, tc.path, got, tc.want)
		}
	}
}
