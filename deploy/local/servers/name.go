package servers

import "fmt"

// Name is a server that a caller can ask for.
type Name string

// The servers. Versitygw is a second S3 implementation, which keeps fewer of
// its promises than MinIO; it starts only when it is asked for by name.
const (
	Mongo     Name = "mongo"
	Vault     Name = "vault"
	Temporal  Name = "temporal"
	MinIO     Name = "minio"
	Versitygw Name = "versitygw"
)

// All returns the servers that Sealcase needs, which is what Up starts when
// Config.Only is empty.
func All() []Name { return []Name{Mongo, Vault, Temporal, MinIO} }

// Valid reports whether n is a server that this package knows.
func (n Name) Valid() bool {
	switch n {
	case Mongo, Vault, Temporal, MinIO, Versitygw:
		return true
	}
	return false
}

// choose returns the servers to start, without duplicates.
func choose(only []Name) ([]Name, error) {
	if len(only) == 0 {
		return All(), nil
	}
	var names []Name
	seen := map[Name]bool{}
	for _, name := range only {
		if !name.Valid() {
			return nil, fmt.Errorf("choosing servers: %q is not one of mongo, vault, temporal, minio, versitygw", name)
		}
		if !seen[name] {
			names = append(names, name)
		}
		seen[name] = true
	}
	return names, nil
}
