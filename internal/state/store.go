package state

import (
	"context"
	"fmt"
	"time"
)

// Store holds small objects and writes them under a condition, so that of two
// writers who read the same version only one succeeds. Bucket and Folder are
// its implementations.
type Store interface {
	// Get reads an object. A missing one is a *MissingError.
	Get(ctx context.Context, key string) (Object, error)
	// Put writes an object and returns its new version. If the condition does
	// not hold, nothing is written and the error is a *ConflictError.
	Put(ctx context.Context, key string, data []byte, cond Condition) (version string, err error)
	// List returns the keys below a prefix in ascending order.
	List(ctx context.Context, prefix string) ([]string, error)
	// Where is the store in words, for messages: "s3://berth-1234-eu-west-1".
	Where() string
}

// Object is what Get returns.
type Object struct {
	Data []byte
	// Version changes with every write.
	Version string
	// Age is how long ago the object was written, by the store's own clock.
	Age time.Duration
}

// Condition is what must hold for a Put. The zero value always holds.
type Condition struct {
	// Absent: there must be no object of the key.
	Absent bool
	// Version: the object must still have this version; empty is no condition.
	Version string
}

// MissingError says that there is no object of this key.
type MissingError struct{ Key string }

func (e *MissingError) Error() string { return fmt.Sprintf("state: no object %s", e.Key) }

// ConflictError says that somebody else wrote first.
type ConflictError struct{ Key string }

func (e *ConflictError) Error() string {
	return fmt.Sprintf("state: %s was written by somebody else", e.Key)
}

// maxObject bounds what a record may have: most are a few kilobytes. Get reads
// one byte more, so that a larger one is told from one that fits.
const maxObject = 4 << 20
