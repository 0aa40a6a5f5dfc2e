package vault

import (
	"sync"
	"time"
)

// How long what Vault says of a person's name is taken for true, and of how
// many. Roles and whether a session is good are asked every time.
const (
	nameLife   = time.Minute
	namesLimit = 4096
)

// directory remembers the names of people for a minute.
type directory struct {
	now func() time.Time

	mu    sync.Mutex
	mount string // accessor of the mount of people's logins
	known map[string]knownEntity
}

type knownEntity struct {
	entity entity
	until  time.Time
}

func newDirectory(now func() time.Time) *directory {
	return &directory{now: now, known: map[string]knownEntity{}}
}

// get returns the entity with that ID, reading it where it is not known.
func (d *directory) get(id string, read func() (entity, error)) (entity, error) {
	d.mu.Lock()
	known, ok := d.known[id]
	d.mu.Unlock()
	if ok && d.now().Before(known.until) {
		return known.entity, nil
	}
	e, err := read()
	if err != nil {
		return entity{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.known) >= namesLimit {
		clear(d.known)
	}
	d.known[id] = knownEntity{entity: e, until: d.now().Add(nameLife)}
	return e, nil
}

// accessor returns the accessor of the mount, reading it once.
func (d *directory) accessor(read func() (string, error)) (string, error) {
	d.mu.Lock()
	known := d.mount
	d.mu.Unlock()
	if known != "" {
		return known, nil
	}
	accessor, err := read()
	if err != nil {
		return "", err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.mount = accessor
	return accessor, nil
}
