package deploy_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/project"
	"github.com/berthdev/berth/internal/sandbox"
)

// Example deploys a Compose file to a modelled AWS, whose clock runs sixty times
// as fast as the wall clock.
func Example() {
	ctx := context.Background()
	world, err := sandbox.New(sandbox.Options{Clock: clock.NewFast(time.Now(), 60), Buckets: true})
	if err != nil {
		log.Fatal(err)
	}
	cfg := world.Config()
	gate.New(gate.Options{Clock: world.Clock()}).Attach(&cfg)
	target := deploy.Target{Clients: aws.NewClients(cfg), Clock: world.Clock()}
	if target.Identity, err = aws.WhoAmI(ctx, cfg, target.Clients.STS, ""); err != nil {
		log.Fatal(err)
	}
	source, err := deploy.Load(ctx, project.Options{Dir: "testdata/hello"}, app.Options{})
	if err != nil {
		log.Fatal(err)
	}
	hello, err := deploy.Open(ctx, source, target)
	if err != nil {
		log.Fatal(err)
	}
	plan, err := hello.Plan(ctx, deploy.Request{}, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("to do:", plan.Changes())
	outcome, err := hello.Apply(ctx, plan, func(e deploy.Event) {
		if locked, ok := e.(deploy.Locked); ok {
			fmt.Println("locked", locked.Owner)
		}
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(outcome.Release.Outcome, "with", len(outcome.URLs), "URL")
	status, err := hello.Status(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range status.Services {
		fmt.Printf("%s: %d of %d tasks run\n", s.Name, s.Running, s.Desired)
	}
	// Output:
	// to do: true
	// locked env/hello-dev
	// locked stack/hello-dev/hello
	// succeeded with 1 URL
	// web: 1 of 1 tasks run
}
