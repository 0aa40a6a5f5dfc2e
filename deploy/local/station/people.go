package station

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/evidence"
)

// Login is one of the people of a station and what they type at sign-in.
type Login struct {
	Login    string          `json:"login"`
	Name     string          `json:"name"`
	Roles    []evidence.Role `json:"roles"`
	Password string          `json:"password"`
}

// cast is one person per role, so that every room can be tried.
func cast() []Login {
	return []Login{
		{Login: "ida", Name: "Ida Vance", Roles: []evidence.Role{evidence.Investigator}},
		{Login: "emil", Name: "Emil Sato", Roles: []evidence.Role{evidence.Examiner}},
		{Login: "paula", Name: "Paula Reyes", Roles: []evidence.Role{evidence.Prosecutor}},
		{Login: "sven", Name: "Sven Adler", Roles: []evidence.Role{evidence.Supervisor}},
		{Login: "aisha", Name: "Aisha Noor", Roles: []evidence.Role{evidence.Auditor}},
		{Login: "adam", Name: "Adam Price", Roles: []evidence.Role{evidence.Administrator}},
	}
}

// people reads the station's people from its folder, or makes their passwords
// and keeps them there, readable by the owner only.
func people(file string) ([]Login, error) {
	data, err := os.ReadFile(file)
	if err == nil {
		var known []Login
		if err := json.Unmarshal(data, &known); err != nil {
			return nil, fmt.Errorf("reading the people of this station from %s: %w", file, err)
		}
		return known, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("reading the people of this station: %w", err)
	}
	fresh := cast()
	for i := range fresh {
		fresh[i].Password = password()
	}
	return fresh, servers.Keep(file, fresh)
}

// password returns 80 random bits in groups that a person can type.
func password() string {
	text := strings.ToLower(rand.Text())
	return text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:16]
}
