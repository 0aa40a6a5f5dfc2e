package intake

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/collection"
)

// savedHeader is the first line of a saved plan, and savedLine each other. The
// secret keeps names from being guessed; only the owner can read the file, and it
// goes when the collection is in the case.
type savedHeader struct {
	Header collection.Header `json:"header"`
	Secret []byte            `json:"secret"`
	Lines  int               `json:"lines"`
}

type savedLine struct {
	Line  collection.Line `json:"line"`
	Spool []byte          `json:"spool,omitempty"`
	Whole bool            `json:"whole,omitempty"` // Spool is what is brought in
}

// savePlan keeps a plan, so that a later run goes on with it.
func savePlan(place string, h collection.Header, secret [32]byte, lines []collection.Line, spooled map[evidence.FileName][]byte) error {
	part := place + ".part"
	file, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("saving the plan of a collection: %w", err)
	}
	buffered := bufio.NewWriterSize(file, 1<<20)
	to := json.NewEncoder(buffered)
	to.SetEscapeHTML(false)
	err = to.Encode(savedHeader{Header: h, Secret: secret[:], Lines: len(lines)})
	for i := 0; i < len(lines) && err == nil; i++ {
		data, whole := spooled[lines[i].Path]
		err = to.Encode(savedLine{Line: lines[i], Spool: data, Whole: whole})
	}
	if err = errors.Join(err, buffered.Flush(), file.Close()); err == nil {
		err = os.Rename(part, place)
	}
	if err != nil {
		return fmt.Errorf("saving the plan of a collection: %w", err)
	}
	return nil
}

// loadPlan returns a plan that an earlier run saved; nil when there is none, or
// it cannot be read: then another one is made.
func loadPlan(place string, into *folder) (*collection.Plan, error) {
	file, err := os.Open(place)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("reading the plan of a collection: %w", err)
	}
	defer file.Close()
	from := json.NewDecoder(bufio.NewReaderSize(file, 1<<20))
	var h savedHeader
	if from.Decode(&h) != nil || len(h.Secret) != 32 {
		return nil, nil
	}
	lines := make([]collection.Line, 0, min(h.Lines, collection.MaxLines))
	for range h.Lines {
		var l savedLine
		if from.Decode(&l) != nil {
			clear(into.spooled)
			return nil, nil
		}
		if l.Whole {
			into.spooled[l.Line.Path] = l.Spool
		}
		lines = append(lines, l.Line)
	}
	plan, err := collection.NewPlan(h.Header, [32]byte(h.Secret), lines)
	if err != nil { // of a program that made them otherwise
		clear(into.spooled)
		return nil, nil // another plan is made
	}
	return plan, nil
}
