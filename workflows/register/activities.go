package register

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/register"
)

// Custody is what the activities need of the rooms (package rooms).
type Custody interface {
	PublishHeads(ctx context.Context, actor evidence.Actor) (published int, err error)
	SignRegister(ctx context.Context, actor evidence.Actor) (size int64, err error)
	AnchorRegister(ctx context.Context, actor evidence.Actor) ([]register.Anchoring, error)
}

// Activities are the side effects of the Register workflow. All may be repeated.
type Activities struct {
	Custody Custody
	Actor   evidence.Actor // the worker
}

// PublishHeads registers the heads of logs that changed, and returns how many.
func (a *Activities) PublishHeads(ctx context.Context) (int, error) {
	return a.Custody.PublishHeads(ctx, a.Actor)
}

// SignRegister has the register's head signed, and returns its size.
func (a *Activities) SignRegister(ctx context.Context) (int64, error) {
	return a.Custody.SignRegister(ctx, a.Actor)
}

// AnchorRegister asks outsiders to vouch for the register's head, and returns
// the names of those that did not.
func (a *Activities) AnchorRegister(ctx context.Context) (behind []string, err error) {
	list, err := a.Custody.AnchorRegister(ctx, a.Actor)
	for _, o := range list {
		if o.Code != "" {
			behind = append(behind, o.By)
		}
	}
	return behind, err
}
