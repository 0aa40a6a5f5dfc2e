package fileid

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/sealcase/sealcase/evidence/indicator"
)

// unknownMedia is the type of what is recognised as nothing else.
const unknownMedia = "application/octet-stream"

// isText reports whether what is no other type is text with control characters
// that chats, printers and protocols put between: UTF-16 without a mark, or
// UTF-8 without zero bytes of which at most one in four is such a character.
func isText(head []byte) bool {
	if _, wide := indicator.IsUTF16(head); wide {
		return true
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return false
	}
	control := 0
	for i := 0; i < len(head); {
		r, size := utf8.DecodeRune(head[i:])
		if r == utf8.RuneError && size == 1 {
			if len(head) == headSize && len(head)-i < utf8.UTFMax {
				break // cut in the middle of a character
			}
			return false
		}
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7F {
			control++
		}
		i += size
	}
	return len(head) >= 8 && control*4 <= len(head)
}

// textEncoding returns the encoding of a text by its byte-order mark or its
// bytes, and "" for what is no text.
func textEncoding(head []byte, media string) string {
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		return "utf-8 (with byte-order mark)"
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE, 0, 0}):
		return "utf-32le"
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return "utf-16le"
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return "utf-16be"
	case !strings.HasPrefix(media, "text/") && media != "application/json" && media != "application/x-ndjson":
		return ""
	}
	if big, wide := indicator.IsUTF16(head); wide {
		return map[bool]string{true: "utf-16be", false: "utf-16le"}[big]
	}
	ascii := true
	for i := 0; i < len(head); {
		r, size := utf8.DecodeRune(head[i:])
		if r == utf8.RuneError && size == 1 {
			if len(head) == headSize && len(head)-i < utf8.UTFMax {
				break // cut in the middle of a character
			}
			return "unknown 8-bit"
		}
		ascii = ascii && r < utf8.RuneSelf
		i += size
	}
	if ascii {
		return "us-ascii"
	}
	return "utf-8"
}
