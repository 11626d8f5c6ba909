package state

import (
	"encoding/json"
	"errors"
	"fmt"
)

// schema is the version of the records that this berth writes and reads.
const schema = 1

// DamagedError says that a record is not as berth writes it: something else has
// written it, or changed a part of it.
type DamagedError struct {
	Key string
	Err error
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("state: %s is damaged: %v", e.Key, e.Err)
}

// Unwrap returns what is wrong with it.
func (e *DamagedError) Unwrap() error { return e.Err }

// Remedy is what the user can do about a lock.
func (e *DamagedError) Remedy() string {
	return "if no run of berth is under way, `berth unlock --force` writes a new one"
}

// NewerError says that a newer berth has written a record: this version does not
// know all its fields, and does not overwrite it.
type NewerError struct {
	Key    string
	Schema int
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("state: a newer berth wrote %s: it has schema %d, this berth knows %d", e.Key, e.Schema, schema)
}

// Remedy is what the user can do.
func (e *NewerError) Remedy() string {
	return "install that berth, or a newer one; nothing was changed"
}

// decode reads a record. The error is a *DamagedError or a *NewerError.
func decode(data []byte, into any, key string) error {
	if len(data) > maxObject {
		return &DamagedError{key, fmt.Errorf("it is larger than %d MiB", maxObject>>20)}
	}
	var head struct {
		Schema *int `json:"schema"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return &DamagedError{key, err}
	}
	switch {
	case head.Schema == nil || *head.Schema < 1:
		return &DamagedError{key, errors.New("it has no schema version")}
	case *head.Schema > schema:
		return &NewerError{key, *head.Schema}
	}
	if err := json.Unmarshal(data, into); err != nil {
		return &DamagedError{key, err}
	}
	return nil
}
