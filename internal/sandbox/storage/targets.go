package storage

import (
	"fmt"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// maxTargetGroups is how many security groups a mount target has:
// https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html
const maxTargetGroups = 5

// targets is what the mount targets of EFS and of S3 Files have in common: where
// they are and the life of their network interfaces.
type targets[T any, S ~string] struct {
	objects[T, S]
	needs *Needs
	// owner says whose the interfaces are, noun begins their descriptions.
	owner, noun string
	// site is where a row is.
	site func(*T) site
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
// network interface. All mount targets of a file system are in one VPC, and each is
// in another zone.
func (t *targets[T, S]) place(rq *world.Request, system, subnet string, groups []string) (site, error) {
	vpc, zone, ok := t.needs.Network.FindSubnet(rq, subnet)
	if !ok {
		return site{}, t.refuse.noSubnet(subnet)
	}
	if err := t.checkGroups(rq, groups); err != nil {
		return site{}, err
	}
	for _, v := range t.all(system) {
		switch other := t.site(v); {
		case other.vpc != vpc:
			return site{}, t.refuse.otherVPC(other.id)
		case other.zone == zone:
			return site{}, t.refuse.taken(other.id)
		}
	}
	s := site{id: t.account.NewID("fsmt"), vpc: vpc, zone: zone}
	s.eni = t.needs.Interfaces.Attach(t.owner, subnet, groups, false, fmt.Sprintf("%s mount target for %s (%s)", t.noun, system, s.id))
	s.ip = t.needs.Interfaces.Address(s.eni)
	return s, nil
}

// in is the mount target of a file system that works in a zone.
func (t *targets[T, S]) in(system, zone string) *T {
	for _, v := range t.all(system) {
		if t.site(v).zone == zone && *t.state(v) == available {
			return v
		}
	}
	return nil
}

// delete lets a mount target go with its network interface, which blocks its subnet
// and its groups until then.
func (t *targets[T, S]) delete(rq *world.Request, id string) error {
	if err := rq.Needs("ec2:DeleteNetworkInterface"); err != nil {
		return err
	}
	gone, err := t.objects.delete(rq, id)
	if !gone.IsZero() {
		t.needs.Interfaces.Release(t.site(t.table.Get(id)).eni, gone)
	}
	return err
}

func (t *targets[T, S]) checkGroups(rq *world.Request, groups []string) error {
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

// change gives the mount target that a call names other security groups.
func (t *targets[T, S]) change(rq *world.Request, id *string, groups []string) (*T, error) {
	if err := rq.Needs("ec2:ModifyNetworkInterfaceAttribute"); err != nil {
		return nil, err
	}
	v, err := t.available(rq, id)
	if err != nil {
		return nil, err
	}
	if err := t.checkGroups(rq, groups); err != nil {
		return nil, err
	}
	t.needs.Interfaces.SetGroups(t.site(v).eni, groups)
	return v, nil
}

// mayMakeTarget is what both services need of the caller who makes a mount target.
func mayMakeTarget(rq *world.Request) error {
	return rq.Needs(efsRole, "ec2:DescribeSubnets", "ec2:DescribeNetworkInterfaces", "ec2:CreateNetworkInterface")
}
