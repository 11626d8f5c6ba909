package nfs

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// Point is an access point as its service shows it.
type Point struct {
	Status
	ARN, Token string
	// User is the user that every process acts as; nil if somebody else made the
	// access point without one.
	User *User
	Tags map[string]string
	// Shown is its resource, without the user.
	Shown engine.Resource
}

// User is a user and a group by their numbers.
type User struct{ UID, GID int64 }

// ListPoints finds the access points that q's owners have on file systems: one call
// of list for each.
func ListPoints(
	ctx context.Context, q engine.Query, systems []System, list lister[Point],
) ([]engine.Object, error) {
	var objects []engine.Object
	for _, s := range systems {
		of, err := list(ctx, s.ID)
		if err != nil {
			return nil, err
		}
		for _, p := range of {
			if o := p.object(); q.Has(o.Address.Owner) {
				objects = append(objects, o)
			}
		}
	}
	return objects, nil
}

func (p Point) object() engine.Object {
	mark, _ := engine.MarkOf(p.Tags)
	o := engine.Object{
		Address: mark.Address, LastApplied: mark.LastApplied, ID: p.ID, Tags: p.Tags, Attrs: engine.Shown(p.Shown),
		Outputs: map[string]string{"arn": p.ARN}, State: p.State, Detail: p.Detail,
	}
	// Without a user, no wanted uid is like it.
	o.Attrs["uid"], o.Attrs["gid"] = "", ""
	if p.User != nil {
		o.Attrs["uid"], o.Attrs["gid"] = strconv.FormatInt(p.User.UID, 10), strconv.FormatInt(p.User.GID, 10)
	}
	return o
}

// TakePoint finds, among the access points of the file system, the one that an
// earlier call of this desired state made for a user; exists is the error of the
// create call. A refusal calls the access point by the name.
func TakePoint[R engine.Resource](w engine.Desired[R], have []Point, name string, user User, exists error) (engine.Object, error) {
	i := slices.IndexFunc(have, func(p Point) bool { return p.Token == w.Token })
	if i < 0 {
		return engine.Object{}, gate.Unseen(exists)
	}
	o := have[i].object()
	if err := w.Claim(engine.Mark{Address: o.Address}, name, o.ID); err != nil {
		return engine.Object{}, err
	}
	if u := have[i].User; u == nil || *u != user {
		return engine.Object{}, fmt.Errorf("access point %s is for another user: %w", o.ID, exists)
	}
	return o, nil
}

// MadePoint is the object of an access point that is as desired.
func MadePoint[R engine.Resource](w engine.Desired[R], s Status, arn string) engine.Object {
	o := engine.AsDesired(w, s.ID, map[string]string{"arn": arn})
	o.State, o.Detail = s.State, s.Detail
	return o
}
