package api

import (
	"context"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// Identity is a session as the identity provider knows it.
type Identity struct {
	Token   string // secret; empty where it is known already
	Person  evidence.Person
	Expires time.Time
}

// Identities says who somebody is (package vault). Failures are
// Unauthenticated, Sealed and Unavailable.
type Identities interface {
	Login(ctx context.Context, login, password string) (Identity, error)
	Identify(ctx context.Context, token string) (Identity, error)
	Logout(ctx context.Context, token string) error
	// FindPerson returns the person with that login, or NotFound.
	FindPerson(ctx context.Context, login string) (evidence.Person, error)
}
