// Package fileid says what a file is, from its content: its media type, the
// encoding of text, how many members a zip has and whether it is a bomb, and
// whether the name's extension claims something else.
package fileid

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/analyze"
)

// headSize is how many bytes from the beginning decide.
const headSize = 64 << 10

// The kinds of findings, besides analyze.KindFileType.
const (
	KindEmpty     = "empty-file"         // no bytes at all
	KindEncoding  = "text-encoding"      // of a text: "utf-8", "utf-16le", ...
	KindExtension = "extension-mismatch" // the name claims another type than the content has
	KindArchive   = "archive"            // value: number of members of a zip
	KindBomb      = "archive-expansion"  // a zip that grows beyond measure when unpacked
	KindEncrypted = "encrypted"          // value: what is locked with a password
)

// Analyzer identifies files.
type Analyzer struct{}

// Name implements analyze.Analyzer.
func (Analyzer) Name() string { return "fileid" }

// Version implements analyze.Analyzer.
func (Analyzer) Version() string { return "2" }

// Analyze implements analyze.Analyzer.
func (Analyzer) Analyze(_ context.Context, in analyze.Input, emit func(evidence.Finding) error) error {
	head := make([]byte, headSize)
	n, err := io.ReadFull(in.Content, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return fmt.Errorf("reading the beginning: %w", err)
	}
	head = head[:n]
	if n == 0 {
		if err := emit(evidence.Finding{Kind: KindEmpty, Value: "0"}); err != nil {
			return err
		}
		return emit(evidence.Finding{Kind: analyze.KindFileType, Value: "application/x-empty"})
	}
	found := mimetype.Detect(head)
	media, _, _ := strings.Cut(found.String(), ";")
	plain := media == unknownMedia && isText(head)
	if plain {
		media = "text/plain"
	}
	content := io.MultiReader(bytes.NewReader(head), in.Content)
	locked := false
	if bytes.HasPrefix(head, []byte(oleMagic)) {
		var err error
		if locked, err = lockedOffice(content, head); err != nil {
			return fmt.Errorf("reading the directory: %w", err)
		}
	}
	if err := emit(evidence.Finding{Kind: analyze.KindFileType, Value: media, Length: int64(n)}); err != nil {
		return err
	}
	if encoding := textEncoding(head, media); encoding != "" {
		if err := emit(evidence.Finding{Kind: KindEncoding, Value: encoding, Length: int64(n)}); err != nil {
			return err
		}
	}
	if locked {
		if err := emit(evidence.Finding{Kind: KindEncrypted, Value: "office-document", Length: int64(n)}); err != nil {
			return err
		}
	}
	if f, differs := extension(in.Item.Name, found, media, plain || locked && officeName(in.Item.Name)); differs {
		if err := emit(f); err != nil {
			return err
		}
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return archive(content, emit)
	}
	return nil
}

// extension compares what the name claims with what the content is. Only a
// claim that is known, and of another family, is a contradiction: a .log that
// is text is none.
// alike says that the content is what the name may claim although it is found
// as another type: text, or a document that a password makes a compound file.
func extension(name evidence.FileName, found *mimetype.MIME, media string, alike bool) (evidence.Finding, bool) {
	ext := ""
	if i := strings.LastIndexByte(string(name), '.'); i > 0 {
		ext = strings.ToLower(string(name[i:]))
	}
	claimed, ok := claims(ext)
	if !ok {
		return evidence.Finding{}, false
	}
	for m := found; m != nil; m = m.Parent() {
		for _, c := range claimed {
			if m.Is(c) {
				return evidence.Finding{}, false
			}
		}
	}
	if alike && (media != "text/plain" || slices.Contains(claimed, media)) {
		return evidence.Finding{}, false
	}
	return evidence.Finding{Kind: KindExtension, Value: ext, Details: map[string]string{
		"claimed": claimed[0], "content": media,
	}}, true
}

// claims returns the media types that an extension stands for, the usual first.
// Container formats accept their container, because a damaged or unusual file
// may be recognised as no more than that.
func claims(ext string) ([]string, bool) {
	switch ext {
	case ".jpg", ".jpeg":
		return []string{"image/jpeg"}, true
	case ".png":
		return []string{"image/png"}, true
	case ".gif":
		return []string{"image/gif"}, true
	case ".pdf":
		return []string{"application/pdf"}, true
	case ".zip":
		return []string{"application/zip"}, true
	case ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".jar", ".apk":
		return []string{"application/zip"}, true
	case ".doc", ".xls", ".ppt", ".msi":
		return []string{"application/x-ole-storage"}, true
	case ".exe", ".dll", ".sys":
		return []string{"application/vnd.microsoft.portable-executable"}, true
	case ".gz", ".tgz":
		return []string{"application/gzip"}, true
	case ".7z":
		return []string{"application/x-7z-compressed"}, true
	case ".rar":
		return []string{"application/x-rar-compressed"}, true
	case ".mp4":
		return []string{"video/mp4", "video/quicktime", "video/x-m4v"}, true
	case ".mp3":
		return []string{"audio/mpeg"}, true
	case ".txt", ".log", ".csv", ".json", ".jsonl", ".md", ".xml", ".html", ".eml", ".py", ".sh":
		return []string{"text/plain", "text/html", "text/xml", "application/json"}, true
	case ".sqlite":
		return []string{"application/vnd.sqlite3"}, true
	default:
		return nil, false
	}
}

func count(n int64) string { return strconv.FormatInt(n, 10) }
