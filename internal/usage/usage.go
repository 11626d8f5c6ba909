package usage

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"github.com/berthdev/berth/internal/aws"
	resource "github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/metric"
	"github.com/berthdev/berth/internal/deploy"
)

// Service is how busy a service is: the last minute that CloudWatch has. A figure that
// it has not is nil: there are no requests without an application load balancer.
type Service struct {
	// Name is the Compose service's name.
	Name    string `json:"name"`
	Running int32  `json:"running"`
	Desired int32  `json:"desired"`
	// CPU and Memory are in per cent of what the tasks have, on average.
	CPU    *float64 `json:"cpu_percent,omitempty"`
	Memory *float64 `json:"memory_percent,omitempty"`
	// Requests and Errors are those of a minute; Errors are answers of 5xx.
	Requests *float64 `json:"requests_per_minute,omitempty"`
	Errors   *float64 `json:"errors_per_minute,omitempty"`
	// P95 is the time in seconds within which 95 per cent of the answers came.
	P95 *float64 `json:"p95_seconds,omitempty"`
	// Minute is when the minute of the figures began; zero without any.
	Minute time.Time `json:"minute,omitzero"`

	requested, failed time.Time // the minutes of Requests and Errors
}

const (
	// back is how far to look for the last figure: CloudWatch has it late.
	back = 5 * time.Minute
	// perCall is how many metrics one GetMetricData call takes.
	perCall = 500
)

// Read reads how busy the services of these names are, or all.
func Read(ctx context.Context, p *deploy.Project, names ...string) ([]Service, error) {
	asked, err := deploy.Asked(p, names)
	if err != nil {
		return nil, err
	}
	table, err := p.Outputs()
	if err != nil {
		return nil, err
	}
	ecsNames := map[string]string{} // by the name in ECS
	var order []string
	for _, s := range table.Services {
		if asked(s.Name) {
			ecsNames[s.ECSName] = s.Name
			order = append(order, s.ECSName)
		}
	}
	c := p.Target.Clients
	found, err := describe(ctx, c.ECS, table.Cluster, order)
	if err != nil {
		return nil, err
	}
	balancers, err := balancersOf(ctx, c, found)
	if err != nil {
		return nil, err
	}
	var queries []query
	out := make([]Service, 0, len(found))
	for i, s := range found {
		out = append(out, Service{Name: ecsNames[sdk.ToString(s.ServiceName)], Running: s.RunningCount, Desired: s.DesiredCount})
		queries = append(queries, queriesOf(i, table.Cluster, s, balancers)...)
	}
	return out, fill(ctx, c.Metrics, out, queries, p.Target.Clock.Now())
}

// describe returns the services that exist, in the order of their names.
func describe(ctx context.Context, api *ecs.Client, cluster string, names []string) ([]ecstypes.Service, error) {
	list, err := resource.Describe(ctx, api, cluster, names)
	if gate.IsNotFound(err) {
		return nil, nil
	}
	slices.SortStableFunc(list, func(a, b ecstypes.Service) int {
		return slices.Index(names, sdk.ToString(a.ServiceName)) - slices.Index(names, sdk.ToString(b.ServiceName))
	})
	return list, err
}

// balancersOf are the application load balancers by the target groups of services, each
// as a dimension names it: app/NAME/ID.
func balancersOf(ctx context.Context, c *aws.Clients, services []ecstypes.Service) (map[string]string, error) {
	var arns []string
	for _, s := range services {
		for _, b := range s.LoadBalancers {
			arns = append(arns, sdk.ToString(b.TargetGroupArn))
		}
	}
	out := map[string]string{}
	for batch := range slices.Chunk(arns, 20) {
		found, err := c.ELB.DescribeTargetGroups(ctx, &elb.DescribeTargetGroupsInput{TargetGroupArns: batch})
		if gate.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading the target groups: %w", err)
		}
		for _, g := range found.TargetGroups {
			for _, arn := range g.LoadBalancerArns {
				if balancer := metric.BalancerName(arn); strings.HasPrefix(balancer, "app/") {
					out[sdk.ToString(g.TargetGroupArn)] = balancer
				}
			}
		}
	}
	return out, nil
}

// query is a metric of a service, with where its value belongs.
type query struct {
	of     int // the index of the service
	field  func(*Service) **float64
	metric *types.MetricStat
	// at keeps the minute of the value; nil if it does not matter.
	at func(*Service) *time.Time
	// sums says that values of several target groups add up; otherwise the largest
	// counts.
	sums bool
}

func queriesOf(i int, cluster string, s ecstypes.Service, balancers map[string]string) []query {
	own := []string{metric.ClusterDimension, cluster, metric.ServiceDimension, sdk.ToString(s.ServiceName)}
	out := []query{
		{i, func(s *Service) **float64 { return &s.CPU }, metric.Stat(metric.ECS, metric.CPU, "Average", own...), nil, false},
		{i, func(s *Service) **float64 { return &s.Memory }, metric.Stat(metric.ECS, metric.Memory, "Average", own...), nil, false},
	}
	for _, b := range s.LoadBalancers {
		arn := sdk.ToString(b.TargetGroupArn)
		balancer, ok := balancers[arn]
		if !ok {
			continue
		}
		group := []string{metric.GroupDimension, metric.GroupName(arn), metric.BalancerDimension, balancer}
		out = append(out,
			query{i, func(s *Service) **float64 { return &s.Requests }, metric.Stat(metric.Balancer, "RequestCount", "Sum", group...), func(s *Service) *time.Time { return &s.requested }, true},
			query{i, func(s *Service) **float64 { return &s.Errors }, metric.Stat(metric.Balancer, "HTTPCode_Target_5XX_Count", "Sum", group...), func(s *Service) *time.Time { return &s.failed }, true},
			query{i, func(s *Service) **float64 { return &s.P95 }, metric.Stat(metric.Balancer, "TargetResponseTime", "p95", group...), nil, false},
		)
	}
	return out
}

// fill reads the metrics and puts their last values into the services.
func fill(ctx context.Context, api *cloudwatch.Client, list []Service, queries []query, now time.Time) error {
	for batch := range slices.Chunk(queries, perCall) {
		in := &cloudwatch.GetMetricDataInput{
			StartTime: sdk.Time(now.Add(-back)), EndTime: sdk.Time(now), ScanBy: types.ScanByTimestampDescending,
		}
		for i := range batch {
			in.MetricDataQueries = append(in.MetricDataQueries, types.MetricDataQuery{Id: sdk.String(fmt.Sprintf("m%d", i)), MetricStat: batch[i].metric})
		}
		pages := cloudwatch.NewGetMetricDataPaginator(api, in)
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return fmt.Errorf("reading metrics: %w", err)
			}
			for _, r := range page.MetricDataResults {
				var i int
				if _, err := fmt.Sscanf(sdk.ToString(r.Id), "m%d", &i); err == nil && i < len(batch) && len(r.Values) > 0 && len(r.Timestamps) > 0 {
					batch[i].add(list, r.Values[0], r.Timestamps[0])
				}
			}
		}
	}
	for i := range list {
		// CloudWatch has no value for a minute without errors.
		if s := &list[i]; s.Requests != nil && !s.failed.Equal(s.requested) {
			s.Errors = new(float64)
		}
	}
	return nil
}

func (q query) add(list []Service, value float64, at time.Time) {
	s := &list[q.of]
	field := q.field(s)
	switch {
	case *field == nil:
		*field = &value
	case q.sums:
		**field += value
	default:
		**field = max(**field, value)
	}
	if q.at != nil && at.After(*q.at(s)) {
		*q.at(s) = at
	}
	if at.After(s.Minute) {
		s.Minute = at
	}
}
