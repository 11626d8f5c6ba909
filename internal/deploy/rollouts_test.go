package deploy_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// canaryApp is a service with a rollout; without one it is updated task by task.
func canaryApp(t *testing.T, image, rollout string) *app.App {
	t.Helper()
	if rollout != "" {
		rollout = "\n    x-berth: { rollout: " + rollout + " }"
	}
	return bed.App(t, fmt.Sprintf(`
name: shop
services:
  web:
    image: %s
    ports: ["80:80"]
    deploy: { replicas: 2 }%s
`, image, rollout))
}

const twoSteps = "{strategy: canary, percent: 10, every: 20m, bake: 10m}"

// unchanged fails if a plan of the app does anything.
func unchanged(t *testing.T, b *bed.Bed, a *app.App) {
	t.Helper()
	if f := mustRun(t, b, a, deploy.Request{}); !f.Plan.Empty() {
		t.Errorf("after the rollout the plan is not empty:\n%s", f.Plan)
	}
}

// running are the images of the tasks that run.
func running(t *testing.T, b *bed.Bed) (out []string) {
	t.Helper()
	api := ecs.NewFromConfig(b.World.Config())
	clusters, err := api.ListClusters(t.Context(), &ecs.ListClustersInput{})
	if err != nil || len(clusters.ClusterArns) != 1 {
		t.Fatalf("clusters %+v: %v", clusters, err)
	}
	list, err := api.ListTasks(t.Context(), &ecs.ListTasksInput{Cluster: &clusters.ClusterArns[0]})
	if err != nil {
		t.Fatal(err)
	}
	tasks, err := api.DescribeTasks(t.Context(), &ecs.DescribeTasksInput{Cluster: &clusters.ClusterArns[0], Tasks: list.TaskArns})
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks.Tasks {
		for _, c := range task.Containers {
			out = append(out, *c.Image)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestRollout: two deployments in a row move the traffic there and back between the
// target groups. Each takes as long as the file says, and afterwards nothing differs.
func TestRollout(t *testing.T) {
	t.Parallel()
	first, second, third := canaryApp(t, "shop:1", twoSteps), canaryApp(t, "shop:2", twoSteps), canaryApp(t, "shop:3", twoSteps)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		mustRun(t, b, first, deploy.Request{})
		unchanged(t, b, first)
		for _, a := range []*app.App{second, third} {
			began := time.Now()
			mustRun(t, b, a, deploy.Request{})
			if took := time.Since(began); took < 30*time.Minute || took > 40*time.Minute {
				t.Errorf("the rollout took %v, want its 30 minutes and a little", took)
			}
			unchanged(t, b, a)
		}
		mustRun(t, b, third, deploy.Request{Down: true, DeleteData: true})
	})
}

// TestRolloutGoesOn: a run that was interrupted in the middle of a rollout is continued by
// the next one, which starts no other deployment.
func TestRolloutGoesOn(t *testing.T) {
	t.Parallel()
	first, second := canaryApp(t, "shop:1", twoSteps), canaryApp(t, "shop:2", twoSteps)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		mustRun(t, b, first, deploy.Request{})
		ctx, cancel := context.WithTimeout(t.Context(), 12*time.Minute)
		defer cancel()
		if _, err := b.Run(ctx, second, deploy.Request{}); err == nil {
			t.Fatal("the rollout took less than 12 minutes")
		}
		f := mustRun(t, b, second, deploy.Request{})
		for _, c := range f.Record {
			if c.Operation == "UpdateService" {
				t.Error("the second run has started another deployment")
			}
		}
		unchanged(t, b, second)
	})
}

// TestRolloutThatFails ends on the old version, and says why.
func TestRolloutThatFails(t *testing.T) {
	t.Parallel()
	first, second := canaryApp(t, "shop:1", twoSteps), canaryApp(t, "sandbox/crash:1s", twoSteps)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		mustRun(t, b, first, deploy.Request{})
		_, err := b.Run(t.Context(), second, deploy.Request{})
		if err == nil || !strings.Contains(err.Error(), "circuit breaker") && !strings.Contains(err.Error(), "exited with code 1") {
			t.Errorf("the bad version: %v", err)
		}
		time.Sleep(5 * time.Minute)
		if got := running(t, b); !slices.Equal(got, []string{"shop:1"}) {
			t.Errorf("these run: %v, want the old version", got)
		}
		mustRun(t, b, first, deploy.Request{})
	})
}

// TestRolloutEndsByAnAlarm: an alarm that goes off ends the rollout on the old version, and
// the failure names it. One that is on before is said.
func TestRolloutEndsByAnAlarm(t *testing.T) {
	t.Parallel()
	const watched = "{strategy: canary, percent: 10, every: 20m, bake: 10m, alarms: [shop-errors]}"
	first, second := canaryApp(t, "shop:1", watched), canaryApp(t, "shop:2", watched)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		name, api := "shop-errors", cloudwatch.NewFromConfig(b.World.Config())
		if _, err := b.Run(t.Context(), first, deploy.Request{}); err == nil || !strings.Contains(err.Error(), "shop-errors: there is no such alarm") {
			t.Errorf("without the alarm: %v", err)
		}
		_, err := api.PutMetricAlarm(t.Context(), &cloudwatch.PutMetricAlarmInput{
			AlarmName: &name, Namespace: aws.String("AWS/ECS"), MetricName: aws.String("CPUUtilization"), Statistic: types.StatisticAverage,
			Period: aws.Int32(300), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(101),
			ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold, TreatMissingData: aws.String("notBreaching"),
		})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		mustRun(t, b, first, deploy.Request{})
		set := func() {
			_, err := api.SetAlarmState(t.Context(), &cloudwatch.SetAlarmStateInput{AlarmName: &name, StateValue: types.StateValueAlarm, StateReason: aws.String("x")})
			if err != nil {
				t.Error(err)
			}
		}
		time.AfterFunc(10*time.Minute, set)
		began := time.Now()
		_, err = b.Run(t.Context(), second, deploy.Request{})
		if took := time.Since(began); err == nil || !strings.Contains(err.Error(), "the alarm shop-errors went off") || took > 13*time.Minute {
			t.Errorf("after %v: %v", took, err)
		}
		time.Sleep(10 * time.Minute)
		if got := running(t, b); !slices.Equal(got, []string{"shop:1"}) {
			t.Errorf("these run: %v, want the old version", got)
		}
		set()
		p, err := b.Start(t.Context(), second)
		if err != nil {
			t.Fatal(err)
		}
		plan, _, err := p.Do(t.Context(), deploy.Request{})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(plan.Notices, func(n app.Notice) bool { return strings.Contains(n.Text, "the alarm is on") }) {
			t.Errorf("notices: %+v", plan.Notices)
		}
		if got := running(t, b); !slices.Equal(got, []string{"shop:2"}) {
			t.Errorf("these run: %v", got)
		}
		unchanged(t, b, second)
	})
}

// TestRolloutEndsByItsOwnAlarm: a version that answers with errors ends by the alarm that
// berth made for it, although nearly all requests still go to the old one. The tasks of a new service are in the
// second target group, so that those of the next version are in the first.
func TestRolloutEndsByItsOwnAlarm(t *testing.T) {
	t.Parallel()
	const watched = "{strategy: canary, percent: 10, every: 20m, bake: 10m, errors_percent: 20, latency_ms: 900}"
	first, second := canaryApp(t, "shop:1", watched), canaryApp(t, "sandbox/fails:500", watched)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		mustRun(t, b, first, deploy.Request{})
		balancers, err := elasticloadbalancingv2.NewFromConfig(b.World.Config()).DescribeLoadBalancers(t.Context(), nil)
		if err != nil || len(balancers.LoadBalancers) != 1 {
			t.Fatalf("%+v: %v", balancers, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var users sync.WaitGroup
		users.Go(func() { visit(ctx, b, *balancers.LoadBalancers[0].DNSName) })
		unchanged(t, b, first)
		began := time.Now()
		_, err = b.Run(t.Context(), second, deploy.Request{})
		if took := time.Since(began); err == nil || !strings.Contains(err.Error(), "berth/shop-dev/shop/web/errors went off") || took > 13*time.Minute {
			t.Errorf("after %v: %v", took, err)
		}
		time.Sleep(10 * time.Minute)
		if got := running(t, b); !slices.Equal(got, []string{"shop:1"}) {
			t.Errorf("these run: %v, want the old version", got)
		}
		mustRun(t, b, first, deploy.Request{})
		cancel()
		users.Wait()
		plain := canaryApp(t, "shop:1", twoSteps)
		mustRun(t, b, plain, deploy.Request{})
		time.Sleep(time.Minute) // lists show what has just been deleted
		alarms, err := cloudwatch.NewFromConfig(b.World.Config()).DescribeAlarms(t.Context(), &cloudwatch.DescribeAlarmsInput{})
		if err != nil || len(alarms.MetricAlarms) != 0 {
			t.Errorf("without thresholds %d alarms stay, %v", len(alarms.MetricAlarms), err)
		}
		mustRun(t, b, plain, deploy.Request{Down: true, DeleteData: true})
	})
}

// visit sends a request a second to a load balancer.
func visit(ctx context.Context, b *bed.Bed, dns string) {
	for ctx.Err() == nil {
		flight := sandbox.Send(b.World, dns, 80, "", "/")
		time.Sleep(time.Second)
		sandbox.Land(b.World, flight)
	}
}

// TestRolloutIsChangedInPlace: a running service gets a rollout, another one, and loses it;
// that is refused while the tasks are in the second target group.
func TestRolloutIsChangedInPlace(t *testing.T) {
	t.Parallel()
	rolling, canary := canaryApp(t, "shop:1", ""), canaryApp(t, "shop:1", twoSteps)
	linear, again := canaryApp(t, "shop:1", "{strategy: linear, percent: 50, every: 1m, bake: 1m}"), canaryApp(t, "shop:2", "{strategy: blue_green, bake: 1m}")
	last := canaryApp(t, "shop:2", "")
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		mustRun(t, b, rolling, deploy.Request{})
		f := mustRun(t, b, canary, deploy.Request{})
		for _, a := range f.Plan.Actions {
			if a.Verb == engine.VerbReplace || a.Verb == engine.VerbDelete {
				t.Errorf("%s %s", a.Verb, a.Address)
			}
		}
		unchanged(t, b, canary)
		mustRun(t, b, linear, deploy.Request{})
		unchanged(t, b, linear)
		_, err := b.Run(t.Context(), rolling, deploy.Request{})
		var shared *elb.SharedError
		if !errors.As(err, &shared) {
			t.Errorf("back to one target group: %v, want a SharedError", err)
		}
		mustRun(t, b, again, deploy.Request{})
		mustRun(t, b, last, deploy.Request{})
		unchanged(t, b, last)
		if got := running(t, b); !slices.Equal(got, []string{"shop:2"}) {
			t.Errorf("these run: %v", got)
		}
	})
}

// TestARestartWaitsForTheTraffic: the deadline of a restart grows by the time that the
// rollout takes, which is longer than the usual one.
func TestARestartWaitsForTheTraffic(t *testing.T) {
	t.Parallel()
	a := canaryApp(t, "shop:1", twoSteps)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		mustRun(t, b, a, deploy.Request{})
		p, err := b.Start(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		r, err := p.PlanRestart(t.Context(), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if _, err := r.Restart(t.Context(), 0, nil); err != nil {
			t.Errorf("the restart fails: %v", err)
		}
		if took := time.Since(began); took < 30*time.Minute {
			t.Errorf("the restart took %v, less than the rollout", took)
		}
		unchanged(t, b, a)
	})
}
