package command

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/deploy"
)

func newOpen(o *cli.Options) *cobra.Command {
	v := &openVerb{o.Opener()}
	return &cobra.Command{
		Use:        "open [SERVICE]",
		SuggestFor: []string{"url", "browse"},
		Short:      "Print where a service is reached, and open it in the browser",
		Long: `open prints the public addresses of a service, or of all, and says what is
missing for those that do not work yet. On a terminal it opens the first one
that works.`,
		Example: `  berth open web
  curl "$(berth open web)"     in a pipe it only prints`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return v.show(c.Context(), args) },
	}
}

// openOutput is open --json.
type openOutput struct {
	cli.Place
	Reach []deploy.Reach `json:"reach"`
}

// openVerb shows a service in the browser.
type openVerb struct{ *cli.Opener }

func (v *openVerb) show(ctx context.Context, names []string) error {
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	if err := s.CheckNames(names); err != nil {
		return err
	}
	// All services, because the answer says whether anything of the project is there.
	found, err := s.Status(ctx)
	if err != nil {
		return err
	}
	list := found.Reach
	if len(names) > 0 {
		list = slices.DeleteFunc(list, func(r deploy.Reach) bool { return r.Service != names[0] })
	}
	var none error
	if len(list) == 0 {
		none = unreachable(s, found, names)
	}
	if v.JSON {
		if err := v.PrintJSON(openOutput{s.Place(), list}); err != nil {
			return err
		}
	}
	if v.JSON || none != nil {
		return none
	}
	v.printReach(list)
	if s.World != nil {
		v.Say("nothing listens there, because this is the sandbox")
		return nil
	}
	return v.browse(ctx, list)
}

// printReach prints the addresses as data and what is missing as talk.
func (v *openVerb) printReach(list []deploy.Reach) {
	for _, r := range list {
		v.Print("%s", r.URL)
		switch {
		case !r.Works:
			v.Say("  %s does not answer: %s", r.Service, r.Why)
		case r.Why != "":
			v.Say("  %s", r.Why)
		}
	}
}

// unreachable says why there is no address.
func unreachable(s *cli.Session, found *deploy.Status, names []string) error {
	a := s.Source.App
	if !found.Present() {
		err := fmt.Errorf("%s is not deployed in %s", a.Name, a.Env)
		if len(found.Elsewhere) > 0 {
			return &cli.RemedyError{Err: err, Advice: "it is deployed in: " + strings.Join(found.Elsewhere, ", ") + "; name one with -e"}
		}
		return &cli.RemedyError{Err: err, Advice: "`berth up` deploys it"}
	}
	if len(names) == 0 {
		return &cli.RemedyError{Err: errors.New("no service is public"), Advice: howToPublish}
	}
	svc, ok := a.Service(names[0])
	switch {
	case !ok:
		return &cli.RemedyError{Err: fmt.Errorf("%s is a job or a database: nothing is to be seen there", names[0]), Advice: "`berth logs` and `berth ps` show what it does"}
	case len(svc.Hosts) > 0 || len(svc.PublicPorts()) > 0:
		return &cli.RemedyError{Err: fmt.Errorf("%s has no address yet: nothing public leads to it", names[0]), Advice: "`berth up` makes it"}
	}
	return &cli.RemedyError{Err: fmt.Errorf("%s is private: only siblings reach it", names[0]), Advice: howToPublish}
}

// howToPublish is what makes a service public.
const howToPublish = "publish a port that speaks HTTP (`ports: [\"8080:80\"]`, app_protocol: http), or set\n  x-berth.host to a name; anything else needs x-berth.public: see docs/network.md"

// browse opens the first address that works, if a person is looking.
func (v *openVerb) browse(ctx context.Context, list []deploy.Reach) error {
	if !cli.IsTerminal(v.Streams.Out) {
		return nil
	}
	i := slices.IndexFunc(list, func(r deploy.Reach) bool { return r.Works && strings.HasPrefix(r.URL, "http") })
	if i < 0 {
		return nil
	}
	name, args := browser(runtime.GOOS)
	if err := exec.CommandContext(context.WithoutCancel(ctx), name, append(args, list[i].URL)...).Start(); err != nil {
		v.Say("no browser was opened: %v", err)
	}
	return nil
}

// browser is the program that opens an address on an operating system.
func browser(system string) (name string, args []string) {
	switch system {
	case "darwin":
		return "open", nil
	case "windows":
		return "rundll32", []string{"url.dll,FileProtocolHandler"}
	}
	return "xdg-open", nil
}
