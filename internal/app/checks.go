package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/project"
)

// checks is the last stage: it checks the App as a whole.
type checks struct {
	reading
	app *App
}

// check refuses settings and services that conflict, and makes ports private that
// no load balancer can serve.
func check(r reading, a *App) {
	c := checks{reading: r, app: a}
	c.listeners()
	c.routes()
	c.crossChecks()
	c.comesLater()
}

// crossChecks refuses settings that conflict.
func (c checks) crossChecks() {
	s := c.app.Settings
	existing := s.VPC.Value != ""
	if s.TaskSubnets.Value == SubnetsPrivate && s.NAT.Value == NATNone && !existing {
		c.refuse("x-berth.network.nat", "private tasks without NAT cannot pull their images", "a private subnet has no route to the internet", "write nat: single, or tasks: public")
	}
	if s.Zones.Value == 1 {
		for _, w := range c.app.Services {
			if len(w.PublicPorts()) > 0 {
				c.refuse("x-berth.network.zones", "one zone is not enough for service "+w.Name, "its public ports need a load balancer, which AWS places in at least two zones", "write zones: 2")
				break
			}
		}
		for _, d := range c.app.Databases {
			c.refuse("x-berth.network.zones", "one zone is not enough for the managed database "+d.Name, "AWS requires subnets in two zones", "write zones: 2")
		}
	}
	if c.app.Shared || existing {
		for _, d := range c.app.Databases {
			about(c.reading, project.OfService, d.Name, project.Child("services", d.Name), "siblings must use the host in %s: its short name resolves only in a VPC that berth makes for this project alone", HostVariable(d.Name))
		}
	}
	if existing && len(c.app.Databases) > 0 && len(s.PrivateSubnets.Value) == 0 {
		c.refuse("x-berth.network.vpc", "a managed database needs private subnets of the existing VPC", "berth puts databases in private subnets only", "add network.private_subnets, in two zones")
	}
	if s.HealthTimeout.Value >= s.HealthInterval.Value {
		c.refuse("x-berth.health", "health.timeout is not shorter than health.interval", fmt.Sprintf("%d s and %d s", s.HealthTimeout.Value, s.HealthInterval.Value), "write a shorter timeout or a longer interval")
	}
	if existing && len(s.PublicSubnets.Value)+len(s.PrivateSubnets.Value) == 0 {
		c.refuse("x-berth.network.vpc", "an existing VPC needs subnets", "berth makes none in it", "add network.public_subnets, and network.private_subnets for private tasks")
	}
	if !existing && len(s.PublicSubnets.Value)+len(s.PrivateSubnets.Value) > 0 {
		c.refuse("x-berth.network", "the subnets need the VPC that they are in", "", "add network.vpc")
	}
	c.checkExistingNetwork()
	c.sayFullNames()
	if cidr := s.CIDR.Value; cidr != "" && !privateRange(cidr) {
		c.refuse("x-berth.network.cidr", cidr+" is not a private range", "tasks could not reach internet addresses in that range", "use one within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16")
	}
}

func privateRange(cidr string) bool {
	var a, b int
	if n, err := fmt.Sscanf(cidr, "%d.%d.0.0/16", &a, &b); err != nil || n != 2 || b > 255 {
		return false
	}
	return a == 10 || a == 172 && b >= 16 && b < 32 || a == 192 && b == 168
}

// comesLater adds the placeholders of x-berth's own keys.
func (c checks) comesLater() {
	for _, l := range c.project.Later {
		c.app.Placeholders = append(c.app.Placeholders, Placeholder{What: l.What, Where: l.At.String(), Comes: l.Comes})
	}
	slices.SortStableFunc(c.app.Placeholders, func(a, b Placeholder) int { return strings.Compare(a.What, b.What) })
}
