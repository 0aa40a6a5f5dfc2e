package vault_test

import (
	"fmt"
	"testing"

	"github.com/sealcase/sealcase/evidence/vault"
)

// BenchmarkSign measures one request that signs so many messages, checked.
func BenchmarkSign(b *testing.B) {
	h := newHouse(b)
	signer := h.worker().Signer(vault.KeyLog)
	for _, count := range []int{1, 100} {
		messages := make([][]byte, count)
		for i := range messages {
			messages[i] = fmt.Appendf(nil, "agency.example/log/case-%d\n1000\nmJtYzJ4=\n", i)
		}
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			for b.Loop() {
				if _, err := signer.Sign(b.Context(), messages...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkIdentify measures what every request of a person costs.
func BenchmarkIdentify(b *testing.B) {
	h := newHouse(b)
	c, session := h.api(), h.login("ivy")
	for b.Loop() {
		if _, err := c.Identify(b.Context(), session.Token); err != nil {
			b.Fatal(err)
		}
	}
}
