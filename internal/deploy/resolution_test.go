package deploy_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/berthdev/berth/internal/app"
	resource "github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// TestTheResolutionFollowsTheFile: ECS measures a service more often while the file says so,
// the policy looks at these metrics, no change of it starts a deployment, and in the end AWS
// charges for nothing more.
func TestTheResolutionFollowsTheFile(t *testing.T) {
	t.Parallel()
	file := func(seconds int) *app.App {
		return bed.App(t, fmt.Sprintf("name: shop\nservices:\n  web: {image: \"nginx:1.29\", "+
			"x-berth: {autoscaling: {max: 4, cpu: 50, resolution_seconds: %d}}}\n", seconds))
	}
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		var first string
		for i, seconds := range []int{60, 20, 60, 20} {
			a := file(seconds)
			mustRun(t, b, a, deploy.Request{})
			unchanged(t, b, a)
			p, err := b.Start(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			cluster := resource.ClusterName(blueprint.Environment(a), p.Region)
			name := blueprint.ServiceName(a, p.Region, "web")
			revision, every := measured(t, p.Clients.ECS, cluster, name)
			if first == "" {
				first = revision
			}
			if revision != first {
				t.Errorf("change %d started a deployment", i)
			}
			if every != seconds && (i > 0 || every != 0) {
				t.Errorf("after change %d the service is measured each %d s, want %d", i, every, seconds)
			}
			time.Sleep(time.Until(time.Now().Truncate(time.Minute).Add(time.Minute + time.Second)))
			sandbox.SetLoad(b.World, cluster, name, sandbox.Work{CPU: 190})
			time.Sleep(200 * time.Second)
			shown, err := p.Clients.ECS.DescribeServices(t.Context(), &ecs.DescribeServicesInput{Cluster: &cluster, Services: []string{name}})
			if err != nil {
				t.Fatal(err)
			}
			if n, fast := shown.Services[0].RunningCount, seconds == 20; n > 1 != fast {
				t.Errorf("200 s after the load %d tasks run, with metrics each %d s", n, seconds)
			}
			sandbox.SetLoad(b.World, cluster, name, sandbox.Work{CPU: 1})
			time.Sleep(2 * time.Hour)
		}
		mustRun(t, b, file(20), deploy.Request{Down: true, DeleteData: true})
	})
}

// measured is the present revision of a service, and each how many seconds its processors are
// measured; 0 is ECS's default.
func measured(t *testing.T, api *ecs.Client, cluster, name string) (revision string, seconds int) {
	t.Helper()
	list, err := api.ListServiceDeployments(t.Context(), &ecs.ListServiceDeploymentsInput{Cluster: &cluster, Service: &name})
	if err != nil {
		t.Fatal(err)
	}
	revision = aws.ToString(list.ServiceDeployments[0].TargetServiceRevisionArn)
	out, err := api.DescribeServiceRevisions(t.Context(), &ecs.DescribeServiceRevisionsInput{ServiceRevisionArns: []string{revision}})
	if err != nil {
		t.Fatal(err)
	}
	if m := out.ServiceRevisions[0].Monitoring; m != nil {
		seconds = int(aws.ToInt32(m.MetricConfigurations[0].ResolutionSeconds))
	}
	return revision, seconds
}
