// Package formats names the formats of logs that are read.
package formats

import (
	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/claudecode"
	"github.com/sealcase/sealcase/evidence/analyze/session/codex"
	"github.com/sealcase/sealcase/evidence/analyze/session/copilot"
	"github.com/sealcase/sealcase/evidence/analyze/session/gemini"
)

// All returns every format.
func All() []session.Format {
	return []session.Format{claudecode.Format(), codex.Format(), gemini.Format(), copilot.Format()}
}

// Analyzer returns the analyzer that reads all of them.
func Analyzer() session.Analyzer { return session.Analyzer{Formats: All()} }
