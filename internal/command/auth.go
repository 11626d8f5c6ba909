package command

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/state"
)

func newAuth(o *cli.Options) *cobra.Command {
	v := &authVerb{Console: o.Console, source: o.Source, target: o.Target}
	return &cobra.Command{
		Use:   "auth",
		Short: "Show which AWS account and role berth would use, and how it found them",
		Example: `  berth auth
  berth --aws-profile prod --region eu-west-1 auth`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return v.auth(c.Context()) },
	}
}

// authVerb shows the identity that berth would use.
type authVerb struct {
	*cli.Console
	source *cli.SourceOptions
	target *cli.TargetOptions
}

func (v *authVerb) auth(ctx context.Context) error {
	if v.target.Sandbox && v.JSON {
		return v.PrintJSON(aws.Identity{Region: v.source.Region, Source: "sandbox"})
	}
	if v.target.Sandbox {
		v.Print("sandbox: no account is used")
		return nil
	}
	calls := gate.New(gate.Options{Clock: clock.Wall{}, Observe: v.Attempts()})
	cfg, err := aws.LoadConfig(ctx, v.target.AWSProfile, v.source.Region, calls)
	if err != nil {
		return err
	}
	if err := cli.CheckRegion(cfg.Region); err != nil {
		return err
	}
	clients := aws.NewClients(cfg)
	endpoints := clients.Endpoints()
	for _, e := range endpoints {
		v.Say("warning: calls go to %s, not to AWS, because of AWS_ENDPOINT_URL or of endpoint_url in the profile", e)
	}
	id, err := aws.WhoAmI(ctx, cfg, clients.STS, v.target.AWSProfile)
	if err != nil {
		return err
	}
	id.Endpoints = endpoints
	id.Warnings = append(id.Warnings, stateOf(ctx, clients.S3, id)...)
	if v.JSON {
		return v.PrintJSON(id)
	}
	err = render.Table(v.Streams.Out, [][]string{
		{"account", id.Account}, {"identity", id.ARN}, {"region", id.Region},
		{"credentials", id.Source}, {"expire", expiry(id, time.Now())},
	})
	for _, w := range id.Warnings {
		v.Say("warning: %s", w)
	}
	return err
}

// expiry says when credentials expire.
func expiry(id aws.Identity, now time.Time) string {
	switch {
	case !id.Expires.IsZero():
		return id.Expires.Local().Format(time.DateTime) + " (in " + clock.Span(id.Expires.Sub(now)) + ")"
	case id.Temporary:
		return "when their session ends: the session token does not say when"
	}
	return "never"
}

// statePatience is how long auth waits for the answer about the state bucket: the
// identity is shown even if S3 does not answer.
const statePatience = 5 * time.Second

// stateOf lists what makes the state bucket of the account and region less safe
// than a bucket that berth makes; without a bucket it is empty.
func stateOf(ctx context.Context, api *s3.Client, id aws.Identity) []string {
	ctx, cancel := context.WithTimeout(ctx, statePatience)
	defer cancel()
	b := &state.Bucket{API: api, Account: id.Account, Region: id.Region, Partition: id.Partition}
	return b.Check(ctx)
}
