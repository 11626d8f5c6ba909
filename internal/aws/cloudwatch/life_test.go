package cloudwatch_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/cloudwatch"
	"github.com/berthdev/berth/internal/aws/part"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

func TestLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds: kinds,
		Life:  life, OnMoto: func(*testing.T, aws.Config, clock.Clock) {}, // moto does not speak the SDK's protocol for CloudWatch
		Ground: func(_ *testing.T, cfg aws.Config, _ clock.Clock) []*engine.Graph {
			return []*engine.Graph{desired(cfg, nil), desired(cfg, func(a *cloudwatch.Alarm) { a.Above = 7.5 })}
		},
	})
}

func kinds(cfg aws.Config) []engine.AnyType {
	return []engine.AnyType{engine.Erase(cloudwatch.Alarms{
		API: sdk.NewFromConfig(cfg), Tagging: resourcegroupstaggingapi.NewFromConfig(cfg),
		Account: "123456789012", Region: cfg.Region, Partition: "aws",
	})}
}

// desired is two alarms of a service, which a test may change.
func desired(cfg aws.Config, change func(*cloudwatch.Alarm)) *engine.Graph {
	g := engine.NewGraph()
	arn := "arn:aws:elasticloadbalancing:" + cfg.Region + ":123456789012:"
	g.Add(typetest.Stack, part.Address("worker", "wake"), cloudwatch.Alarm{
		Name: part.Name(typetest.Stack, "worker", "wake"), Metric: cloudwatch.MetricWaiting, Queue: "orders", Target: engine.Lit("service/shop/worker"),
		Action: engine.Lit("arn:aws:autoscaling:" + cfg.Region + ":123456789012:scalingPolicy:0"), Points: 1, Minutes: 1,
	})
	for which, metric := range map[string]string{"errors": cloudwatch.MetricErrors, "latency": cloudwatch.MetricLatency} {
		a := cloudwatch.Alarm{
			Name: part.Name(typetest.Stack, "web", which), Metric: metric, Above: 5, Points: 2, Minutes: 3,
			Balancer: engine.Lit(arn + "loadbalancer/app/shop/0a"), Group: engine.Lit(arn + "targetgroup/web/0b"),
		}
		if change != nil {
			change(&a)
		}
		g.Add(typetest.Stack, part.Address("web", which), a)
	}
	return g
}

// life takes alarms through their whole life.
func life(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	d := typetest.New(t, cfg, c, kinds)
	first := desired(cfg, nil)
	d.Up(first, false)
	if err := d.Blind(first, nil); err != nil {
		t.Errorf("everything once more: %v", err)
	}
	calls := d.Calls()
	d.MustPlan("", first, false)
	if got := d.Calls() - calls; got != 1 {
		t.Errorf("a reading took %d calls, want 1", got)
	}
	for _, change := range []func(*cloudwatch.Alarm){
		func(a *cloudwatch.Alarm) { a.Above = 0.5 },
		func(a *cloudwatch.Alarm) { a.Points, a.Minutes = 1, 1 },
		func(a *cloudwatch.Alarm) { a.Group = engine.Lit(a.Group.Value() + "c") },
	} {
		g := desired(cfg, change)
		d.Up(g, false)
		d.MustPlan("", g, true)
	}
	d.Up(first, false)
	byHand(t, cfg, d)
	d.Down()
	strangers(t, cfg, c, d)
}

// byHand has an alarm that somebody changed.
func byHand(t *testing.T, cfg aws.Config, d *typetest.Driver) {
	t.Helper()
	api, first, name := sdk.NewFromConfig(cfg), desired(cfg, nil), part.Name(typetest.Stack, "web", "errors")
	for what, change := range map[string]func(*sdk.PutMetricAlarmInput){
		"above changed outside berth": func(in *sdk.PutMetricAlarmInput) { in.Threshold = aws.Float64(50) },
		"metric changed outside berth": func(in *sdk.PutMetricAlarmInput) {
			in.TreatMissingData = aws.String("breaching")
		},
	} {
		out, err := api.DescribeAlarms(t.Context(), &sdk.DescribeAlarmsInput{AlarmNames: []string{name}})
		if err != nil || len(out.MetricAlarms) != 1 {
			t.Fatalf("%+v: %v", out, err)
		}
		a := out.MetricAlarms[0]
		in := &sdk.PutMetricAlarmInput{
			AlarmName: a.AlarmName, Metrics: a.Metrics, Threshold: a.Threshold, ComparisonOperator: a.ComparisonOperator,
			EvaluationPeriods: a.EvaluationPeriods, DatapointsToAlarm: a.DatapointsToAlarm, TreatMissingData: a.TreatMissingData,
		}
		change(in)
		if _, err := api.PutMetricAlarm(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		d.MustPlan("update cloudwatch.alarm/web-errors ("+what+")", first, true)
		d.Up(first, false)
		d.MustPlan("", first, true)
	}
}

// strangers has an alarm of a wanted name that somebody else made: it stays as it is.
func strangers(t *testing.T, cfg aws.Config, c clock.Clock, d *typetest.Driver) {
	t.Helper()
	api, name := sdk.NewFromConfig(cfg), part.Name(typetest.Stack, "web", "errors")
	_, err := api.PutMetricAlarm(t.Context(), &sdk.PutMetricAlarmInput{
		AlarmName: &name, Namespace: aws.String("AWS/ECS"), MetricName: aws.String("CPUUtilization"), Statistic: types.StatisticAverage,
		Period: aws.Int32(60), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1), ComparisonOperator: types.ComparisonOperatorLessThanThreshold,
	})
	if err != nil {
		t.Fatal(err)
	}
	typetest.Settle(t, cfg, c) // a list may show it a little later
	err = d.Blind(desired(cfg, nil), nil)
	var taken *engine.TakenError
	if !errors.As(err, &taken) || taken.Name != name {
		t.Errorf("with somebody else's alarm of the name: %v, want a TakenError", err)
	}
	out, err := api.DescribeAlarms(t.Context(), &sdk.DescribeAlarmsInput{AlarmNames: []string{name}})
	if err != nil || len(out.MetricAlarms) != 1 || aws.ToFloat64(out.MetricAlarms[0].Threshold) != 1 {
		t.Errorf("somebody else's alarm is %+v, %v", out.MetricAlarms, err)
	}
	if err := d.Try(t.Context(), nil, false, engine.PlanOptions{Destroy: []engine.Owner{typetest.Stack, typetest.Env}}); err != nil {
		t.Error(err)
	}
	if out, err = api.DescribeAlarms(t.Context(), &sdk.DescribeAlarmsInput{AlarmNames: []string{name}}); err != nil || len(out.MetricAlarms) != 1 {
		t.Errorf("after a teardown: %+v, %v", out, err)
	}
	if _, err := api.DeleteAlarms(t.Context(), &sdk.DeleteAlarmsInput{AlarmNames: []string{name}}); err != nil {
		t.Error(err)
	}
}
