package storage

import (
	"fmt"
	"time"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// maxTargetGroups is how many security groups a mount target has:
// https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html
const maxTargetGroups = 5

// targets is what the mount targets of EFS and of S3 Files have in common: where
// they are and the life of their network interfaces.
type targets struct {
	account *world.Account
	needs   *Needs
	// kind begins the names of their events and says whose interfaces they have,
	// noun begins the interfaces' descriptions.
	kind, noun string
	// refuse is how the service refuses a place.
	refuse refusals
}

// refusals are the errors of a service.
type refusals struct {
	noSubnet, noGroup, otherVPC, taken func(id string) error
	tooMany                            func() error
}

// site is where a mount target is.
type site struct {
	id, vpc, zone string
	// eni is its network interface, and ip the address of that.
	eni, ip string
}

// place finds the place of a new mount target of a file system and makes its
// network interface. others are the mount targets that the file system has: they
// are in the same VPC and in other zones.
func (t *targets) place(rq *world.Request, system, subnet string, groups []string, others []site) (site, error) {
	vpc, zone, ok := t.needs.Network.FindSubnet(rq, subnet)
	if !ok {
		return site{}, t.refuse.noSubnet(subnet)
	}
	if err := t.checkGroups(rq, groups); err != nil {
		return site{}, err
	}
	for _, other := range others {
		switch {
		case other.vpc != vpc:
			return site{}, t.refuse.otherVPC(other.id)
		case other.zone == zone:
			return site{}, t.refuse.taken(other.id)
		}
	}
	s := site{id: t.account.NewID("fsmt"), vpc: vpc, zone: zone}
	s.eni = t.needs.Interfaces.Attach(t.kind, subnet, groups, false, fmt.Sprintf("%s mount target for %s (%s)", t.noun, system, s.id))
	s.ip = t.needs.Interfaces.Address(s.eni)
	return s, nil
}

// comes lets a mount target become available.
func (t *targets) comes(rq *world.Request, id string) {
	t.account.Schedule(rq.Now.Add(t.account.Takes(world.MountTargetAvailable)), t.kind+".target.available", id)
}

// goes lets a mount target end with its network interface, which blocks its subnet
// and its groups until then.
func (t *targets) goes(rq *world.Request, id, eni string) {
	at := rq.Now.Add(t.account.Takes(world.MountTargetDeleted))
	t.needs.Interfaces.Release(eni, at)
	t.account.Schedule(at, t.kind+".target.gone", id)
}

func (t *targets) checkGroups(rq *world.Request, groups []string) error {
	if len(groups) > maxTargetGroups {
		return t.refuse.tooMany()
	}
	for _, g := range groups {
		if _, ok := t.needs.Network.FindGroup(rq, g); !ok {
			return t.refuse.noGroup(g)
		}
	}
	return nil
}

// change gives a mount target other security groups.
func (t *targets) change(rq *world.Request, eni string, groups []string) error {
	if err := t.checkGroups(rq, groups); err != nil {
		return err
	}
	t.needs.Interfaces.SetGroups(eni, groups)
	return nil
}

// The permissions that both services use in the caller's name.
func mayMakeTarget(rq *world.Request) error {
	return rq.Needs(efsRole, "ec2:DescribeSubnets", "ec2:DescribeNetworkInterfaces", "ec2:CreateNetworkInterface")
}

func mayDeleteTarget(rq *world.Request) error { return rq.Needs("ec2:DeleteNetworkInterface") }

func mayChangeTarget(rq *world.Request) error { return rq.Needs("ec2:ModifyNetworkInterfaceAttribute") }

// life registers the events of a kind of objects: one that is being created becomes
// available, one that is being deleted goes.
func life[T any](r *world.Router, kind string, t *world.Table[T], available func(at time.Time, v *T)) {
	r.Event(kind+".available", func(at time.Time, id string) {
		if v := t.Get(id); v != nil {
			available(at, v)
		}
	})
	r.Event(kind+".gone", func(at time.Time, id string) { t.Remove(at, id) })
}
