package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/deploy/local/station"
)

// browser asks the HTTP interface for what the pages show, as one person.
type browser struct {
	base  string
	token string
	http  *http.Client
}

// newBrowser signs a person in.
func newBrowser(ctx context.Context, st *station.Station, login string) (*browser, error) {
	person, err := st.Person(login)
	if err != nil {
		return nil, err
	}
	b := &browser{base: st.URL + "/api/v1", http: &http.Client{Timeout: time.Minute}}
	body, err := json.Marshal(api.SessionRequest{Login: login, Password: person.Password, Client: "cli"})
	if err != nil {
		return nil, fmt.Errorf("signing %s in: %w", login, err)
	}
	var session api.Session
	if _, err := b.ask(ctx, http.MethodPost, b.base+"/session", body, &session); err != nil {
		return nil, err
	}
	b.token = session.Token
	return b, nil
}

// get asks for a page and returns how long the whole answer took.
func (b *browser) get(ctx context.Context, path string, query url.Values, out any) (time.Duration, error) {
	address := b.base + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return b.ask(ctx, http.MethodGet, address, nil, out)
}

func (b *browser) ask(ctx context.Context, method, address string, body []byte, out any) (time.Duration, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("asking for %s: %w", address, err)
	}
	request.Header.Set("Content-Type", "application/json")
	if b.token != "" {
		request.Header.Set("Authorization", "Bearer "+b.token)
	}
	since := time.Now()
	response, err := b.http.Do(request)
	if err != nil {
		return 0, fmt.Errorf("asking for %s: %w", address, err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	took := time.Since(since)
	if err != nil {
		return took, fmt.Errorf("asking for %s: %w", address, err)
	}
	if response.StatusCode >= http.StatusBadRequest {
		return took, fmt.Errorf("asking for %s: %s: %.500s", address, response.Status, raw)
	}
	if out == nil {
		return took, nil
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return took, fmt.Errorf("reading %s: %w", address, err)
	}
	return took, nil
}
