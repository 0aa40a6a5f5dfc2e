package vault_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/vault/api"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/vault"
)

func transitMount() *api.MountInput { return &api.MountInput{Type: "transit"} }

// liar alters what Vault answers to signing.
type liar struct {
	alter func(results []map[string]any) []map[string]any
}

func (l liar) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || !strings.Contains(r.URL.Path, "/sign/") {
		return resp, err
	}
	defer resp.Body.Close()
	var answer struct {
		Data struct {
			Results []map[string]any `json:"batch_results"`
		} `json:"data"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return nil, err
	}
	answer.Data.Results = l.alter(answer.Data.Results)
	body, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return resp, nil
}

// TestSignaturesAreChecked: what Vault answers is handed out only when it is a
// signature of that message by the version that it names.
func TestSignaturesAreChecked(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	type results = []map[string]any
	set := func(text string) func(results) results {
		return func(r results) results { r[0]["signature"] = text; return r }
	}
	for name, alter := range map[string]func(results) results{
		"swapped":           func(r results) results { r[0], r[1] = r[1], r[0]; return r },
		"one too few":       func(r results) results { return r[:1] },
		"one too many":      func(r results) results { return append(r, r[0]) },
		"an error":          func(r results) results { return results{{"error": "no"}, r[1]} },
		"empty":             set(""),
		"no version":        set("vault:" + strings.Repeat("A", 86) + "=="),
		"version zero":      set("vault:v0:" + strings.Repeat("A", 86) + "=="),
		"absent version":    set("vault:v7:" + strings.Repeat("A", 86) + "=="),
		"zeros":             set("vault:v1:" + strings.Repeat("A", 86) + "=="),
		"short":             set("vault:v1:AAAA"),
		"not base64":        set("vault:v1:!!!"),
		"another algorithm": set("kms:v1:" + strings.Repeat("A", 86) + "=="),
	} {
		t.Run(name, func(t *testing.T) {
			c := h.client(h.outcome.Worker, func(config *vault.Config) { config.Transport = liar{alter} })
			signed, err := c.Signer(vault.KeyLog).Sign(t.Context(), []byte("one"), []byte("two"))
			if signed != nil {
				t.Error("signatures were handed out")
			}
			fails(t, err, evidence.Internal)
		})
	}
}
