package blueprint

import (
	"slices"
	"strconv"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/engine"
)

// NetworkBalancer is the address of one of the environment's network load
// balancers; its output "dns" is the host of the addresses behind it.
func NetworkBalancer(a *app.App, internal bool) engine.Address {
	return engine.Address{Owner: Environment(a), Type: "elb.load-balancer", Name: networkName(internal)}
}

// NetworkURLs are the addresses of all ports on network load balancers, as
// HOST:PORT, with /udp behind those of UDP. The hosts are the balancers' output
// "dns"; where one is empty, there are none.
func NetworkURLs(a *app.App, public, internal string) []URL {
	var out []URL
	for _, s := range a.Services {
		for _, l := range netListeners(s) {
			host := public
			if l.internal {
				host = internal
			}
			if host == "" {
				continue
			}
			for _, protocol := range l.words() {
				u := URL{Service: s.Name, Port: l.published, URL: host + ":" + strconv.Itoa(l.published)}
				if protocol == app.AppUDP {
					u.URL += "/udp"
				}
				out = append(out, u)
			}
		}
	}
	return out
}

// NetworkListeners are the ports on network load balancers: those that face
// the internet first, each by number.
func NetworkListeners(a *app.App) []Listener {
	var out []Listener
	for _, internal := range []bool{false, true} {
		var some []Listener
		for _, s := range a.Services {
			for _, l := range netListeners(s) {
				if l.internal == internal {
					some = append(some, Listener{Port: l.published, Protocol: l.protocol(), Internal: internal, Service: s.Name, Container: l.container})
				}
			}
		}
		slices.SortFunc(some, func(x, y Listener) int { return x.Port - y.Port })
		out = append(out, some...)
	}
	return out
}
