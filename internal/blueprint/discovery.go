package blueprint

import (
	"fmt"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/cloudmap"
	"github.com/berthdev/berth/internal/engine"
)

// addNamespace adds the private DNS namespace of the stack. Every stack has
// one, so that a second service does not restart the first.
func (b *builder) addNamespace() {
	if len(b.app.Services)+len(b.app.Databases) == 0 {
		return
	}
	b.namespace = b.graph.Add(b.stack, "main", cloudmap.Namespace{Name: Domain(b.app), VPC: b.net.vpc, NegativeTTL: negativeTTL})
}

// negativeTTL is how long a resolver may remember that a sibling has no address
// yet, in seconds.
const negativeTTL = 5

// nameTTL is how long a resolver may keep a sibling's address, in seconds.
const nameTTL = 10

// addDNSName adds a service's name in the namespace.
func (b *builder) addDNSName(s app.Service) *engine.Node {
	return b.graph.Add(b.stack, s.Name, cloudmap.Service{Namespace: b.namespace.ID(), Name: s.Name, TTL: nameTTL})
}

// addAliases adds the further names of a service or database. Each leads to
// its own name, and so stays right while tasks come and go.
func (b *builder) addAliases(name string, aliases []string) []*engine.Node {
	var out []*engine.Node
	for _, alias := range aliases {
		node := b.graph.Add(b.stack, alias, cloudmap.Service{
			Namespace: b.namespace.ID(), Name: alias, TTL: nameTTL, Record: cloudmap.RecordCNAME,
		})
		out = append(out, b.graph.Add(b.stack, alias, cloudmap.Instance{Service: node.ID(), Host: engine.Lit(name + "." + Domain(b.app))}))
	}
	return out
}

// aliasNotices tell where a further name is not found in short. Service Connect
// gives a port of a service one name, and a VPC has one search domain.
func aliasNotices(a *app.App) []app.Notice {
	if !a.Shared && a.Settings.VPC.Value == "" {
		return nil
	}
	var out []app.Notice
	tell := func(name, origin string, aliases []string) {
		for _, alias := range aliases {
			out = append(out, app.Notice{At: app.ParsePosition(origin), Text: fmt.Sprintf(
				"service %s: siblings reach it as %s.%s: the short name %s works in a VPC of the project's own", name, alias, Domain(a), alias)})
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
