package usage_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/usage"
	"github.com/berthdev/berth/test/bed"
)

// TestFigures: figures appear a minute late for what runs, those of requests only
// behind an application load balancer, and none for what does not run.
func TestFigures(t *testing.T) {
	t.Parallel()
	a := bed.App(t, `
name: shop
services:
  web: { image: nginx:1.29, ports: ["80:80"], deploy: { replicas: 2 } }
  worker: { image: "sandbox/uses:384m", expose: ["80"] }
`)
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Clock: clock.Wall{}, Seed: 1})
		if _, err := b.Run(t.Context(), a, deploy.Request{}); err != nil {
			t.Fatal(err)
		}
		p, err := b.Start(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Minute)
		list, err := usage.Read(t.Context(), p.Project)
		if err != nil || len(list) != 2 {
			t.Fatalf("services %+v, error %v", list, err)
		}
		web, worker := list[0], list[1]
		switch {
		case web.Name != "web" || worker.Name != "worker":
			t.Errorf("services %s and %s", web.Name, worker.Name)
		case web.CPU == nil || web.Memory == nil || web.Requests == nil || web.Errors == nil || web.P95 == nil:
			t.Errorf("web lacks figures: %+v", web)
		case *web.Memory != 25 || *worker.Memory != 75 || *web.Requests <= 0 || *web.Errors != 0 || *web.P95 <= 0:
			t.Errorf("memory %v and %v, requests %v, errors %v, p95 %v", *web.Memory, *worker.Memory, *web.Requests, *web.Errors, *web.P95)
		case worker.Requests != nil || worker.Errors != nil || worker.P95 != nil:
			t.Errorf("worker has requests: %+v", worker)
		}
		if age := time.Since(web.Minute); age < 2*time.Minute || age > 4*time.Minute {
			t.Errorf("the minute is %s old", age)
		}
		table, err := p.Outputs()
		if err != nil {
			t.Fatal(err)
		}
		s, _ := table.Service("worker")
		_, err = p.Clients.ECS.UpdateService(t.Context(), &ecs.UpdateServiceInput{Cluster: &table.Cluster, Service: &s.ECSName, DesiredCount: aws.Int32(0)})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Minute)
		list, err = usage.Read(t.Context(), p.Project, "worker")
		if err != nil || len(list) != 1 || list[0].CPU != nil || !list[0].Minute.IsZero() {
			t.Errorf("services %+v, error %v; want worker without figures", list, err)
		}
	})
}
