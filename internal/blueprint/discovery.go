package blueprint

import (
	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/sd"
	"github.com/berthdev/berth/internal/engine"
)

// addNamespace adds the private DNS namespace of the stack. Every stack has
// one, so that a second service does not restart the first.
func (b *builder) addNamespace() {
	if len(b.app.Services)+len(b.app.Databases) == 0 {
		return
	}
	b.namespace = b.graph.Add(b.stack, "main", sd.Namespace{Name: Domain(b.app), VPC: b.net.vpc})
}

// addDNSName adds a service's name in the namespace.
func (b *builder) addDNSName(s app.Service) *engine.Node {
	return b.graph.Add(b.stack, s.Name, sd.Service{Namespace: b.namespace.ID(), Name: s.Name, TTL: 10})
}
