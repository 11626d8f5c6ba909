package data

import (
	"slices"
	"time"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// subnetGroup is a set of subnets of one VPC, which databases and caches are placed
// in.
type subnetGroup struct {
	Name, ARN, Description, VPC string
	Subnets                     []string
	Created                     time.Time `json:",omitzero"`
	Tags                        map[string]string
}

// change makes the change of a Modify call, which leaves out what is to stay.
func (g *subnetGroup) change(subnets []string, description *string) {
	if subnets != nil {
		g.Subnets = slices.Clone(subnets)
	}
	if description != nil {
		g.Description = *description
	}
}

// subnetsOf finds the VPC and the zones of the subnets of a group. missing is the
// service's error for a subnet that does not exist, and apart for one in another VPC
// than those before it.
func (n *Needs) subnetsOf(rq *world.Request, subnets []string, missing, apart func(id string) error) (vpc string, zones map[string]bool, err error) {
	zones = map[string]bool{}
	for _, id := range subnets {
		have, zone, ok := n.Network.FindSubnet(rq, id)
		switch {
		case !ok:
			return "", nil, missing(id)
		case vpc != "" && vpc != have:
			return "", nil, apart(id)
		}
		vpc = have
		zones[zone] = true
	}
	return vpc, zones, nil
}

// groupsNamed are the groups that a describe shows: the one with the name, or all
// groups for "".
func groupsNamed(rq *world.Request, t *world.Table[subnetGroup], name string) []*subnetGroup {
	return slices.DeleteFunc(t.List(rq), func(g *subnetGroup) bool { return name != "" && name != g.Name })
}
