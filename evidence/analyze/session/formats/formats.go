// Package formats names the formats of logs that are read.
package formats

import (
	"slices"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/agents"
	"github.com/sealcase/sealcase/evidence/analyze/session/aider"
	"github.com/sealcase/sealcase/evidence/analyze/session/claudecode"
	"github.com/sealcase/sealcase/evidence/analyze/session/codex"
	"github.com/sealcase/sealcase/evidence/analyze/session/copilot"
	"github.com/sealcase/sealcase/evidence/analyze/session/documents"
	"github.com/sealcase/sealcase/evidence/analyze/session/gemini"
)

// All returns every format.
func All() []session.Format {
	return slices.Concat([]session.Format{claudecode.Format(), claudecode.IFlow(), codex.Format(), gemini.Format(), copilot.Format(), aider.Format(), unreadable()}, documents.Formats(), agents.Formats())
}

// Analyzer returns the analyzer that reads all of them.
func Analyzer() session.Analyzer { return session.Analyzer{Formats: All()} }
