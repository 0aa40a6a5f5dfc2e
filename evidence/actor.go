package evidence

// OnlyService returns nil when a process of ours acts on its own account, and
// Forbidden otherwise.
func OnlyService(actor Actor) error {
	if !actor.Service || actor.ID == "" {
		return Errorf(Forbidden, "only the program itself does this")
	}
	return nil
}

// HasSigner returns nil when the actor brings a signer, and Unauthenticated
// otherwise: what a person does carries their own signature.
func HasSigner(actor Actor) error {
	if actor.Signer == nil {
		return Errorf(Unauthenticated, "this act needs your own signature, and your session cannot sign; nothing was recorded: sign in again")
	}
	return nil
}
