package subnetgroup

import (
	"context"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// SubnetGroup is the desired state of a subnet group. Outputs: id (the name), arn.
//
// It is an alias, so that the resource of each service is a type with these fields
// and its own name.
type SubnetGroup = struct {
	// Name is unique in the account and region.
	Name    string       `attr:"name,replace,own"`
	Subnets []engine.Ref `attr:"subnets,set"`
}

// resource is the SubnetGroup of a service.
type resource interface {
	engine.Resource
	~SubnetGroup
}

// Group is a subnet group as its service lists it.
type Group struct {
	Name, ARN, Description string
	Subnets                []engine.Ref
}

// lister lists the groups of the account, or the one of a name.
type lister = func(ctx context.Context, name *string) ([]Group, error)

// List finds the groups of q's owners: one call, and for a deep reading one for the
// tags of each.
func List[R resource](
	ctx context.Context, q engine.Query, list lister, tags func(ctx context.Context, arn string) (map[string]string, error),
) ([]engine.Object, error) {
	groups, err := list(ctx, nil)
	if err != nil {
		return nil, err
	}
	var typ R
	var objects []engine.Object
	for _, g := range groups {
		mark, ok := engine.ParseMark(g.Description)
		if ok && mark.Address.Type == typ.Type() && q.Has(mark.Address.Owner) {
			objects = append(objects, object[R](g, mark))
		}
	}
	if !q.Deep {
		return objects, nil
	}
	return objects, concurrent.Each(objects, func(i int, o engine.Object) (err error) {
		objects[i].Tags, err = tags(ctx, o.Output("arn"))
		return err
	})
}

func object[R resource](g Group, mark engine.Mark) engine.Object {
	return engine.Object{
		Address: mark.Address, ID: g.Name, LastApplied: mark.LastApplied, State: engine.StateReady,
		Attrs: engine.Shown(R(SubnetGroup{Name: g.Name, Subnets: g.Subnets})), Outputs: map[string]string{"arn": g.ARN},
	}
}

// Take goes on with a group of the desired name that exists; update is the type's
// Update.
func Take[R resource](
	ctx context.Context, w engine.Desired[R], list lister,
	update func(context.Context, engine.Desired[R], engine.Object, []string) (engine.Object, error),
) (engine.Object, error) {
	name := SubnetGroup(w.Want).Name
	groups, err := list(ctx, &name)
	if gate.IsNotFound(err) || err == nil && len(groups) == 0 {
		return engine.Object{}, gate.Unlisted("subnet group " + name)
	}
	if err != nil {
		return engine.Object{}, err
	}
	mark, _ := engine.ParseMark(groups[0].Description)
	if err := w.Claim(mark, name, groups[0].ARN); err != nil {
		return engine.Object{}, err
	}
	return update(ctx, w, object[R](groups[0], mark), nil)
}
