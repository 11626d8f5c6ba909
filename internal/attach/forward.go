package attach

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/deploy"
)

// Ports is a port of this computer and the one that it leads to.
type Ports struct {
	// Local is 0 for a free one.
	Local, Remote int
}

// ParsePorts reads LOCAL:REMOTE, or one port for both.
func ParsePorts(text string) (Ports, error) {
	local, remote, both := strings.Cut(text, ":")
	if !both {
		remote = local
	}
	var p Ports
	for _, part := range []struct {
		text string
		into *int
		from int
	}{{local, &p.Local, 0}, {remote, &p.Remote, 1}} {
		n, err := strconv.Atoi(part.text)
		if err != nil || n < part.from || n > 65535 {
			return p, fmt.Errorf("%q are no ports: write LOCAL:REMOTE, such as 8080:80", text)
		}
		*part.into = n
	}
	return p, nil
}

// Place is where forwarded connections come out.
type Place struct {
	Target
	// Host is what the container connects to; "" is the container itself. Port is the
	// port there.
	Host string
	Port int
}

// NoWayError says that no service with ECS Exec reaches a database.
type NoWayError struct{ Database string }

func (e *NoWayError) Error() string {
	return "no service that can reach " + e.Database + " has ECS Exec"
}

// Remedy is what the user can do.
func (e *NoWayError) Remedy() string {
	return "write `x-berth: {exec: true}` at a service that is in a network of " + e.Database + ", and run `berth up`"
}

// To finds what a name means for forwarding: a container as Find does, or a managed
// database, which is reached through a task of a service in one of its networks. through
// names that service; "" takes the first that has ECS Exec.
func To(ctx context.Context, p *deploy.Project, name, container, through string, port int) (Place, error) {
	d, ok := p.Source.App.Database(name)
	if !ok {
		if through != "" {
			return Place{}, fmt.Errorf("--through is for databases, and %s is none", name)
		}
		t, err := Find(ctx, p, name, container)
		return Place{Target: t, Port: port}, err
	}
	table, err := p.Outputs()
	if err != nil {
		return Place{}, err
	}
	out := Place{Port: port}
	for _, o := range table.Databases {
		if o.Name == name {
			out.Host, out.Port = o.Host, cmp.Or(port, o.Port)
		}
	}
	if out.Host == "" {
		return Place{}, fmt.Errorf("%s has no name in the network yet", name)
	}
	if through == "" {
		for _, s := range p.Source.App.Services {
			near := slices.ContainsFunc(s.Networks, func(n string) bool { return slices.Contains(d.Networks, n) })
			if s.Exec && !s.ReadOnly && near && (s.Replicas > 0 || s.Global) {
				through = s.Name
				break
			}
		}
	}
	if through == "" {
		return Place{}, &NoWayError{name}
	}
	out.Target, err = Find(ctx, p, through, container)
	return out, err
}

// Forward carries the connections of a listener to a place, until ctx ends or the
// session does. failed is told when the container could not connect.
func Forward(ctx context.Context, p *deploy.Project, to Place, listener net.Listener, failed func(), lost Lost) error {
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	s, err := port(life, p, to.Target, to.Host, to.Port, lost)
	if err != nil {
		return err
	}
	defer s.Terminate(life)
	return s.Forward(ctx, listener, failed)
}
