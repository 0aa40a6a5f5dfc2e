// Package words knows what words in a line say of the number that stands beside
// them: that it is the number of a section, of a release, or an address.
package words

import (
	"bytes"
	"strings"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
)

// Comment reports whether a line before a place is only the beginning of a
// Comment in a program.
func Comment(line []byte) bool {
	line = bytes.Trim(line, " \t[(")
	for _, sign := range [...]string{"//", "///", "*", "/*", "/**", "--", ";;", "//!"} {
		if string(line) == sign {
			return true
		}
	}
	return false
}

// OfStandard reports whether one of the last words of a line names a standard,
// or a part of one.
func OfStandard(line []byte) bool {
	var buffer [24]byte
	for range 5 {
		var last []byte
		if line, last = lastWord(line, &buffer); len(last) == 0 {
			return false
		}
		for _, begins := range [...]string{"rfc", "ieee", "iso", "iec", "posix", "dwarf", "ecma", "c++", "itu", "sus", "ansi", "din", "spec"} {
			if bytes.HasPrefix(last, []byte(begins)) {
				return true
			}
		}
		switch string(last) {
		case "section", "clause", "subclause", "std", "standard", "part":
			return true
		}
	}
	return false
}

// OfRelease reports whether one of the last words of a line is about the
// releases of a program.
func OfRelease(line []byte) bool {
	var buffer [24]byte
	for range 4 {
		var last []byte
		if line, last = lastWord(line, &buffer); len(last) == 0 {
			return false
		}
		if AboutReleases(last) {
			return true
		}
		switch string(last) {
		case "upgrade", "upgraded", "upgrading", "upgrades", "downgrade", "downgraded", "bump", "bumped", "bumps", "backport", "backported", "merged", "fixes", "fixed", "introduced",
			"v8", "shipped", "deprecated":
			return true
		}
	}
	return false
}

// AboutReleases reports whether a word is about the releases of a program.
func AboutReleases(word []byte) bool {
	switch string(word) {
	case "release", "releases", "released", "version", "versions", "snapshot", "snapshots", "changelog":
		return true
	default:
		return false
	}
}

// lastWord returns the last word of a line without what stands around it, in
// buffer in lower case as far as there is room, and what is before it.
func lastWord(line []byte, buffer *[24]byte) (rest, last []byte) {
	line = bytes.TrimRight(line, " \t,;:()[]\"'`*")
	i := bytes.LastIndexAny(line, " \t([\"'`")
	return line[:i+1], char.Lower(buffer[:0], line[i+1:])
}

// NextWord appends to buffer the letters behind b[at] and a blank, in lower case.
func NextWord(b []byte, at int, buffer []byte) []byte {
	if at >= len(b) || b[at] != ' ' {
		return nil
	}
	end := at + 1
	for end < len(b) && end-at < 16 && char.Letter(b[end]) {
		end++
	}
	return char.Lower(buffer, b[at+1:end])
}

// EndsAsNetwork reports whether a name ends as those of addresses do.
func EndsAsNetwork(name []byte) bool {
	for _, end := range [...]string{"ip", "addr", "address", "host", "server", "peer", "client", "ipv4", "remote", "source", "src", "dst"} {
		if bytes.HasSuffix(name, []byte(end)) {
			return true
		}
	}
	return false
}

// OfPath reports whether the path of a picture may have c.
func OfPath(c byte) bool {
	return c <= '9' && (char.Digit(c) || c == ' ' || c == '.' || c == '-' || c == ',') || strings.IndexByte("MmLlHhVvCcSsQqTtAaZz", c) >= 0
}

// AboutVersions reports whether a name says that a number behind it is a
// version, or the number of a section.
func AboutVersions(name []byte) bool {
	for _, suffix := range [...]string{"version", "versions", "release", "releases", "revision", "firmware", "oid", "build", "ver", "upgrade", "semver"} {
		if bytes.HasSuffix(name, []byte(suffix)) {
			return len(name) == len(suffix) || len(suffix) > 3 || name[len(name)-4] == '_' || name[len(name)-4] == '-'
		}
	}
	switch string(name) {
	case "v", "v8", "rev", "section", "sections", "sec", "sect", "clause", "chapter", "figure", "fig", "table", "appendix", "annex", "paragraph", "para",
		"article", "art", "item", "step", "chrome", "edge", "firefox", "opera", "safari", "chromium", "headlesschrome", "android", "oids", "assemblyversion",
		"fileversion", "brave", "vivaldi", "webview", "windows", "driver", "kernel", "app_ver", "update", "patch", "hotfix", "bios", "msie":
		return true
	}
	return bytes.HasPrefix(name, []byte("version"))
}
