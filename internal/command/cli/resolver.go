package cli

import (
	"context"
	"net"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/hosts"
	"github.com/berthdev/berth/internal/sandbox"
)

// lookupTimeout bounds one question to the public DNS.
const lookupTimeout = 5 * time.Second

// publicDNS asks the resolver of this computer.
type publicDNS struct{ net.Resolver }

// LookupHost implements hosts.Resolver.
func (d *publicDNS) LookupHost(ctx context.Context, name string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	return d.Resolver.LookupHost(ctx, name)
}

// LookupNS implements hosts.Resolver.
func (d *publicDNS) LookupNS(ctx context.Context, name string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	found, err := d.Resolver.LookupNS(ctx, name)
	servers := make([]string, len(found))
	for i, ns := range found {
		servers[i] = strings.TrimSuffix(ns.Host, ".")
	}
	return servers, err
}

// sandboxDNS answers from the zones of the sandbox. No registrar delegates to them,
// and the address of a load balancer there is its own name.
type sandboxDNS struct{ world *sandbox.World }

// LookupHost implements hosts.Resolver.
func (d sandboxDNS) LookupHost(_ context.Context, name string) ([]string, error) {
	if strings.HasSuffix(name, ".elb.amazonaws.com") {
		return []string{strings.ToLower(name)}, nil
	}
	if found, ok := d.world.Lookup(name, "A"); ok {
		return found, nil
	}
	found, _ := d.world.Lookup(name, "CNAME")
	return found, nil
}

// LookupNS implements hosts.Resolver.
func (sandboxDNS) LookupNS(context.Context, string) ([]string, error) { return nil, nil }

var (
	_ hosts.Resolver = (*publicDNS)(nil)
	_ hosts.Resolver = sandboxDNS{}
)
