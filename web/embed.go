// Package web holds the pages: their sources (TypeScript, in src) and the Go
// handler that serves the build out of the binary.
//
// The build goes to dist/app, which git does not keep. Without it the handler
// serves the placeholder dist/index.html, so that "go build" needs no Node.
//
// The pages load nothing from elsewhere and run under ContentSecurityPolicy.
// The program sets that constant on every response; on HTML the handler puts
// the same policy with a fresh nonce for style elements in its place, because
// the component kit writes its design tokens in one.
package web

import (
	"bytes"
	"crypto/rand"
	"embed"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed all:dist
var dist embed.FS

// ContentSecurityPolicy is what the pages need and all that they need:
// scripts, styles, workers and connections of the same origin only.
const ContentSecurityPolicy = "default-src 'self'; script-src 'self'; style-src 'self'; worker-src 'self'; " +
	"connect-src 'self'; img-src 'self' data: blob:; font-src 'self'; object-src 'none'; base-uri 'none'; " +
	"form-action 'self'; frame-ancestors 'none'"

// NonceMark stands in index.html where the nonce of a response belongs.
const NonceMark = "__STYLE_NONCE__"

const (
	immutable = "public, max-age=31536000, immutable"
	noStore   = "no-store"
)

// Handler serves the embedded pages; see New.
func Handler() http.Handler {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // "dist" is a valid path: fs.Sub fails for no other reason
	}
	return New(sub)
}

// New serves the pages in files: app/index.html where the build is there,
// otherwise the placeholder index.html. Files under app/assets/ have the hash
// of their content in their name and are served as immutable; HTML is never
// stored. A path that is no file gets the page, which knows its routes, except
// under /api, /uploads, /healthz and /readyz and where a file was plainly
// meant: those are answered with 404. Only GET and HEAD are allowed.
func New(files fs.FS) http.Handler {
	if app, err := fs.Sub(files, "app"); err == nil && isFile(app, "index.html") {
		files = app
	}
	return pages{files: files, static: http.FileServerFS(files)}
}

type pages struct {
	files  fs.FS
	static http.Handler
}

// ServeHTTP implements http.Handler.
func (p pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	switch {
	case reserved(name):
		http.NotFound(w, r)
	case name != "" && name != "index.html" && isFile(p.files, name):
		p.serveFile(w, r, name)
	case path.Ext(name) != "" && name != "index.html":
		http.NotFound(w, r)
	default:
		p.serveIndex(w, r)
	}
}

// reserved reports whether a path belongs to the interface for programs, where
// a page in place of an answer would only confuse.
func reserved(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	switch first {
	case "api", "uploads", "healthz", "readyz", "assets":
		return !strings.HasPrefix(name, "assets/") || path.Ext(name) == ""
	}
	return false
}

func isFile(files fs.FS, name string) bool {
	info, err := fs.Stat(files, name)
	return err == nil && info.Mode().IsRegular()
}

func (p pages) serveFile(w http.ResponseWriter, r *http.Request, name string) {
	cache := "no-cache"
	if strings.HasPrefix(name, "assets/") {
		cache = immutable
	}
	w.Header().Set("Cache-Control", cache)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	p.static.ServeHTTP(w, r)
}

func (p pages) serveIndex(w http.ResponseWriter, r *http.Request) {
	page, err := fs.ReadFile(p.files, "index.html")
	if errors.Is(err, fs.ErrNotExist) {
		http.NotFound(w, r)
		return
	} else if err != nil {
		http.Error(w, "the page cannot be read", http.StatusInternalServerError)
		return
	}
	nonce := rand.Text()
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", noStore)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Content-Security-Policy", withStyleNonce(ContentSecurityPolicy, nonce))
	if r.Method == http.MethodHead {
		return
	}
	// An error here is a reader that went away: there is nobody to tell.
	_, _ = w.Write(bytes.ReplaceAll(page, []byte(NonceMark), []byte(nonce)))
}

// withStyleNonce allows style elements that carry nonce, and nothing else more.
func withStyleNonce(policy, nonce string) string {
	return strings.Replace(policy, "style-src 'self'", "style-src 'self' 'nonce-"+nonce+"'", 1)
}
