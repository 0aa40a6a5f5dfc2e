package evidence_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// How large a part may be so that it fits a person's head.
const (
	maxLines            = 3000 // of a package, without its tests
	maxInterfaceMethods = 12
	maxTypeMethods      = 40
)

// larger are the parts that may be larger, each with the reason: packages by their
// path, interfaces and types as path.Name.
func larger() map[string]string {
	return map[string]string{
		"api":                        "a file for each resource, all on one server",
		"api.Server":                 "a method for each operation of the HTTP interface; what each needs is a small interface of its own",
		"evidence/bundle":            "one format, written and verified by the same code, of which the offline verifier and the page are made",
		"evidence/bundle.verifier":   "one walk through a bundle that remembers what it saw",
		"evidence/audit.run":         "one comparison of everything with everything that remembers what it found",
		"evidence/audit":             "one comparison of everything with everything; to be split by what it compares",
		"evidence/audit.Registry":    "all that an audit compares, read by nothing else; it adds nothing",
		"evidence/indicator.scanner": "a method for each form in which an indicator is written; to be split by kind",
		"evidence/state.Case":        "the one fold: a method for each act that it takes in or judges",
		"evidence/registry.Registry": "the one adapter of what all rooms declare: each method is a query",
		"evidence/rooms.Registry":    "the sum of what the rooms declare: only the wiring sees it",
	}
}

// sourcePackage is a package of ours as it is written.
type sourcePackage struct {
	path  string // within the module
	files []*ast.File
	lines int
}

// listSources reads the packages of the module, without their tests.
func listSources(t *testing.T) []sourcePackage {
	t.Helper()
	c := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Dir,GoFiles", "./...")
	c.Dir = ".."
	out, err := c.Output()
	if err != nil {
		t.Fatalf("listing the packages of the module: %v", err)
	}
	var all []sourcePackage
	files := token.NewFileSet()
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath, Dir string
			GoFiles         []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("reading the packages of the module: %v", err)
		}
		if strings.Contains(p.ImportPath, "/node_modules/") {
			continue
		}
		s := sourcePackage{path: strings.TrimPrefix(p.ImportPath, module+"/")}
		for _, name := range p.GoFiles {
			text, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			parsed, err := parser.ParseFile(files, name, text, parser.SkipObjectResolution|parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if ast.IsGenerated(parsed) {
				continue
			}
			s.files, s.lines = append(s.files, parsed), s.lines+bytes.Count(text, []byte("\n"))
		}
		all = append(all, s)
	}
}

// methods returns how many methods each type of the package has, declared on it.
func (p sourcePackage) methods() map[string]int {
	n := map[string]int{}
	for _, f := range p.files {
		for _, d := range f.Decls {
			m, ok := d.(*ast.FuncDecl)
			if !ok || m.Recv == nil {
				continue
			}
			of := m.Recv.List[0].Type
			if star, ok := of.(*ast.StarExpr); ok {
				of = star.X
			}
			if generic, ok := of.(*ast.IndexExpr); ok {
				of = generic.X
			}
			if name, ok := of.(*ast.Ident); ok {
				n[name.Name]++
			}
		}
	}
	return n
}

// interfaces returns the interfaces of each package, by path.Name.
func interfaces(all []sourcePackage) map[string]*ast.InterfaceType {
	found := map[string]*ast.InterfaceType{}
	for _, p := range all {
		for _, f := range p.files {
			for _, d := range f.Decls {
				g, ok := d.(*ast.GenDecl)
				if !ok || g.Tok != token.TYPE {
					continue
				}
				for _, s := range g.Specs {
					spec := s.(*ast.TypeSpec)
					if i, ok := spec.Type.(*ast.InterfaceType); ok {
						found[p.path+"."+spec.Name.Name] = i
					}
				}
			}
		}
	}
	return found
}

// methodsOf returns the names of the methods of an interface with those that it
// embeds, of our packages: the last element of a path names its package.
func methodsOf(name string, all map[string]*ast.InterfaceType) []string {
	path, _, _ := strings.Cut(name, ".")
	var names []string
	for _, field := range all[name].Methods.List {
		for _, id := range field.Names {
			names = append(names, id.Name)
		}
		switch embedded := field.Type.(type) {
		case *ast.Ident:
			if _, ok := all[path+"."+embedded.Name]; ok {
				names = append(names, methodsOf(path+"."+embedded.Name, all)...)
			}
		case *ast.SelectorExpr:
			end := "/" + embedded.X.(*ast.Ident).Name + "." + embedded.Sel.Name
			for other := range all {
				if strings.HasSuffix("/"+other, end) && other != name {
					names = append(names, methodsOf(other, all)...)
				}
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// TestStructure: no package, interface or object is larger than fits a head, but
// those that are named with a reason.
func TestStructure(t *testing.T) {
	all := listSources(t)
	if len(all) < 40 {
		t.Fatalf("the go command lists %d packages", len(all))
	}
	excused := larger()
	check := func(name string, n, most int, what string) {
		reason, ok := excused[name]
		switch {
		case n > most && !ok:
			t.Errorf("%s has %d %s, and may have %d: split it", name, n, what, most)
		case n > most && reason == "":
			t.Errorf("%s is larger for no reason", name)
		case n > most:
			excused[name] = "seen"
		}
	}
	for _, p := range all {
		check(p.path, p.lines, maxLines, "lines without tests")
		for name, n := range p.methods() {
			check(p.path+"."+name, n, maxTypeMethods, "methods")
		}
	}
	found := interfaces(all)
	for name := range found {
		check(name, len(methodsOf(name, found)), maxInterfaceMethods, "methods")
	}
	for name, reason := range excused {
		if reason != "seen" {
			t.Errorf("%s is named as larger, and is not: take it off the list", name)
		}
	}
}

// TestStructureCounts: what an interface embeds counts.
func TestStructureCounts(t *testing.T) {
	const text = `package a
type Small interface { One(); Two() }
type Large interface { Small; Three(); One() }
type T struct{}
func (T) A() {}
func (*T) B() {}
func (l *List[X]) C() {}
type List[X any] struct{}`
	f, err := parser.ParseFile(token.NewFileSet(), "a.go", text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	p := sourcePackage{path: "evidence/a", files: []*ast.File{f}}
	if n := p.methods(); n["T"] != 2 || n["List"] != 1 {
		t.Errorf("methods %v", n)
	}
	if got := methodsOf("evidence/a.Large", interfaces([]sourcePackage{p})); !slices.Equal(got, []string{"One", "Three", "Two"}) {
		t.Errorf("methods of the interface %v", got)
	}
}
