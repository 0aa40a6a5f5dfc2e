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

// Identities says who somebody is, and signs as them (package vault). Failures
// are Unauthenticated, Sealed and Unavailable.
type Identities interface {
	Login(ctx context.Context, login, password string) (Identity, error)
	Identify(ctx context.Context, token string) (Identity, error)
	Logout(ctx context.Context, token string) error
	// EnsureKey makes sure, with the token of the person's session, that the
	// person has a signing key. It fails with Conflict when the key may have
	// been copied.
	EnsureKey(ctx context.Context, token string, person evidence.PersonID) error
	// Signer returns what signs as that person, with the token of the session:
	// nothing else can.
	Signer(token string, person evidence.PersonID) evidence.Signer
	// FindPerson returns the person with that login, or NotFound.
	FindPerson(ctx context.Context, login string) (evidence.Person, error)
}
