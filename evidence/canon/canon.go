// Package canon writes and reads the one form of JSON that this program
// hashes and signs: RFC 8785 (JSON Canonicalization Scheme), narrowed to
// strings, booleans, arrays, objects and integers that every JSON reader keeps
// exactly. Two programs that record the same value write the same bytes, and
// bytes that were accepted once re-encode to themselves.
//
// Marshal what is to be hashed or signed, keep those bytes, and Unmarshal them
// to read; never hash what was re-encoded. Package canon holds no types of its
// own and performs no input or output.
package canon

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"

	"github.com/gowebpki/jcs"

	"github.com/sealcase/sealcase/evidence"
)

const (
	// MaxSize is the longest text that Marshal writes and Unmarshal reads, in
	// bytes: 1 MiB. An entry, a seal or a head is far smaller.
	MaxSize = 1 << 20
	// MaxInteger is the largest absolute value of a number: 2^53-1, the largest
	// that an IEEE 754 double, and so any JSON reader, keeps exactly (RFC 7493
	// section 2.2).
	MaxInteger = 1<<53 - 1
)

// Marshal returns the canonical text of v. It fails with Invalid where v holds
// what that form cannot say exactly (a float, an integer beyond MaxInteger, a
// string that is not valid UTF-8), and with TooLarge over MaxSize.
func Marshal(v any) ([]byte, error) {
	text, err := marshal(v)
	if err != nil {
		return nil, err
	}
	if len(text) > MaxSize {
		return nil, evidence.Errorf(evidence.TooLarge, "a canonical text may have %d bytes, this has %d", MaxSize, len(text))
	}
	return text, nil
}

// marshal writes v by the plan of its type, where it has one: a log of 10^5
// entries is to be read in seconds. Transform is the measure; a fuzz test holds
// the plans to it.
func marshal(v any) ([]byte, error) {
	value := reflect.ValueOf(v)
	for value.Kind() == reflect.Pointer && !value.IsNil() {
		value = value.Elem()
	}
	if value.IsValid() {
		if p := planOf(value.Type()); p != nil {
			return p.write(make([]byte, 0, usualSize), value)
		}
	}
	return transform(v)
}

// usualSize is the length of most texts, in bytes.
const usualSize = 1 << 10

// transform writes any v by way of encoding/json and package jcs.
func transform(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, evidence.WrapError(evidence.Invalid, err, "a value cannot be written as canonical JSON")
	}
	// encoding/json replaces what is not UTF-8 and hides that a number was a
	// float, so the value itself is asked; it has no cycle, or json.Marshal had
	// failed.
	if err := exact(reflect.ValueOf(v)); err != nil {
		return nil, err
	}
	if err := integers(raw); err != nil {
		return nil, err
	}
	text, err := jcs.Transform(raw)
	if err != nil {
		return nil, evidence.WrapError(evidence.Invalid, err, "a value cannot be written as canonical JSON")
	}
	return text, nil
}

// Unmarshal reads canonical text into v, a pointer to a zero value. It fails
// with Malformed on anything that Marshal(v) would not have written byte for
// byte: white space, keys that are unknown, doubled, out of order or in another
// case, a default spelled out, a float, an escape that need not be. What v
// holds after a failure is not to be used.
func Unmarshal(data []byte, v any) error {
	if len(data) > MaxSize {
		return evidence.Errorf(evidence.Malformed, "a canonical text may have %d bytes, this has %d", MaxSize, len(data))
	}
	if readByPlan(data, v) {
		return nil
	}
	return readJSON(data, v)
}

// readJSON is Unmarshal by way of encoding/json.
func readJSON(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	d.UseNumber() // so that integers behind an any stay exact
	if err := d.Decode(v); err != nil {
		return evidence.WrapError(evidence.Malformed, err, "the text is not the JSON that is expected here")
	}
	if _, err := d.Token(); err != io.EOF {
		return evidence.Errorf(evidence.Malformed, "something follows the JSON value")
	}
	again, err := Marshal(v)
	if err != nil {
		return evidence.WrapError(evidence.Malformed, err, "the text holds what canonical JSON cannot say")
	}
	if !bytes.Equal(again, data) {
		return evidence.Errorf(evidence.Malformed, "the text is not in canonical form (RFC 8785)")
	}
	return nil
}
