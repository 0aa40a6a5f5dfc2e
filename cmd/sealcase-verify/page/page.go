// Package page is the verifier as one web page: the same Go code, compiled to
// WebAssembly, in a file that opens without a server and checks a bundle that
// is dropped on it. It loads nothing and sends nothing: its content security
// policy allows no connection at all.
//
// The page is made from the files in source and the program in wasm by
//
//	go generate ./cmd/sealcase-verify/page
//
// which writes dist/verify.html. The same sources and the same version of Go
// give the same bytes, so that anybody can make the page again and compare.
package page

import (
	"embed"
	"io/fs"
)

//go:generate env GOOS=js GOARCH=wasm CGO_ENABLED=0 go build -trimpath -buildvcs=false "-ldflags=-s -w -buildid=" -o wasm/verify.wasm ./wasm
//go:generate go run ./assemble wasm/verify.wasm $GOROOT/lib/wasm/wasm_exec.js dist/verify.html

//go:embed all:dist
var dist embed.FS

// HTML returns the page, or nothing when the program was built without it.
func HTML() []byte {
	text, err := fs.ReadFile(dist, "dist/verify.html")
	if err != nil { // the embedded files can lack it, and fail in no other way
		return nil
	}
	return text
}
