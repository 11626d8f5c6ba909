package command

import (
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/deploy"
)

// outbound are the fixed addresses from which tasks reach the internet: those of
// the NAT gateways. Without NAT gateways berth knows of none.
func outbound(a *app.App, p *deploy.Plan) []string {
	out := []string{}
	if a.Settings.TaskSubnets.Value != app.SubnetsPrivate {
		return out
	}
	for _, l := range p.Observed.Objects(ec2.NATGateway{}.Type()) {
		if ip := l.Output("ip"); ip != "" && p.Graph.Node(l.Address) != nil {
			out = append(out, ip)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// printOutbound prints the source addresses of connections that tasks open to the internet.
func (v *infraVerb) printOutbound(a *app.App, fixed []string) {
	s := a.Settings
	switch {
	case len(fixed) > 0:
		v.Print("outbound addresses: %s", strings.Join(fixed, ", "))
	case s.TaskSubnets.Value == app.SubnetsPublic:
		v.Print("outbound addresses: the public address of each task; a new task gets a new one")
	case s.VPC.Value != "":
		v.Print("outbound addresses: those of %s, which berth did not make", s.VPC.Value)
	}
}
