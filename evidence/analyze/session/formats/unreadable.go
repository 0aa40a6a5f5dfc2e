package formats

import (
	"context"
	"io"
	"strings"

	"github.com/sealcase/sealcase/evidence/analyze/session"
)

// store is a file of an agent that is recognised and not read, and why.
type store struct {
	product string
	name    string // of the file, in small letters; "*" before its ending
	magic   string // of its first bytes
	folder  string // that its path must have, "" for any
	why     string
}

const sqlite = "SQLite format 3\x00"

func stores() []store {
	const database = "a SQLite database: it is not read yet, together with its -wal file. Examine it with a tool for SQLite"
	return []store{
		{"Cursor or another editor made of VS Code", "state.vscdb", sqlite, "", database},
		{"Cursor CLI", "store.db", sqlite, "", database},
		{"OpenCode", "opencode.db", sqlite, "", database},
		{"Goose", "sessions.db", sqlite, "", database},
		{"Codex CLI (index of threads)", "state_5.sqlite", sqlite, "", database},
		{"Hermes", "state.db", sqlite, "", database},
		{"Open WebUI", "webui.db", sqlite, "", database},
		{"Ollama", "db.sqlite", sqlite, "", database},
		{"Antigravity", "*.db", sqlite, "conversations/", database},
		{"Windsurf", "*.pb", "", "windsurf/cascade/", "encrypted by Windsurf: only its name, size and times are evidence"},
		{"Antigravity", "*.pb", "", "antigravity", "encrypted by Antigravity: only its name, size and times are evidence"},
		{"ChatGPT for macOS", "*.data", "", "com.openai.chat/conversations-v2", "encrypted by ChatGPT with a key of the keychain: only its name, size and times are evidence"},
	}
}

func (s store) is(h session.Head) bool {
	ending, any := strings.CutPrefix(s.name, "*")
	return (h.Name == s.name || any && strings.HasSuffix(h.Name, ending)) && strings.HasPrefix(string(h.Bytes), s.magic) && strings.Contains(h.Path, s.folder)
}

// unreadable recognises files of agents that are not read, so that nobody takes
// them for nothing.
func unreadable() session.Format {
	return session.Format{Name: "recognised-not-readable", Product: "Store of an agent", Detect: func(h session.Head) int {
		for _, s := range stores() {
			if s.is(h) {
				return 90
			}
		}
		return 0
	}, Read: func(_ context.Context, src *session.Source, b *session.Builder) error {
		head, err := src.Peek()
		if err != nil {
			return err
		}
		for _, s := range stores() {
			if s.is(head) {
				b.Product(s.product)
				b.Account(session.Bad("recognised, not readable: "+s.why), session.Place{Length: src.Size})
				break
			}
		}
		_, err = io.Copy(io.Discard, src.Reader)
		return err
	}}
}
