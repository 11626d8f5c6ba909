package blueprint

import (
	"fmt"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/cloudmap"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/project"
)

// privateDNS is the stack's private DNS namespace, in which its services and
// databases have their names.
type privateDNS struct {
	stack
	namespace *engine.Node // nil without a service or a database
}

// newPrivateDNS is the stage of the private names. A stack with one service has a
// namespace too, so that adding a second service does not restart the first.
func newPrivateDNS(s stack) privateDNS {
	d := privateDNS{stack: s}
	if len(s.app.Services)+len(s.app.Databases) > 0 {
		d.namespace = s.add("main", cloudmap.Namespace{Name: Domain(s.app), VPC: s.env.net.vpc, NegativeTTL: negativeTTL})
	}
	return d
}

// negativeTTL is how long a resolver may remember that a sibling has no address
// yet, in seconds.
const negativeTTL = 5

// nameTTL is how long a resolver may keep a sibling's address, in seconds.
const nameTTL = 10

// addService adds a service's name, which leads to its tasks.
func (d privateDNS) addService(name string) *engine.Node {
	return d.add(name, cloudmap.Service{Namespace: d.namespace.ID(), Name: name, TTL: nameTTL})
}

// addCNAME adds a name that leads to another host, which addInstance sets.
func (d privateDNS) addCNAME(name string) *engine.Node {
	return d.add(name, cloudmap.Service{
		Namespace: d.namespace.ID(), Name: name, TTL: nameTTL, Record: cloudmap.RecordCNAME,
	})
}

func (d privateDNS) addInstance(name string, service *engine.Node, host engine.Ref) *engine.Node {
	return d.add(name, cloudmap.Instance{Service: service.ID(), Host: host})
}

// addAliases adds the further names of a service or database. Each leads to the
// service's main name, so that it stays right while tasks come and go.
func (d privateDNS) addAliases(name string, aliases []string) []*engine.Node {
	var out []*engine.Node
	for _, alias := range aliases {
		out = append(out, d.addInstance(alias, d.addCNAME(alias), engine.Lit(name+"."+Domain(d.app))))
	}
	return out
}

// aliasNotices are about further names that do not resolve in their short form:
// Service Connect gives a port of a service one name, and a VPC has one search
// domain.
func aliasNotices(a *app.App) []app.Notice {
	if !a.Shared && a.Settings.VPC.Value == "" {
		return nil
	}
	var out []app.Notice
	tell := func(name, origin string, aliases []string) {
		for _, alias := range aliases {
			out = append(out, app.Notice{At: app.ParsePosition(origin), Kind: project.OfService, Names: []string{name}, Text: fmt.Sprintf(
				"siblings must use %s.%s: the short name %s resolves only in a VPC that berth makes for this project alone", alias, Domain(a), alias)})
		}
	}
	for _, s := range a.Services {
		tell(s.Name, s.Origin, s.Aliases)
	}
	for _, d := range a.Databases {
		tell(d.Name, d.Origin, d.Aliases)
	}
	return out
}
