package vault

import (
	"context"
	"strings"

	"github.com/hashicorp/vault/api"

	"github.com/sealcase/sealcase/evidence"
)

// minPassword is the shortest password that SetPassword gives, in characters.
const minPassword = 12

// SetPassword gives somebody another password with the token of admin, and ends
// every session of theirs. There is no way to do so with a session: Vault does
// not ask for the old password, so that whoever stole a session would have the
// account for good. NotFound means that nobody signs in with that login,
// Invalid that the password is too short or too long.
func SetPassword(ctx context.Context, admin *api.Client, layout Layout, login, password string) error {
	login, layout = strings.ToLower(login), layout.orDefault()
	if len([]rune(password)) < minPassword || len(password) > maxSecret {
		return evidence.Errorf(evidence.Invalid, "A password has %d characters or more; nothing was changed.", minPassword)
	}
	notFound := evidence.Errorf(evidence.NotFound, "Nobody signs in as %q; nothing was changed.", login)
	if !validLogin(login) {
		return notFound
	}
	user := "auth/" + layout.People + "/users/" + login
	present, err := admin.Logical().ReadWithContext(ctx, user)
	if err != nil {
		return translate(err, "reading the login %s", login)
	}
	if present == nil { // writing would make a login that is nobody's
		return notFound
	}
	if _, err := admin.Logical().WriteWithContext(ctx, user+"/password", map[string]any{"password": password}); err != nil {
		return translate(err, "setting the password of %s", login)
	}
	return endSessions(ctx, admin, layout, login)
}

// endSessions ends every session of whoever signs in with that login. None is no
// error.
func endSessions(ctx context.Context, admin *api.Client, layout Layout, login string) error {
	err := admin.Sys().RevokePrefixWithContext(ctx, "auth/"+layout.People+"/login/"+login+"/")
	return translate(err, "ending the sessions of %s", login)
}
