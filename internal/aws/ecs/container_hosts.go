package ecs

import (
	"maps"

	"github.com/berthdev/berth/internal/engine"
)

// variables returns all variables of a container: the literal ones, and those
// with values from other resources.
func variables(c Container) map[string]string {
	if len(c.Hosts) == 0 {
		return c.Environment
	}
	all := maps.Clone(c.Environment)
	if all == nil {
		all = map[string]string{}
	}
	for name, host := range c.Hosts {
		all[name] = host.Value()
	}
	return all
}

// splitHosts splits the variables of a container that ECS shows into Environment and
// Hosts, as in the desired state.
func splitHosts(object, want Container) Container {
	for name := range want.Hosts {
		value, ok := object.Environment[name]
		if !ok {
			continue
		}
		if object.Hosts == nil {
			object.Hosts = map[string]engine.Ref{}
			object.Environment = maps.Clone(object.Environment)
		}
		object.Hosts[name] = engine.Lit(value)
		delete(object.Environment, name)
	}
	return object
}

// plainHosts drops from which resources the values of hosts come.
func plainHosts(hosts map[string]engine.Ref) map[string]engine.Ref {
	if len(hosts) == 0 {
		return nil
	}
	plain := map[string]engine.Ref{}
	for name, h := range hosts {
		plain[name] = engine.Lit(h.Value())
	}
	return plain
}
