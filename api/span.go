package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sealcase/sealcase/evidence"
)

// RangeHeaders ask for a part (RFC 9110 section 14).
type RangeHeaders struct {
	Range   string `header:"Range" doc:"One range of bytes; several are answered with the whole"`
	IfRange string `header:"If-Range" doc:"The ETag of the part that the caller has"`
}

// span is the part of a representation that is sent.
type span struct {
	offset, length, size int64
	partial              bool
}

func digestTag(d evidence.Digest) string { return `"` + d.String() + `"` }

// span returns the part asked for of size bytes; all of them when none is, when
// what the caller has is of another digest, or when the header is not one range.
func (r RangeHeaders) span(size int64, digest evidence.Digest) (span, error) {
	whole := span{length: size, size: size}
	set, ok := strings.CutPrefix(r.Range, "bytes=")
	if !ok || strings.Contains(set, ",") || r.IfRange != "" && r.IfRange != digestTag(digest) {
		return whole, nil
	}
	first, last, ok := strings.Cut(strings.TrimSpace(set), "-")
	if !ok {
		return whole, nil
	}
	from, to := int64(0), size-1
	var err error
	if first == "" {
		var suffix int64
		if suffix, err = parseOffset(last); err == nil {
			from = max(0, size-suffix)
		}
		if err == nil && suffix == 0 {
			from = size
		}
	} else if from, err = parseOffset(first); err == nil && last != "" {
		to, err = parseOffset(last)
		if err == nil && to < from {
			return whole, nil
		}
		to = min(to, size-1)
	}
	if err != nil {
		return whole, nil //nolint:nilerr // what cannot be read is passed over (RFC 9110 section 14.2)
	}
	if from >= size {
		p := statusProblem(http.StatusRequestedRangeNotSatisfiable,
			fmt.Sprintf("There are %d bytes; the part asked for begins after them.", size))
		p.contentRange = fmt.Sprintf("bytes */%d", size)
		return span{}, p
	}
	return span{offset: from, length: to - from + 1, size: size, partial: true}, nil
}

func parseOffset(s string) (int64, error) {
	n, err := strconv.ParseUint(s, 10, 63)
	return int64(n), err
}

// disposition returns a Content-Disposition that never shows in place: a name
// that every system takes, and the real one (RFC 8187) with what could
// disguise it made visible.
func disposition(name evidence.FileName) string {
	shown := strings.NewReplacer("/", "_", `\`, "_").Replace(name.Display())
	if !utf8.ValidString(shown) || shown == "" {
		shown = name.SafeName()
	}
	encoded := strings.ReplaceAll(url.QueryEscape(shown), "+", "%20")
	return fmt.Sprintf(`attachment; filename=%q; filename*=UTF-8''%s`, name.SafeName(), encoded)
}
