//go:build js && wasm

// Command wasm is the verifier as a browser runs it: it waits, and answers the
// functions that it puts into the global object "sealcase". It reads the bundle
// through a function of the page, a window at a time, so that a bundle of many
// GiB needs no memory. It builds for js/wasm only.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"syscall/js"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
)

func main() {
	js.Global().Set("sealcase", js.ValueOf(map[string]any{
		"verify":  answer(verify),
		"keys":    answer(keysInside),
		"entries": answer(entries),
	}))
	select {} // the page calls from now on
}

// answer makes a function for the page: one object in, JSON out. A failure is
// {"error": "..."}; what is wrong with a bundle is no failure.
func answer(f func(request js.Value) (any, error)) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) any {
		result, err := f(args[0])
		if err != nil {
			result = map[string]string{"error": evidence.FileName(err.Error()).Display()}
		}
		text, err := json.Marshal(result)
		if err != nil {
			return `{"error":"the result cannot be written"}`
		}
		return string(text)
	})
}

// verdict is what the page shows of a verification.
type verdict struct {
	Report bundle.Report `json:"report"`
	Text   string        `json:"text"` // the report for people, as sealcase-verify prints it
}

// verify checks the bundle of a request: read(offset, length), size, the
// trusted keys and those of witnesses as text, and the proof if there is one.
func verify(request js.Value) (any, error) {
	keys, err := evidence.ParseVKeys([]byte(request.Get("keys").String()))
	if err != nil {
		return nil, err
	}
	witnesses, err := witnessKeys(request.Get("witnesses").String())
	if err != nil {
		return nil, err
	}
	opts := bundle.Options{Witnesses: witnesses}
	if proof := request.Get("proof"); proof.Type() == js.TypeObject {
		opts.Proof = make([]byte, proof.Length())
		js.CopyBytesToGo(opts.Proof, proof)
	}
	r := newReader(request)
	report, err := bundle.Verify(context.Background(), r, r.size, keys, opts)
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	if err := report.WriteText(&text); err != nil {
		return nil, err
	}
	return verdict{report, text.String()}, nil
}

// witnessKeys reads keys of witnesses, one a line.
func witnessKeys(text string) (keys []evidence.WitnessKey, err error) {
	for _, line := range evidence.KeyLines([]byte(text)) {
		k, err := evidence.ParseWitnessKey(line)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	return keys, nil
}

// keysInside returns the keys that the bundle itself holds. They are not to be
// trusted, only compared with those from elsewhere.
func keysInside(request js.Value) (any, error) {
	text, err := newReader(request).member("custody/keys.vkey")
	if err != nil {
		return nil, err
	}
	if _, err := evidence.ParseVKeys(text); err != nil {
		return nil, err
	}
	return map[string]string{"keys": string(text)}, nil
}

// entries hands the lines of the log, as the bundle has them, to the page's
// function lines, one file of the bundle at a time.
func entries(request js.Value) (any, error) {
	take := request.Get("lines")
	err := newReader(request).eachMember("custody/entries/", func(text []byte) {
		take.Invoke(string(bytes.ToValidUTF8(text, []byte("\uFFFD"))))
	})
	return map[string]bool{"done": true}, err
}
