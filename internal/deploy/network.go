package deploy

import (
	"context"
	"fmt"
	"slices"

	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
)

// gatherNetwork takes zones and range from what exists; only what is new asks AWS
// for them.
func (r *reader) gatherNetwork(ctx context.Context) error {
	if r.app.Settings.VPC.Value != "" {
		return nil
	}
	vpc, made := r.vpc(r.Observed)
	cidr := engine.ShownAs[ec2.VPC](vpc).CIDR
	have := r.zonesInUse()
	if made && cidr != "" && !slices.Contains(have, "") {
		r.Facts.CIDR, r.Facts.Zones = cidr, have
		return nil
	}
	zones, err := r.early.zones(ctx, r.clients.Zones)
	if err != nil {
		return fmt.Errorf("reading the availability zones: %w", err)
	}
	slices.Sort(zones)
	r.Facts.Zones = withZones(have, zones)
	if made {
		r.Facts.CIDR = cidr
		return nil
	}
	used, count, err := r.early.ranges(ctx, r.clients.Ranges)
	if err != nil {
		return fmt.Errorf("reading the ranges of the VPCs: %w", err)
	}
	r.vpcs = count
	if cidr := r.app.Settings.CIDR.Value; cidr != "" {
		r.Facts.CIDR = cidr
		return nil
	}
	r.Facts.CIDR, err = blueprint.ChooseCIDR(r.app.Environment, used)
	return err
}

// vpc is the environment's VPC, as long as it has one.
func (s *session) vpc(w *engine.Observed) (engine.Object, bool) {
	return w.Object(engine.Address{Owner: s.environment(), Type: "ec2.vpc", Name: "main"})
}

// zonesInUse are the zones that the subnets are in, by their place in the
// network; one without subnets is empty.
func (r *reader) zonesInUse() []string {
	zones := make([]string, r.app.Settings.Zones.Value)
	for i := range zones {
		for _, side := range []string{"public-", "private-"} {
			a := engine.Address{Owner: r.environment(), Type: "ec2.subnet", Name: side + string(rune('a'+i))}
			if subnet, ok := r.Observed.Object(a); ok && zones[i] == "" {
				zones[i] = engine.ShownAs[ec2.Subnet](subnet).Zone
			}
		}
	}
	return zones
}

// withZones are the zones in use, the empty places filled with others. A subnet
// cannot move, so that a zone stays in use though none would choose it today.
func withZones(have, all []string) []string {
	var fresh []string
	for _, z := range all {
		if !slices.Contains(have, z) {
			fresh = append(fresh, z)
		}
	}
	var out []string
	for _, z := range have {
		if z == "" && len(fresh) == 0 {
			return out // too few: the caller says so
		}
		if z == "" {
			z, fresh = fresh[0], fresh[1:]
		}
		out = append(out, z)
	}
	return append(out, fresh...)
}
