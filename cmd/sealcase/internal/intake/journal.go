package intake

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/sealcase/sealcase/evidence"
)

// Journal remembers a delivery on this machine, a line a step, so that the
// same command goes on where it was interrupted. Only its owner can read it.
type Journal struct {
	Key    string            // of the delivery: what it creates, it creates once
	Intake evidence.IntakeID // empty until the server has it

	mu    sync.Mutex
	file  *os.File
	files map[evidence.FileName]progress // by Location
}

// progress is how far one file is.
type progress struct {
	Location evidence.FileName `json:"path"` // a type that keeps names that are not UTF-8
	Size     int64             `json:"size"`
	Modified int64             `json:"modified"` // Unix nanoseconds
	Upload   evidence.UploadID `json:"upload,omitempty"`
	Round    int               `json:"round,omitempty"` // how often it was begun anew
	Item     evidence.ItemID   `json:"item,omitempty"`
	Exhibit  string            `json:"exhibit,omitempty"`
	Digest   evidence.Digest   `json:"sha256,omitzero"`
	Read     int64             `json:"read,omitempty"` // bytes that were brought in, where that is not Size

	Brought *Brought `json:"collection,omitempty"` // of a folder
}

// length returns how many bytes were brought in.
func (p progress) length() int64 { return p.Read }

// line is one line of the journal; one of its fields is set.
type line struct {
	Key    string            `json:"key,omitempty"`
	Intake evidence.IntakeID `json:"intake,omitempty"`
	File   *progress         `json:"file,omitempty"`
}

// OpenJournal opens the journal of a delivery that is named by parts, in
// folder; a new one begins with the key that draw returns.
func OpenJournal(folder string, draw func() (string, error), parts ...string) (*Journal, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder of journals: %w", err)
	}
	name := evidence.Derive[evidence.EntryID](parts...)
	location := filepath.Join(folder, hex.EncodeToString([]byte(name[6:14]))+".jsonl")
	j := &Journal{files: map[evidence.FileName]progress{}}
	if err := j.read(location); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(location, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the journal: %w", err)
	}
	j.file = file
	if j.Key != "" {
		return j, nil
	}
	if j.Key, err = draw(); err != nil {
		return nil, err
	}
	return j, j.write(line{Key: j.Key})
}

// read takes in what an earlier run wrote. A last line that was cut off by a
// crash is passed over: what it said is asked of the server again.
func (j *Journal) read(location string) error {
	raw, err := os.ReadFile(location)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return fmt.Errorf("reading the journal: %w", err)
	}
	lines := bufio.NewScanner(bytes.NewReader(raw))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l line
		if json.Unmarshal(lines.Bytes(), &l) != nil {
			continue
		}
		if l.Key != "" {
			j.Key = l.Key
		}
		if l.Intake != "" {
			j.Intake = l.Intake
		}
		if l.File != nil {
			j.files[l.File.Location] = *l.File
		}
	}
	return lines.Err()
}

func (j *Journal) write(l line) error {
	raw, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("writing the journal: %w", err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := j.file.Write(append(raw, '\n')); err != nil {
		return fmt.Errorf("writing the journal: %w", err)
	}
	return nil
}

// Opened notes the server's intake.
func (j *Journal) Opened(id evidence.IntakeID) error {
	j.Intake = id
	return j.write(line{Intake: id})
}

// of returns how far a file is, of which fresh has what tells it from others;
// nothing when it is another file by now.
func (j *Journal) of(fresh progress) progress {
	j.mu.Lock()
	defer j.mu.Unlock()
	known, ok := j.files[fresh.Location]
	if !ok || known.Size != fresh.Size || known.Modified != fresh.Modified {
		return fresh
	}
	return known
}

// folder returns how far a part of a folder is, and whether anything is known.
func (j *Journal) folder(location evidence.FileName) (p progress, known bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if p, known = j.files[location]; !known {
		p.Location = location
	}
	return p, known
}

// planPlace returns where the plan of a collection is kept.
func (j *Journal) planPlace(location evidence.FileName) string {
	return j.file.Name() + "." + evidence.Sum([]byte(location)).String()[:16] + ".plan"
}

func (j *Journal) note(p progress) error {
	j.mu.Lock()
	j.files[p.Location] = p
	j.mu.Unlock()
	return j.write(line{File: &p})
}

// Resumed returns how many files an earlier run has brought in.
func (j *Journal) Resumed() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	n := 0
	for _, p := range j.files {
		if p.Item != "" {
			n++
		}
	}
	return n
}

// Close closes the journal and keeps it.
func (j *Journal) Close() error { return j.file.Close() }

// Done removes the journal: the same command is a new delivery then.
func (j *Journal) Done() error {
	plans, _ := filepath.Glob(j.file.Name() + ".*.plan")
	errs := []error{j.file.Close(), os.Remove(j.file.Name())}
	for _, p := range plans {
		errs = append(errs, os.Remove(p))
	}
	return errors.Join(errs...)
}
