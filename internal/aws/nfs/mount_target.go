package nfs

import (
	"cmp"
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// MountTarget is the desired state of a mount target: where the tasks of one
// zone reach a file system. A file system has one per zone, all in one VPC. It
// has no tags: it is owned through its file system. Output: id.
//
// It is an alias, so that the resource of each service is a type with these
// fields and its own name.
type MountTarget = struct {
	FileSystem engine.Ref `attr:"file_system,replace"`
	Subnet     engine.Ref `attr:"subnet,replace"`
	// Groups are its security groups, up to 5.
	Groups []engine.Ref `attr:"groups,set"`
}

// resource is the MountTarget of a service.
type resource interface {
	engine.Resource
	~MountTarget
}

// Target is a mount target as its service lists it.
type Target struct {
	Status
	FileSystem, Subnet string
	// Interface is the id of its network interface.
	Interface string
	// Zone is its zone's name; empty where the service lists no names.
	Zone string
}

// ListTargets finds the mount targets of file systems: one call of list for each
// file system, one for the places of the subnets, and one for the groups.
func ListTargets[R resource](
	ctx context.Context, q engine.Query, api *ec2.Client, systems []System, list lister[Target],
) ([]engine.Object, error) {
	var objects []engine.Object
	parents, interfaces := map[string]engine.Address{}, map[string]string{}
	for _, s := range systems {
		parents[s.ID] = s.Address
		of, err := list(ctx, s.ID)
		if err != nil {
			return nil, err
		}
		for _, m := range of {
			interfaces[m.ID] = m.Interface
			objects = append(objects, targetObject[R](m, s.Address))
		}
	}
	if err := nameTargets[R](ctx, q, api, objects, parents); err != nil {
		return nil, err
	}
	return objects, showGroups[R](ctx, api, objects, interfaces)
}

// targetObject is a mount target under the name that it has if nothing wants it:
// that of its zone, or else that of its file system and its subnet.
func targetObject[R resource](m Target, parent engine.Address) engine.Object {
	shown := R(MountTarget{FileSystem: engine.Lit(m.FileSystem), Subnet: engine.Lit(m.Subnet)})
	return engine.Object{
		ID: m.ID, State: m.State, Detail: m.Detail, Attrs: engine.Shown(shown, "groups"),
		Address: engine.Address{Owner: parent.Owner, Type: shown.Type(), Name: cmp.Or(m.Zone, parent.Name+"/"+m.Subnet)},
	}
}

// nameTargets gives mount targets the addresses of the wanted ones that they stand
// for. parents are the file systems' addresses by id.
func nameTargets[R resource](
	ctx context.Context, q engine.Query, api *ec2.Client, objects []engine.Object, parents map[string]engine.Address,
) error {
	if len(objects) == 0 || len(q.Wanted) == 0 {
		return nil
	}
	var subnets []string
	for _, o := range objects {
		subnets = append(subnets, o.Attrs["subnet"])
	}
	for _, w := range q.Wanted {
		if want, ok := w.Resource.(R); ok && MountTarget(want).Subnet.Known() {
			subnets = append(subnets, MountTarget(want).Subnet.Value())
		}
	}
	places, err := Places(ctx, api, subnets)
	if err != nil {
		return err
	}
	for i, o := range objects {
		for _, w := range q.Wanted {
			want, ok := w.Resource.(R)
			if ok && w.Address.Owner == o.Address.Owner && standsFor(MountTarget(want), o, parents, places) {
				objects[i].Address = w.Address
			}
		}
	}
	return nil
}

// standsFor says whether a mount target is the wanted one: of the same file system,
// and in the same subnet, or in another one of its zone, where it is in the way.
func standsFor(want MountTarget, have engine.Object, parents map[string]engine.Address, places map[string]Place) bool {
	system, subnet := have.Attrs["file_system"], have.Attrs["subnet"]
	if of, _, _, bound := want.FileSystem.Of(); bound && of != parents[system] || !bound && want.FileSystem.Value() != system {
		return false
	}
	if of, _, _, bound := want.Subnet.Of(); bound {
		mark := places[subnet].Mark
		return !mark.IsZero() && of == mark
	}
	zone := places[want.Subnet.Value()].Zone
	return want.Subnet.Value() == subnet || zone != "" && zone == places[subnet].Zone
}

// MadeTarget is the object of a mount target that is made for a desired state.
func MadeTarget[R resource](w engine.Desired[R], s Status) engine.Object {
	o := engine.AsDesired(w, s.ID, nil)
	o.Tags, o.LastApplied = nil, ""
	o.State, o.Detail = s.State, s.Detail
	return o
}

// updater is engine.Type's Update.
type updater[R engine.Resource] = func(context.Context, engine.Desired[R], engine.Object, []string) (engine.Object, error)

// TakeTarget goes on with the mount target that an earlier call of this desired
// state made; conflict is the error of the create call. One that is being deleted
// is in the way for a while. One in another subnet of the zone, or in another VPC,
// is in the way until the engine gives up, for it cannot be told from one that is
// not listed yet.
func TakeTarget[R resource](
	ctx context.Context, w engine.Desired[R], list lister[Target], update updater[R], conflict error,
) (engine.Object, error) {
	want, leaving := MountTarget(w.Want), false
	of, err := list(ctx, want.FileSystem.Value())
	if err != nil {
		return engine.Object{}, err
	}
	for _, m := range of {
		switch {
		case m.State == engine.StateDeleting:
			leaving = true
		case m.Subnet == want.Subnet.Value():
			return update(ctx, w, MadeTarget(w, m.Status), []string{"groups"})
		}
	}
	if leaving {
		return engine.Object{}, gate.Busy("the zone's old mount target is being deleted: " + gate.Text(conflict))
	}
	return engine.Object{}, gate.Unseen(fmt.Errorf("creating a mount target in %s: %w", want.Subnet.Value(), conflict))
}
