package run

import (
	"context"
	"fmt"
	"slices"

	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
)

// gatherFacts takes zones and range from what exists; only what is new asks AWS
// for them.
func (s *Session) gatherFacts(ctx context.Context, p *Prepared) error {
	if s.App.Settings.VPC.Value != "" {
		return nil
	}
	vpc, made := s.vpc(p.World)
	have := s.zonesInUse(p.World)
	if made && vpc.Attrs["cidr"] != "" && !slices.Contains(have, "") {
		p.Facts.CIDR, p.Facts.Zones = vpc.Attrs["cidr"], have
		return nil
	}
	zones, err := p.early.zones(ctx, s.Clients.Zones)
	if err != nil {
		return fmt.Errorf("reading the availability zones: %w", err)
	}
	slices.Sort(zones)
	p.Facts.Zones = withZones(have, zones)
	if made {
		p.Facts.CIDR = vpc.Attrs["cidr"]
		return nil
	}
	used, count, err := p.early.ranges(ctx, s.Clients.Ranges)
	if err != nil {
		return fmt.Errorf("reading the ranges of the VPCs: %w", err)
	}
	p.haveVPCs = count
	if cidr := s.App.Settings.CIDR.Value; cidr != "" {
		p.Facts.CIDR = cidr
		return nil
	}
	p.Facts.CIDR, err = blueprint.ChooseCIDR(s.App.Environment, used)
	return err
}

// vpc is the environment's VPC, as long as it has one.
func (s *Session) vpc(w *engine.Observed) (engine.Object, bool) {
	return w.Object(engine.Address{Owner: s.Environment(), Type: "ec2.vpc", Name: "main"})
}

// zonesInUse are the zones that the subnets are in, by their place in the
// network; one without subnets is empty.
func (s *Session) zonesInUse(w *engine.Observed) []string {
	zones := make([]string, s.App.Settings.Zones.Value)
	for i := range zones {
		for _, side := range []string{"public-", "private-"} {
			a := engine.Address{Owner: s.Environment(), Type: "ec2.subnet", Name: side + string(rune('a'+i))}
			if subnet, ok := w.Object(a); ok && zones[i] == "" {
				zones[i] = subnet.Attrs["zone"]
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
			return out // too few, as whoever uses them says
		}
		if z == "" {
			z, fresh = fresh[0], fresh[1:]
		}
		out = append(out, z)
	}
	return append(out, fresh...)
}
