package session

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// notes of times.
const (
	noZone     = "no zone is stated: local time of the machine"
	ofCopying  = "time of the copying, not of the event"
	ofTheStore = "counted since 1970"
)

// TimeOf reads a time that a record says: RFC 3339, or a number of seconds,
// milliseconds, microseconds or nanoseconds since 1970, told apart by size. Text
// without a zone is kept and not turned into an instant.
func TimeOf(v rawjson.Value) Time {
	if !v.Is(rawjson.String) && !v.Is(rawjson.Number) {
		return Time{}
	}
	said := Name(v)
	if v.Is(rawjson.Number) {
		return count(said)
	}
	return Written(said)
}

// Written is TimeOf for text.
func Written(said string) Time {
	if said == "" {
		return Time{}
	}
	if t, err := time.Parse(time.RFC3339Nano, said); err == nil && inRange(t) {
		return Time{Said: said, Millis: t.UnixMilli(), Known: true}
	}
	for _, layout := range []string{"2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04"} {
		if _, err := time.Parse(layout, said); err == nil {
			return Time{Said: said, Note: noZone}
		}
	}
	if strings.Trim(said, "0123456789.") == "" {
		return count(said)
	}
	return Time{Said: said, Note: "not a time that is known"}
}

// count reads a number since 1970.
func count(said string) Time {
	n, err := strconv.ParseFloat(said, 64)
	if err != nil || n < 1e8 || n > 9e18 {
		return Time{Said: said, Note: "not a time that is known"}
	}
	per := 1e3
	for n*per > 1e13 {
		per /= 1e3
	}
	millis := int64(math.Round(n * per))
	if whole, err := strconv.ParseInt(said, 10, 64); err == nil && per < 1 {
		millis = whole / int64(math.Round(1/per))
	}
	if !inRange(time.UnixMilli(millis)) {
		return Time{Said: said, Note: "not a time that is known"}
	}
	return Time{Said: said, Millis: millis, Known: true, Note: ofTheStore}
}

// inRange reports whether a year has four digits.
func inRange(t time.Time) bool { y := t.UTC().Year(); return y >= 1970 && y <= 9999 }

// UTC writes the instant, in UTC with milliseconds; "" when it is not known.
func (t Time) UTC() string {
	if !t.Known {
		return ""
	}
	return time.UnixMilli(t.Millis).UTC().Format("2006-01-02T15:04:05.000Z")
}

// Copied returns the time of a record that was written again: no instant.
func (t Time) Copied() Time {
	if t.Said == "" {
		return t
	}
	return Time{Said: t.Said, Note: ofCopying}
}
