package command

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/attach"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/interrupt"
)

func newPortForward(o *cli.Options) *cobra.Command {
	v := &forwardVerb{Opener: o.Opener()}
	c := &cobra.Command{
		Use:        "port-forward SERVICE|DATABASE [LOCAL:REMOTE...]",
		SuggestFor: []string{"forward", "tunnel", "proxy"},
		Short:      "Forward ports of this computer to a container or database",
		Long: `port-forward listens on ports of this computer and carries each connection to a
port of a container, without opening anything to the internet. A managed
database is reached through a task of a service in one of its networks; its port
is the default. LOCAL 0 takes a free port, and one number stands for both. It
needs x-berth: {exec: true}, as exec does, and runs until Ctrl-C.`,
		Example: `  berth port-forward web 8080:80
  berth -e prod port-forward db
  berth port-forward db 15432:5432 --through worker`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return v.forward(c.Context(), args[0], args[1:]) },
	}
	c.Flags().StringVar(&v.container, "container", "", "another container of the task: a sidecar's name")
	c.Flags().StringVar(&v.through, "through", "", "the service whose task reaches the database")
	return c
}

// forwardVerb forwards ports.
type forwardVerb struct {
	*cli.Opener
	container, through string
}

// forwardOutput is port-forward --json: one object, once the ports are open.
type forwardOutput struct {
	cli.Place
	Task  string          `json:"task"`
	Ports []forwardedPort `json:"ports"`
}

// forwardedPort is one port of this computer.
type forwardedPort struct {
	Local string `json:"local"`
	// Host is what the container connects to; it is missing for the container itself.
	Host   string `json:"host,omitempty"`
	Remote int    `json:"remote"`
}

// opened is a port that is listened on.
type opened struct {
	attach.Place
	listener net.Listener
}

func (v *forwardVerb) forward(ctx context.Context, name string, texts []string) error {
	var pairs []attach.Ports
	for _, text := range texts {
		p, err := attach.ParsePorts(text)
		if err != nil {
			return err
		}
		pairs = append(pairs, p)
	}
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	if _, database := s.Source.App.Database(name); !database && len(pairs) == 0 {
		return &cli.RemedyError{Err: errors.New("no ports are given"), Advice: "`berth port-forward " + name + " 8080:80` leads port 8080 of this computer to port 80 of " + name}
	}
	if len(pairs) == 0 {
		pairs = []attach.Ports{{}}
	}
	save := s.Saving()
	err = v.carry(ctx, s, name, pairs)
	return errors.Join(err, save())
}

func (v *forwardVerb) carry(ctx context.Context, s *cli.Session, name string, pairs []attach.Ports) error {
	list, err := v.listen(ctx, s, name, pairs)
	defer func() {
		for _, o := range list {
			_ = o.listener.Close() // nothing is left to do with it
		}
	}()
	if err != nil {
		return err
	}
	if err := v.show(s, name, list); err != nil {
		return err
	}
	v.Quietly(func() {
		err = concurrent.Each(list, func(_ int, o opened) error {
			return attach.Forward(ctx, s.Project, o.Place, o.listener, func() {
				v.Say("%s: the container could not connect to port %d", name, o.Port)
			}, v.lost)
		})
	})
	if errors.Is(err, interrupt.Err) {
		return &cli.InterruptedError{Says: "interrupted: the ports are closed"}
	}
	return err
}

// listen opens all ports before anything is shown.
func (v *forwardVerb) listen(ctx context.Context, s *cli.Session, name string, pairs []attach.Ports) ([]opened, error) {
	var list []opened
	for _, p := range pairs {
		to, err := attach.To(ctx, s.Project, name, v.container, v.through, p.Remote)
		if err != nil {
			return list, err
		}
		local := p.Local
		if p == (attach.Ports{}) {
			local = to.Port
		}
		var config net.ListenConfig
		l, err := config.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(local)))
		if err != nil {
			return list, &cli.RemedyError{
				Err:    fmt.Errorf("listening on port %d: %w", local, err),
				Advice: fmt.Sprintf("write another port, or 0 for a free one: 0:%d", to.Port),
			}
		}
		list = append(list, opened{to, l})
	}
	return list, nil
}

func (v *forwardVerb) show(s *cli.Session, name string, list []opened) error {
	out := forwardOutput{Place: s.Place(), Task: list[0].Task}
	for _, o := range list {
		out.Ports = append(out.Ports, forwardedPort{Local: o.listener.Addr().String(), Host: o.Host, Remote: o.Port})
	}
	if v.JSON {
		return v.PrintJSON(out)
	}
	for _, o := range list {
		v.Print("%s leads to port %d of %s", o.listener.Addr(), o.Port, name)
	}
	v.Say("through task %s of %s, until Ctrl-C", render.ShortID(list[0].Task), list[0].Workload)
	return nil
}

func (v *forwardVerb) lost(err error) { sayBroken(v.Console, err, "") }
