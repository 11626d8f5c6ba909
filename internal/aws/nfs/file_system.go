package nfs

import (
	"context"
	"slices"

	"github.com/berthdev/berth/internal/engine"
)

// System is a file system of an environment: its id, and the address that its
// tags name.
type System struct {
	ID      string
	Address engine.Address
}

// HasEnvironment says whether an owner is one of q's environments, or that of
// one of q's stacks: the access points of a stack are on the environment's
// file system.
func HasEnvironment(q engine.Query, o engine.Owner) bool {
	return slices.ContainsFunc(q.Owners, func(have engine.Owner) bool { return have.Environment == o.Environment })
}

// Status is how far a mount target or an access point is. Detail is AWS's own
// word, with its reason if it gives one.
type Status struct {
	ID     string
	State  engine.State
	Detail string
}

func (s Status) status() Status { return s }

// lister lists what a file system has: mount targets, or access points.
type lister[T any] = func(ctx context.Context, system string) ([]T, error)

// StateOf translates the life cycle of EFS and of S3 Files. Its words are the
// same in both.
func StateOf[S ~string](s S) engine.State {
	switch string(s) {
	case "creating":
		return engine.StatePending
	case "deleting", "deleted":
		return engine.StateDeleting
	case "error":
		return engine.StateFailed
	default: // available, updating
		return engine.StateReady
	}
}

// Poll implements engine.Poller for mount targets and for access points: one
// call of list for each file system.
func Poll[T interface{ status() Status }](ctx context.Context, objects []engine.Object, list lister[T]) ([]engine.Object, error) {
	now, read := map[string]Status{}, map[string]bool{}
	var there []engine.Object
	for _, o := range objects {
		if system := o.Attrs["file_system"]; !read[system] {
			read[system] = true
			of, err := list(ctx, system)
			if err != nil {
				return nil, err
			}
			for _, v := range of {
				now[v.status().ID] = v.status()
			}
		}
		if s, ok := now[o.ID]; ok {
			o.State, o.Detail = s.State, s.Detail
			there = append(there, o)
		}
	}
	return there, nil
}
