package api_test

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/api"
)

var update = flag.Bool("update", false, "write api/openapi.json")

func TestOpenAPIIsTheCommittedOne(t *testing.T) {
	server, err := api.New(api.Config{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := server.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("openapi.json", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("openapi.json is not what the types say; run go test ./api -run OpenAPI -update\n%s", diff)
	}
}
