// Package secret knows how services mark the keys to their interfaces.
package secret

import (
	"bytes"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
	"github.com/sealcase/sealcase/evidence/indicator/internal/checksum"
)

// mark is how a service marks its keys.
type mark struct {
	prefix, service   string
	shortest, longest int  // characters behind the prefix
	checked           bool // the last six are a checksum
}

func marks() [21]mark {
	return [...]mark{
		{"sk-ant-", "Anthropic", 60, 140, false}, {"sk-proj-", "OpenAI", 40, 200, false}, {"sk-svcacct-", "OpenAI", 40, 200, false}, {"sk-or-v1-", "OpenRouter", 64, 64, false},
		{"sk-", "OpenAI", 48, 48, false}, {"ghp_", "GitHub", 36, 36, true}, {"gho_", "GitHub", 36, 36, true}, {"ghs_", "GitHub", 36, 36, true},
		{"ghu_", "GitHub", 36, 36, true}, {"github_pat_", "GitHub", 82, 82, false}, {"AIza", "Google", 35, 35, false}, {"xoxb-", "Slack", 40, 90, false},
		{"xoxp-", "Slack", 40, 90, false}, {"sk_live_", "Stripe", 24, 110, false}, {"rk_live_", "Stripe", 24, 110, false}, {"hf_", "Hugging Face", 34, 34, false},
		{"glpat-", "GitLab", 20, 20, false}, {"npm_", "npm", 36, 36, true}, {"gsk_", "Groq", 52, 52, false}, {"r8_", "Replicate", 37, 37, false}, {"xai-", "xAI", 80, 80, false},
	}
}

// Find returns the mark with which b begins and whose key it is; ok is false where b
// is no key.
func Find(b []byte) (prefix, service string, ok bool) {
	switch b[0] {
	case 's', 'g', 'A', 'x', 'r', 'h', 'n':
	default:
		return "", "", false
	}
	for _, k := range marks() {
		n := len(b) - len(k.prefix)
		if n < k.shortest || n > k.longest || !bytes.HasPrefix(b, []byte(k.prefix)) {
			continue
		}
		ok := varied(b[len(k.prefix):]) && (!k.checked || checksum.CRC62(b[len(k.prefix):]))
		return k.prefix, k.service, ok
	}
	return "", "", false
}

// varied reports whether b is of the characters of keys, and not a placeholder.
func varied(b []byte) bool {
	var seen [128]bool
	different, digits, letters := 0, 0, 0
	for _, c := range b {
		if !char.Alnum(c) && c != '-' && c != '_' {
			return false
		}
		digits += char.Bit(char.Digit(c))
		letters += char.Bit(char.Letter(c))
		if !seen[c] {
			seen[c] = true
			different++
		}
	}
	return different >= 10 && digits >= 2 && letters >= 4
}
