package page

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"strings"
)

//go:embed source
var source embed.FS

// policy is the content security policy of the page. "default-src 'none'"
// forbids every connection, picture, font and frame; what is allowed is the
// page's own script and style, by their hashes, the compiled program, and the
// worker that runs it.
const policy = "default-src 'none'; script-src 'sha256-%s' 'wasm-unsafe-eval'; style-src 'sha256-%s'; worker-src blob:; " +
	"base-uri 'none'; form-action 'none'"

// Assemble returns the page around a program, compiled for js/wasm, and the
// loader that comes with the Go that compiled it (lib/wasm/wasm_exec.js).
func Assemble(program, loader []byte) ([]byte, error) {
	packed, err := pack(program)
	if err != nil {
		return nil, err
	}
	script, err := sources("files.js", "verdict.js", "timeline.js", "page.js")
	if err != nil {
		return nil, err
	}
	worker, err := sources("worker.js")
	if err != nil {
		return nil, err
	}
	style, err := sources("style.css")
	if err != nil {
		return nil, err
	}
	frame, err := sources("page.html")
	if err != nil {
		return nil, err
	}
	worker = string(loader) + "\n" + worker
	for name, text := range map[string]string{"script": script, "worker": worker, "style": style} {
		if strings.Contains(text, "</") {
			return nil, fmt.Errorf("the %s holds \"</\", which would end its element", name)
		}
	}
	return []byte(strings.NewReplacer(
		"{{policy}}", fmt.Sprintf(policy, hash(script), hash(style)),
		"{{style}}", style, "{{script}}", script, "{{worker}}", worker, "{{program}}", packed,
	).Replace(frame)), nil
}

// pack returns a program as base64 of gzip. The gzip header bears no time.
func pack(program []byte) (string, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return "", fmt.Errorf("packing the program: %w", err)
	}
	if _, err := z.Write(program); err != nil {
		return "", fmt.Errorf("packing the program: %w", err)
	}
	if err := z.Close(); err != nil {
		return "", fmt.Errorf("packing the program: %w", err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

// sources returns files of the folder source, one after the other.
func sources(names ...string) (string, error) {
	var all strings.Builder
	for _, name := range names {
		text, err := source.ReadFile("source/" + name)
		if err != nil {
			return "", fmt.Errorf("reading the sources of the page: %w", err)
		}
		all.Write(text)
	}
	return all.String(), nil
}

// hash is how a policy names an inline element.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}
