package autoscaling_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/autoscaling"
	"github.com/berthdev/berth/internal/aws/part"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

func TestLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds: kinds,
		Life:  life, OnMoto: lifeOnMoto,
		Ground: func(t *testing.T, cfg aws.Config, c clock.Clock) []*engine.Graph {
			arn := newService(t, cfg, c)
			return []*engine.Graph{desired(arn, 4, nil), desired(arn, 6, map[string]string{"team": "a"})}
		},
	})
}

// lifeOnMoto has no change: moto has no tags of targets.
func lifeOnMoto(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	d := typetest.New(t, cfg, c, kinds)
	g := desired(newService(t, cfg, c), 4, nil)
	d.Up(g, false)
	d.MustPlan("", g, true)
	if err := d.Blind(g, nil); err != nil {
		t.Error(err)
	}
	d.Down()
}

// life takes a target and its policies through their whole life.
func life(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	d := typetest.New(t, cfg, c, kinds)
	arn := newService(t, cfg, c)
	first := desired(arn, 4, map[string]string{"team": "a"})
	d.Up(first, false)
	if err := d.Blind(first, nil); err != nil {
		t.Errorf("everything once more: %v", err)
	}
	calls := d.Calls()
	d.MustPlan("", first, false)
	if got := d.Calls() - calls; got != 3 {
		t.Errorf("a reading took %d calls, want 3", got)
	}
	second := desired(arn, 6, nil)
	d.MustPlan("update autoscaling.target/web (max differs)", second, false)
	d.Up(second, false)
	d.MustPlan("", second, true)

	api := applicationautoscaling.NewFromConfig(cfg)
	_, err := api.PutScalingPolicy(t.Context(), &applicationautoscaling.PutScalingPolicyInput{
		ServiceNamespace: types.ServiceNamespaceEcs, ScalableDimension: types.ScalableDimensionECSServiceDesiredCount,
		ResourceId: aws.String("service/shop/web"), PolicyName: aws.String("berth/shop-dev/shop/web/cpu"),
		PolicyType: types.PolicyTypeTargetTrackingScaling,
		TargetTrackingScalingPolicyConfiguration: &types.TargetTrackingScalingPolicyConfiguration{
			TargetValue: aws.Float64(50), DisableScaleIn: aws.Bool(true),
			PredefinedMetricSpecification: &types.PredefinedMetricSpecification{PredefinedMetricType: types.MetricTypeECSServiceAverageCPUUtilization},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	d.MustPlan("update autoscaling.policy/web-cpu (metric differs, value differs, out_seconds differs, in_seconds differs)", second, false)
	d.Up(second, false)
	d.MustPlan("", second, true)
	_, err = api.PutScheduledAction(t.Context(), &applicationautoscaling.PutScheduledActionInput{
		ServiceNamespace: types.ServiceNamespaceEcs, ScalableDimension: types.ScalableDimensionECSServiceDesiredCount,
		ResourceId: aws.String("service/shop/web"), ScheduledActionName: aws.String("berth/shop-dev/shop/web/1"),
		Timezone: aws.String("UTC"), ScalableTargetAction: &types.ScalableTargetAction{MaxCapacity: aws.Int32(3)},
	})
	if err != nil {
		t.Fatal(err)
	}
	d.MustPlan("update autoscaling.scheduled-action/web-1 (zone differs, min differs, max differs)", second, false)
	d.Up(second, false)
	d.MustPlan("", second, true)
	d.MustPlan("delete autoscaling.target/web (no longer in the files)\n"+
		"delete autoscaling.policy/web-cpu (no longer in the files)\n"+
		"delete autoscaling.policy/web-memory (no longer in the files)\n"+
		"delete autoscaling.policy/web-queue (no longer in the files)\n"+
		"delete autoscaling.policy/web-wake (no longer in the files)\n"+
		"delete autoscaling.scheduled-action/web-1 (no longer in the files)", engine.NewGraph(), true)
	d.Down()
}

// TestATargetOfAnotherIsNotTaken: a target that somebody registered by hand is not
// changed, and not deleted either.
func TestATargetOfAnotherIsNotTaken(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		arn := newService(t, cfg, clock.Wall{})
		_, err := applicationautoscaling.NewFromConfig(cfg).RegisterScalableTarget(t.Context(), &applicationautoscaling.RegisterScalableTargetInput{
			ServiceNamespace: types.ServiceNamespaceEcs, ScalableDimension: types.ScalableDimensionECSServiceDesiredCount,
			ResourceId: aws.String("service/shop/web"), MinCapacity: aws.Int32(1), MaxCapacity: aws.Int32(2),
		})
		if err != nil {
			t.Fatal(err)
		}
		d := typetest.New(t, cfg, clock.Wall{}, kinds)
		d.MustPlan("", engine.NewGraph(), true)
		if err := d.Try(t.Context(), desired(arn, 4, nil), false, engine.PlanOptions{}); err == nil {
			t.Error("berth changed a target that is not its own")
		}
	})
}

func kinds(cfg aws.Config) []engine.AnyType {
	targets := autoscaling.Targets{
		API: applicationautoscaling.NewFromConfig(cfg), Tagging: resourcegroupstaggingapi.NewFromConfig(cfg),
		Account: "123456789012", Region: cfg.Region, Partition: "aws",
	}
	return []engine.AnyType{engine.Erase(targets), engine.Erase(autoscaling.Policies{Targets: targets}), engine.Erase(autoscaling.ScheduledActions{Targets: targets})}
}

func desired(arn string, most int, labels map[string]string) *engine.Graph {
	g := engine.NewGraph()
	target := g.Add(typetest.Stack, "web", autoscaling.Target{
		Name: "web", Service: engine.Lit(arn), Min: 0, Max: most, Scheduled: []string{autoscaling.ScheduledRange(0, 1)},
	}).Label(labels)
	g.Add(typetest.Stack, part.Address("web", "1"), autoscaling.ScheduledAction{
		Name: part.Name(typetest.Stack, "web", "1"), Target: target.ID(),
		Expression: "cron(0 19 ? * MON-FRI *)", Zone: "Europe/Berlin", Min: 0, Max: 1,
	})
	g.Add(typetest.Stack, part.Address("web", "queue"), autoscaling.Policy{
		Name: part.Name(typetest.Stack, "web", "queue"), Target: target.ID(), Metric: autoscaling.MetricBacklog, Queue: "orders", Value: 10,
		OutSeconds: 300, InSeconds: 300,
	})
	g.Add(typetest.Stack, part.Address("web", "wake"), autoscaling.Policy{
		Name: part.Name(typetest.Stack, "web", "wake"), Target: target.ID(), Metric: autoscaling.MetricWake, Value: 1, OutSeconds: 60,
	})
	for metric, kind := range map[string]string{"cpu": autoscaling.MetricCPU, "memory": autoscaling.MetricMemory} {
		g.Add(typetest.Stack, part.Address("web", metric), autoscaling.Policy{
			Name: part.Name(typetest.Stack, "web", metric), Target: target.ID(), Metric: kind, Value: 85,
			OutSeconds: 300, InSeconds: 300,
		})
	}
	return g
}

// TestTheRangeOfAScheduledActionIsNoDrift: at night a scheduled action has set its own
// range, and the next run leaves it. A range that none sets is drift.
func TestTheRangeOfAScheduledActionIsNoDrift(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		d := typetest.New(t, cfg, clock.Wall{}, kinds)
		g := desired(newService(t, cfg, clock.Wall{}), 4, nil)
		d.Up(g, false)
		ranges := func() autoscaling.Range {
			found, err := autoscaling.Ranges(t.Context(), applicationautoscaling.NewFromConfig(cfg), "shop", []string{"web"})
			if err != nil {
				t.Fatal(err)
			}
			return found["web"]
		}
		for begin := time.Now(); ranges().Max != 1; time.Sleep(time.Hour) {
			if time.Since(begin) > 4*24*time.Hour {
				t.Fatal("the scheduled action has not set its range in four days")
			}
		}
		d.MustPlan("", g, true)
		_, err := applicationautoscaling.NewFromConfig(cfg).RegisterScalableTarget(t.Context(), &applicationautoscaling.RegisterScalableTargetInput{
			ServiceNamespace: types.ServiceNamespaceEcs, ScalableDimension: types.ScalableDimensionECSServiceDesiredCount,
			ResourceId: aws.String("service/shop/web"), MaxCapacity: aws.Int32(9),
		})
		if err != nil {
			t.Fatal(err)
		}
		d.MustPlan("update autoscaling.target/web (max differs)", g, false)
	})
}
