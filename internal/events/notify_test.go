package events_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// told is a project whose failures go to a topic, with services of these lines.
func told(t *testing.T, services string) *app.App {
	t.Helper()
	return bed.App(t, `name: shop
x-berth: {notify: "arn:aws:sns:eu-central-1:123456789012:alerts", events: true}
services:
`+services)
}

const well = `  web: {image: "nginx:1.29", expose: ["80"], deploy: {replicas: 2}, healthcheck: {test: ["CMD", "true"]}}
  helper: {image: "busybox:1.37", network_mode: "service:web"}
`

// news are the messages since the last call.
func news(w *sandbox.World, known *int) []string {
	all := sandbox.Messages(w, "alerts")
	defer func() { *known = len(all) }()
	return all[*known:]
}

// TestNotify: what fails is published, in words; what people, deployments and scaling stop
// is not.
func TestNotify(t *testing.T) {
	t.Parallel()
	first := told(t, well)
	fewer := told(t, strings.Replace(strings.ReplaceAll(well, "1.29", "1.30"), "replicas: 2", "replicas: 1", 1))
	jobs := told(t, well+`  good: {image: "sandbox/exit:0", x-berth: {schedule: "0 3 * * *"}}
  bad: {image: "sandbox/exit:3", x-berth: {schedule: "0 4 * * *"}}
`)
	broken := told(t, strings.ReplaceAll(well, "nginx:1.29", "sandbox/exit:3"))
	synctest.Test(t, func(t *testing.T) {
		b, known := bed.New(t, sandbox.Options{Seed: 1, Account: "123456789012"}), 0
		b.World.Owner().GiveTopic("alerts", true)
		up := func(a *app.App) {
			if _, err := b.Up(t.Context(), a); err != nil {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Minute)
		}
		up(first)
		up(fewer) // a deployment, and fewer tasks
		stopOne(t, b)
		if got := news(b.World, &known); len(got) > 0 {
			t.Errorf("messages without a failure: %q", got)
		}
		b.World.StopRandomTask()
		time.Sleep(10 * time.Minute)
		want(t, news(b.World, &known), 1, `"shop in dev: a task of service:web-`, "failed: Essential container in task exited. Next: `berth why`\"")

		up(jobs)
		news(b.World, &known)
		time.Sleep(24 * time.Hour) // each job has run once
		want(t, news(b.World, &known), 1, `"shop in dev: a task of family:bad-`)

		if _, err := b.Up(t.Context(), broken); err == nil {
			t.Error("a service that cannot work was deployed")
		}
		time.Sleep(10 * time.Minute)
		got := news(b.World, &known)
		want(t, got, 0, `"shop in dev: a deployment failed or goes back: ECS deployment circuit breaker: task failed to start. (arn:aws:ecs:`, "rolling back to deploymentId", `a task of service:web-`)

		if _, err := b.Run(t.Context(), broken, deploy.Request{Down: true, DeleteData: true}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Minute)
		if got := news(b.World, &known); len(got) > 0 {
			t.Errorf("messages of a teardown: %q", got)
		}
	})
}

// stopOne stops a task, as a user does.
func stopOne(t *testing.T, b *bed.Bed) {
	t.Helper()
	api := ecs.NewFromConfig(b.World.Config())
	clusters, err := api.ListClusters(t.Context(), &ecs.ListClustersInput{})
	if err != nil || len(clusters.ClusterArns) == 0 {
		t.Fatal(clusters, err)
	}
	tasks, err := api.ListTasks(t.Context(), &ecs.ListTasksInput{Cluster: &clusters.ClusterArns[0]})
	if err != nil || len(tasks.TaskArns) == 0 {
		t.Fatal(tasks, err)
	}
	if _, err := api.StopTask(t.Context(), &ecs.StopTaskInput{Cluster: &clusters.ClusterArns[0], Task: &tasks.TaskArns[0], Reason: aws.String("by hand")}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(10 * time.Minute)
}

// want wants so many messages, any number for 0, that have these words among them.
func want(t *testing.T, got []string, n int, words ...string) {
	t.Helper()
	if n > 0 && len(got) != n {
		t.Errorf("%d messages, want %d: %q", len(got), n, got)
	}
	text := strings.Join(got, "\n")
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("no %q in:\n%s", w, text)
		}
	}
}

// TestATopicThatTakesNothing: the plan says which statement its policy lacks, and which key
// EventBridge cannot use.
func TestATopicThatTakesNothing(t *testing.T) {
	t.Parallel()
	a := told(t, well)
	synctest.Test(t, func(t *testing.T) {
		for name, c := range map[string]struct {
			open bool
			key  string
			want string
		}{
			"open": {true, "", ""}, "closed": {false, "", `"aws:SourceArn":"arn:aws:events:eu-central-1:123456789012:rule/berth-`},
			"AWS's key": {true, "alias/aws/sns", "encrypted with AWS's own key"}, "another key": {true, "alias/own", ""},
		} {
			b := bed.New(t, sandbox.Options{Seed: 1, Account: "123456789012"})
			b.World.Owner().GiveTopic("alerts", c.open)
			b.World.Owner().Encrypt("alerts", c.key)
			p, err := b.Start(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			plan, err := p.Plan(t.Context(), deploy.Request{})
			if err != nil {
				t.Fatal(err)
			}
			var of []string
			for _, n := range plan.Notices {
				if strings.Contains(n.Text, ":alerts: ") {
					of = append(of, n.Text)
				}
			}
			if got := strings.Join(of, "\n"); (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
	})
}
