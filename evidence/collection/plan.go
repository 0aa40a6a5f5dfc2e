package collection

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
)

// Plan is a collection before a byte of its files is read: what it will hold,
// where, and how long it is. Reading its Stream fills in what was found.
type Plan struct {
	header Header
	secret [32]byte
	lines  []Line // line i+1 of the manifest

	manifest member    // with its length and place
	dir      directory // of the whole zip
	length   int64
}

// NewPlan makes a plan of lines, in any order, which it takes over. A file whose
// bytes are to be read has a Length, and nothing yet of what follows from
// reading. The nonces are made of secret: the same secret and the same files are
// the same bytes. It fails with Invalid where lines cannot stand in a manifest.
func NewPlan(h Header, secret [32]byte, lines []Line) (*Plan, error) {
	h.Type, h.Entries = Type, int64(len(lines))
	p := &Plan{header: h, secret: secret, lines: lines, manifest: member{name: manifestName}}
	if len(lines) >= MaxLines {
		return nil, evidence.Errorf(evidence.TooLarge, "a collection may have %d files and folders, this has %d; bring it in in parts", MaxLines-1, len(lines))
	}
	p.header.Nonce = p.nonce(0)
	slices.SortFunc(lines, func(a, b Line) int { return Compare(a.Path, b.Path) })
	for i := range lines {
		if i > 0 && lines[i].Path == lines[i-1].Path {
			return nil, evidence.Errorf(evidence.Invalid, "%s is in the collection twice", lines[i].Path.Display())
		}
		p.begin(i)
	}
	return p, p.measure()
}

// begin fills in what a line says before its bytes are read, with values that
// are as long as those that come.
func (p *Plan) begin(i int) {
	l := &p.lines[i]
	l.Nonce = p.nonce(int64(i) + 1)
	if l.Length == nil {
		return
	}
	l.Member = memberName(string(l.Path), int64(i)+1)
	l.found(sums{sha256: evidence.Digest{1}, sha1: SHA1{1}, md5: MD5{1}}, Whole, *l.Length)
}

// found fills in what reading gave.
func (l *Line) found(s sums, state State, got int64) {
	l.Digest, l.SHA1, l.MD5, l.CRC, l.State = s.sha256, s.sha1, s.md5, crcText(s.crc), state
	l.Got = fmt.Sprintf("%0*d", len(strconv.FormatInt(*l.Length, 10)), got)
}

// nonce returns the nonce of a line of the manifest.
func (p *Plan) nonce(index int64) Nonce {
	mac := hmac.New(sha256.New, p.secret[:])
	fmt.Fprintf(mac, "%s\x00%d", Type, index)
	return Nonce(mac.Sum(nil)[:len(Nonce{})])
}

// measure adds everything up.
func (p *Plan) measure() error {
	at := int64(0)
	text, err := p.text(0)
	if err != nil {
		return err
	}
	if _, err := readHeader(text); err != nil {
		return evidence.WrapError(evidence.Invalid, err, "this collection cannot be made")
	}
	size := int64(len(text)) + 1
	for i, l := range p.lines {
		text, err := p.text(i + 1)
		if err != nil {
			return err
		}
		if problem := l.problem(int64(i) + 1); problem != "" {
			return evidence.Errorf(evidence.Invalid, "%s cannot be in a collection: %s", l.Path.Display(), problem)
		}
		size += int64(len(text)) + 1
		if l.Member != "" {
			m := member{name: l.Member, length: *l.Length, offset: at}
			p.dir.add(m)
			at = m.end()
		}
	}
	p.manifest.length, p.manifest.offset = size, at
	p.dir.add(p.manifest)
	start := p.manifest.end()
	p.length = start + p.dir.size + p.dir.endLength(start)
	return nil
}

// text returns a line of the manifest without its LF; line 0 is the header.
func (p *Plan) text(index int) ([]byte, error) {
	if index == 0 {
		return canon.Marshal(p.header)
	}
	return canon.Marshal(p.lines[index-1])
}

// Length returns the length of the collection in bytes.
func (p *Plan) Length() int64 { return p.length }

// Lines returns the lines of the manifest after the first, in their order. They
// are the plan's own.
func (p *Plan) Lines() []Line { return p.lines }

// Header returns the first line of the manifest.
func (p *Plan) Header() Header { return p.header }

// Collection returns what is known of the collection before it is read: all but
// the root of its tree.
func (p *Plan) Collection() evidence.Collection {
	return evidence.Collection{Leaves: int64(len(p.lines)) + 1, Manifest: p.manifest.content()}
}
