package outline

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/aws/acm"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
)

// facts are what a plan makes of a shared part, and what it deletes of it.
func (b builder) facts(part *plantext.Part) []plantext.Fact {
	var out []plantext.Fact
	for _, v := range []engine.Verb{engine.VerbCreate, engine.VerbDelete} {
		var of []*engine.Action
		for _, a := range part.Actions {
			if a.Verb == v && !slices.Contains(part.Along, a) {
				of = append(of, a)
			}
		}
		if len(of) > 0 {
			named := slices.DeleteFunc(slices.Clone(of), func(a *engine.Action) bool { return plain(a.Type) })
			if len(named) == 0 || part.Kind == plantext.Environment {
				named = of
			}
			text := strings.Join(b.nouns(named), "; ")
			switch more := len(of) - len(named); {
			case more > 0:
				text += fmt.Sprintf(" and %d more", more)
			case len(of) > 1:
				text += fmt.Sprintf(" (%d%sresources)", len(of), plantext.Together)
			}
			out = append(out, plantext.Fact{Verb: v, Text: text})
		}
	}
	return out
}

// network are the types that a new network consists of.
var network = []string{
	ec2.VPC{}.Type(), ec2.DHCPOptions{}.Type(), ec2.InternetGateway{}.Type(), ec2.RouteTable{}.Type(), ec2.Route{}.Type(),
	ec2.RouteTableAssociation{}.Type(), ec2.Subnet{}.Type(), ec2.VPCEndpoint{}.Type(), ec2.SecurityGroup{}.Type(),
}

// minor are types that come and go together with another: they are counted and not
// named.
var minor = map[string][]string{
	"ec2.elastic-ip": {"ec2.nat-gateway"}, "ec2.route": {"ec2.nat-gateway", "ec2.route-table"},
	"ec2.route-table": {"ec2.subnet", "ec2.nat-gateway"}, "ec2.route-table-association": {"ec2.subnet", "ec2.route-table"},
	"efs.mount-target": {"efs.file-system"}, "s3files.mount-target": {"s3files.file-system"},
	"elb.listener": {"elb.load-balancer"}, "rds.parameter-group": {"rds.subnet-group"},
	"ec2.launch-template": {"ecs.group-provider"}, "autoscaling.group": {"ecs.group-provider"},
	"cloudflare.record": {"acm.certificate"}, "ec2.security-group": {"elb.load-balancer", "efs.file-system", "s3files.file-system"},
}

// first are the types that are named first: those that cost something, and those
// that let somebody in.
var first = []string{
	"elb.load-balancer", "elb.listener", "ec2.nat-gateway", "efs.file-system", "s3files.file-system",
	"acm.certificate", "ecs.cluster", "ecs.capacity-provider", "ecs.group-provider",
}

// nouns say what actions with the same verb make or delete, the most important
// first.
func (b builder) nouns(actions []*engine.Action) []string {
	names := map[string][]string{}
	var types []string
	for _, a := range actions {
		if names[a.Type] == nil {
			types = append(types, a.Type)
		}
		names[a.Type] = append(names[a.Type], a.Address.Name)
	}
	slices.SortStableFunc(types, func(x, y string) int { return rank(x) - rank(y) })
	var out []string
	wholeNetwork := names[ec2.VPC{}.Type()] != nil
	if wholeNetwork {
		out = append(out, b.network(actions))
	}
	for _, typ := range types {
		of := names[typ]
		with := slices.ContainsFunc(minor[typ], func(other string) bool { return names[other] != nil })
		switch {
		case wholeNetwork && slices.Contains(network, typ), with:
		case typ == elb.LoadBalancer{}.Type():
			for _, name := range of {
				out = append(out, balancer(name, names[elb.Listener{}.Type()]))
			}
		case typ == elb.Listener{}.Type():
			verb, end := "opens", " to the internet"
			if actions[0].Verb == engine.VerbDelete {
				verb, end = "closes", ""
			}
			out = append(out, "the load balancer "+verb+" "+ports(of)+end)
		case typ == acm.Certificate{}.Type():
			out = append(out, b.certificates(actions))
		case strings.HasSuffix(typ, "zone"):
			out = append(out, plantext.Noun(typ)+" "+strings.Join(of, ", "))
		case len(of) == 1:
			out = append(out, plantext.Noun(typ)+named(typ, of[0]))
		default:
			out = append(out, plantext.Counted(len(of), plantext.Noun(typ)))
		}
	}
	return out
}

// plain says whether a type neither costs anything nor lets anybody in. A project's
// objects of such types are counted and not named, if it has others.
func plain(typ string) bool {
	return slices.Contains([]string{"ec2.security-group", "iam.role", "iam.instance-profile", "rds.subnet-group", "elasticache.subnet-group", "rds.parameter-group", "logs.log-group", "logs.resource-policy", "scheduler.group"}, typ)
}

func rank(typ string) int {
	if i := slices.Index(first, typ); i >= 0 {
		return i
	}
	return len(first)
}

// mostNamed is how many services a note names.
const mostNamed = 3

// noteSpot notes which tasks of new services run on Spot, once for all of them.
func (b builder) noteSpot() {
	var said []string
	spot, all := 0, 0
	for _, s := range b.App.Services {
		p := b.parts[place{plantext.Service, s.Name}]
		if p == nil || p.Main == nil || p.Main.Verb != engine.VerbCreate {
			continue
		}
		first := count(s)
		all, spot = all+first, spot+p.Spot
		if p.Spot > 0 {
			said = append(said, fmt.Sprintf("%s %d of %d", s.Name, p.Spot, first))
		}
	}
	if len(said) == 0 {
		return
	}
	text := strings.Join(said, ", ")
	if len(said) > mostNamed {
		text = fmt.Sprintf("%d of %d, those after the first of %d services", spot, all, len(said))
	}
	part := b.part(place{plantext.Project, b.places.project})
	part.Changes = append(part.Changes, plantext.Change{Key: "tasks on Spot", Text: text})
}

// named is the name of an object, where its type does not say everything.
func named(typ, name string) string {
	switch typ {
	case "iam.role":
		if name == "execution" {
			return " that starts tasks"
		}
		return " " + name
	case "ec2.security-group":
		if network, ok := strings.CutPrefix(name, "net-"); ok {
			return " of network " + network
		}
		return " " + name
	case "iam.service-linked-role":
		return " " + name
	}
	return ""
}

// network describes the network that is made or deleted.
func (b builder) network(actions []*engine.Action) string {
	text, zones := "network", 0
	for _, a := range actions {
		if a.Type == (ec2.Subnet{}).Type() && strings.HasPrefix(a.Address.Name, "public-") {
			zones++
		}
		if n := b.node(a); n != nil {
			if vpc, ok := n.Resource.(ec2.VPC); ok {
				text += " " + vpc.CIDR
			}
		}
	}
	text += " in " + plantext.Counted(zones, "zone")
	if where := b.App.Settings.TaskSubnets.Value; where != "" && actions[0].Verb == engine.VerbCreate {
		text += ", tasks in " + where + " subnets"
	}
	return text
}

// node is the desired resource of an action; nil for one that is deleted.
func (b builder) node(a *engine.Action) *engine.Node {
	if b.Graph == nil || a.Address.IsZero() {
		return nil
	}
	return b.Graph.Node(a.Address)
}

// certificates are the certificates among actions, with the names that they are for.
func (b builder) certificates(actions []*engine.Action) string {
	var domains []string
	for _, a := range actions {
		if n := b.node(a); n != nil && a.Type == (acm.Certificate{}).Type() {
			want, _ := n.Resource.(acm.Certificate)
			domains = append(domains, want.Domains...)
		}
	}
	if len(domains) == 0 {
		return "certificate"
	}
	return "certificate for " + strings.Join(domains, ", ")
}

// balancer describes a load balancer with the ports on which it listens.
func balancer(name string, listeners []string) string {
	switch name {
	case "network":
		return "network load balancer, open to the internet"
	case "network-internal":
		return "internal network load balancer"
	}
	if len(listeners) == 0 {
		return "load balancer"
	}
	return "load balancer, open to the internet on " + ports(listeners)
}

// ports are the ports of listeners in words.
func ports(listeners []string) string {
	slices.SortFunc(listeners, func(x, y string) int { return number(x) - number(y) })
	if len(listeners) == 1 {
		return "port " + listeners[0]
	}
	return "ports " + strings.Join(listeners, ", ")
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
