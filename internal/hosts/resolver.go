package hosts

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Resolver asks the public DNS. *net.Resolver does, by way of the command line;
// the sandbox answers from its own zones.
type Resolver interface {
	// LookupHost returns the addresses of a name.
	LookupHost(ctx context.Context, name string) ([]string, error)
	// LookupNS returns the name servers of a domain, without dots at their ends.
	LookupNS(ctx context.Context, name string) ([]string, error)
}

// lookup is the addresses of a name. For a star it asks for one of the names
// that it covers.
func (h *Hosts) lookup(ctx context.Context, name string) ([]string, error) {
	if h.Resolver == nil {
		return nil, fmt.Errorf("looking up %s: there is no resolver", name)
	}
	if below, ok := strings.CutPrefix(name, "*."); ok {
		name = "berth-check." + below
	}
	return h.Resolver.LookupHost(ctx, name)
}

// compare says whether a name leads where it should: a load balancer has more
// addresses than it gives at once, so one in common is enough.
func (h *Hosts) compare(ctx context.Context, name string, wanted []string) string {
	have, err := h.lookup(ctx, name)
	if err != nil {
		return RecordMissing
	}
	return stateOf(have, wanted)
}

// LeadsTo says whether a name leads to a load balancer, by its host name.
func (h *Hosts) LeadsTo(ctx context.Context, name, balancer string) string {
	wanted, err := h.lookup(ctx, balancer)
	if err != nil || len(wanted) == 0 {
		wanted = []string{strings.ToLower(balancer)}
	}
	return h.compare(ctx, name, wanted)
}

// compareServers says whether the registrar of a zone names one of its servers.
func (h *Hosts) compareServers(ctx context.Context, zone string, servers []string) string {
	if h.Resolver == nil {
		return RecordMissing
	}
	have, err := h.Resolver.LookupNS(ctx, zone)
	if err != nil {
		return RecordMissing
	}
	return stateOf(have, servers)
}

func stateOf(have, wanted []string) string {
	switch {
	case len(have) == 0:
		return RecordMissing
	case slices.ContainsFunc(have, func(v string) bool { return slices.Contains(wanted, v) }):
		return RecordOK
	}
	return RecordWrong
}
