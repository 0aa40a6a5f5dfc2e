package ledger_test

import (
	"encoding/hex"
	"testing"

	"github.com/sealcase/sealcase/evidence/ledger"
)

// TestLocalSigner is test 2 of RFC 8032 section 7.1.
func TestLocalSigner(t *testing.T) {
	seed, err := hex.DecodeString("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
	if err != nil {
		t.Fatal(err)
	}
	s := ledger.NewLocalSigner("test", [32]byte(seed))
	if got, want := hex.EncodeToString(key(t, s).Key), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"; got != want {
		t.Errorf("got public key %s, want %s", got, want)
	}
	signatures, err := s.Sign(t.Context(), []byte{0x72}, []byte("another"), []byte{0x72})
	if err != nil || len(signatures) != 3 {
		t.Fatalf("got %d signatures, %v", len(signatures), err)
	}
	want := "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
	for _, i := range []int{0, 2} {
		if got := hex.EncodeToString(signatures[i].Bytes); got != want {
			t.Errorf("signature %d: got %s, want %s", i, got, want)
		}
	}
	if !signatures[1].Key.Verify([]byte("another"), signatures[1].Bytes) {
		t.Error("the second signature is not of the second message")
	}
}
