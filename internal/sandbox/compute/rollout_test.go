package compute_test

import (
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// shop is a service whose deployments move traffic, with its balancer.
type shop struct {
	*sandboxtest.Stack
	green, rule, role, dns string
}

// newShop makes a service of two tasks with a strategy, and waits until it serves. drain is
// how long its target groups drain.
func newShop(t *testing.T, drain string, how *types.DeploymentConfiguration) shop {
	t.Helper()
	s := shop{Stack: sandboxtest.NewStack(t, world.Options{})}
	s.Ingress()
	s.green = s.TargetGroup("green")
	for _, group := range []string{s.Target, s.green} {
		sandboxtest.Ask(t, s.ELB.ModifyTargetGroupAttributes, &elb.ModifyTargetGroupAttributesInput{
			TargetGroupArn: aws.String(group), Attributes: []elbtypes.TargetGroupAttribute{
				{Key: aws.String("deregistration_delay.timeout_seconds"), Value: aws.String(drain)},
			},
		})
	}
	rules := sandboxtest.Ask(t, s.ELB.DescribeRules, &elb.DescribeRulesInput{ListenerArn: &s.Listener}).Rules
	for _, r := range rules {
		if !*r.IsDefault {
			s.rule = *r.RuleArn
		}
	}
	if s.rule == "" {
		s.rule = *sandboxtest.Ask(t, s.ELB.CreateRule, s.Rule(7)).Rules[0].RuleArn
	}
	sandboxtest.Ask(t, s.ELB.ModifyRule, &elb.ModifyRuleInput{RuleArn: &s.rule, Actions: []elbtypes.Action{{
		Type: elbtypes.ActionTypeEnumForward, ForwardConfig: &elbtypes.ForwardActionConfig{TargetGroups: []elbtypes.TargetGroupTuple{
			{TargetGroupArn: &s.Target, Weight: aws.Int32(1)}, {TargetGroupArn: &s.green, Weight: aws.Int32(0)},
		}},
	}}})
	s.role = s.mover()
	s.dns = *sandboxtest.Ask(t, s.ELB.DescribeLoadBalancers, &elb.DescribeLoadBalancersInput{}).LoadBalancers[0].DNSName
	in := s.ServiceInput("web", s.Definition("web", "shop:1"))
	in.DesiredCount, in.DeploymentConfiguration, in.LoadBalancers = aws.Int32(2), how, s.balanced()
	s.Create(in)
	s.Until("web", sandboxtest.Completed)
	return s
}

// mover makes the role with which ECS moves the traffic.
func (s shop) mover() string {
	api := iam.NewFromConfig(s.W.Config())
	out := sandboxtest.Ask(s.T, api.CreateRole, &iam.CreateRoleInput{RoleName: aws.String("mover"), AssumeRolePolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)})
	sandboxtest.Ask(s.T, api.PutRolePolicy, &iam.PutRolePolicyInput{RoleName: aws.String("mover"), PolicyName: aws.String("move"), PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["elasticloadbalancing:RegisterTargets","elasticloadbalancing:DeregisterTargets","elasticloadbalancing:ModifyRule"],"Resource":"*"}]}`)})
	time.Sleep(time.Minute)
	return *out.Role.Arn
}

func (s shop) balanced() []types.LoadBalancer {
	return []types.LoadBalancer{{
		TargetGroupArn: &s.Target, ContainerName: aws.String("app"), ContainerPort: aws.Int32(80),
		AdvancedConfiguration: &types.AdvancedConfiguration{AlternateTargetGroupArn: &s.green, ProductionListenerRule: &s.rule, RoleArn: &s.role},
	}}
}

func (s shop) deploy(image string) {
	sandboxtest.Ask(s.T, s.ECS.UpdateService, &ecs.UpdateServiceInput{
		Cluster: aws.String("shop"), Service: aws.String("web"), TaskDefinition: aws.String(s.Definition("web", image)),
	})
}

// record is the service's latest deployment.
func (s shop) record() types.ServiceDeployment {
	s.T.Helper()
	return sandboxtest.Ask(s.T, s.ECS.DescribeServiceDeployments, &ecs.DescribeServiceDeploymentsInput{
		ServiceDeploymentArns: []string{*s.Describe("web").CurrentServiceDeployment},
	}).ServiceDeployments[0]
}

// stages are the stages that the deployment goes through until it ends, with the share of
// the new revision.
func (s shop) stages() (seen []string, end types.ServiceDeployment) {
	s.T.Helper()
	for range 7200 {
		r := s.record()
		if r.FinishedAt != nil {
			return seen, r
		}
		text := string(r.LifecycleStage)
		if w := r.TargetServiceRevision.RequestedProductionTrafficWeight; w != nil && r.LifecycleStage == types.ServiceDeploymentLifecycleStageProductionTrafficShift {
			text += " " + strings.TrimSuffix(time.Duration(*w*float64(time.Second)).String(), "s")
		}
		if len(seen) == 0 || seen[len(seen)-1] != text {
			seen = append(seen, text)
		}
		time.Sleep(time.Second)
	}
	s.T.Fatalf("the deployment does not end: %v", seen)
	return seen, end
}

// canary gives the new revision a share for some minutes, and bakes for a minute.
func canary(percent float64) *types.DeploymentConfiguration {
	return &types.DeploymentConfiguration{
		Strategy: types.DeploymentStrategyCanary, BakeTimeInMinutes: aws.Int32(1),
		CanaryConfiguration:      &types.CanaryConfiguration{CanaryPercent: aws.Float64(percent), CanaryBakeTimeInMinutes: aws.Int32(5)},
		DeploymentCircuitBreaker: &types.DeploymentCircuitBreaker{Enable: true, Rollback: true},
	}
}

// traffic sends requests until stop is closed, each tenth a long one, and counts the
// answers by their status, and those of each target group.
type traffic struct {
	mu     sync.Mutex
	status map[int32]int
	groups map[string]int
}

// answered are how many requests were answered with which status, and by which target group.
func (t *traffic) answered() (status map[int32]int, groups map[string]int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.status), maps.Clone(t.groups)
}

func (s shop) traffic(stop <-chan struct{}, every, long time.Duration) *traffic {
	out := &traffic{status: map[int32]int{}, groups: map[string]int{}}
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-time.After(every):
			}
			took := 50 * time.Millisecond
			if i%10 == 0 {
				took = long
			}
			go func() {
				f := sandbox.Send(s.W, s.dns, 80, "shop.example.com", "/")
				time.Sleep(took)
				status := sandbox.Land(s.W, f)
				out.mu.Lock()
				defer out.mu.Unlock()
				out.status[status]++
				out.groups[f.Group]++
			}()
		}
	}()
	return out
}

// TestCanaryLosesNoRequest sends requests, long ones among them, through a whole canary
// deployment. Without draining, the long ones are cut.
func TestCanaryLosesNoRequest(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		drain string
		cut   bool
	}{{"120", false}, {"0", true}} {
		t.Run("drain "+tt.drain, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newShop(t, tt.drain, canary(10))
				stop := make(chan struct{})
				got := s.traffic(stop, 250*time.Millisecond, 100*time.Second)
				s.deploy("shop:2")
				_, end := s.stages()
				time.Sleep(2 * time.Minute)
				close(stop)
				time.Sleep(2 * time.Minute)
				if end.Status != types.ServiceDeploymentStatusSuccessful {
					t.Fatalf("the deployment ended as %s: %s", end.Status, aws.ToString(end.StatusReason))
				}
				status, groups := got.answered()
				if status[200] < 1000 || groups[s.Target] == 0 || groups[s.green] == 0 {
					t.Errorf("%d requests were answered, %v", status[200], groups)
				}
				if cut := len(status) > 1; cut != tt.cut {
					t.Errorf("answers by status: %v; requests were cut: %v, want %v", status, cut, tt.cut)
				}
			})
		})
	}
}

// TestStagesOfARollout: each strategy goes through its stages and shares.
func TestStagesOfARollout(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		how  *types.DeploymentConfiguration
		want string
	}{
		{"canary", canary(10), "SCALE_UP, PRODUCTION_TRAFFIC_SHIFT 10, BAKE_TIME, CLEAN_UP"},
		{"linear", &types.DeploymentConfiguration{
			Strategy: types.DeploymentStrategyLinear, BakeTimeInMinutes: aws.Int32(0),
			LinearConfiguration: &types.LinearConfiguration{StepPercent: aws.Float64(40), StepBakeTimeInMinutes: aws.Int32(2)},
		}, "SCALE_UP, PRODUCTION_TRAFFIC_SHIFT 40, PRODUCTION_TRAFFIC_SHIFT 1m20, CLEAN_UP"},
		{"blue/green", &types.DeploymentConfiguration{Strategy: types.DeploymentStrategyBlueGreen, BakeTimeInMinutes: aws.Int32(3)},
			"SCALE_UP, BAKE_TIME, CLEAN_UP"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newShop(t, "10", tt.how)
				s.deploy("shop:2")
				seen, end := s.stages()
				text := strings.TrimPrefix(strings.Join(seen, ", "), "RECONCILE_SERVICE, ")
				if text != tt.want || end.Status != types.ServiceDeploymentStatusSuccessful {
					t.Errorf("%s: %s\nwant SUCCESSFUL: %s", end.Status, text, tt.want)
				}
				if v := s.Describe("web"); v.RunningCount != 2 || len(v.Deployments) != 1 {
					t.Errorf("%d tasks run in %d deployments", v.RunningCount, len(v.Deployments))
				}
			})
		})
	}
}

// TestRolloutGoesBack: a revision whose tasks fail gets no traffic, and one that is stopped
// by request loses its share; the old tasks serve all the time.
func TestRolloutGoesBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, "10", canary(10))
		stop := make(chan struct{})
		got := s.traffic(stop, time.Second, 5*time.Second)
		s.deploy("sandbox/crash:1s")
		_, end := s.stages()
		if end.Status != types.ServiceDeploymentStatusRollbackSuccessful || !strings.Contains(aws.ToString(end.StatusReason), "circuit breaker") {
			t.Errorf("ended as %s: %s", end.Status, aws.ToString(end.StatusReason))
		}
		s.deploy("shop:2")
		for s.record().LifecycleStage != types.ServiceDeploymentLifecycleStageProductionTrafficShift {
			time.Sleep(time.Second)
		}
		sandboxtest.Ask(t, s.ECS.StopServiceDeployment, &ecs.StopServiceDeploymentInput{
			ServiceDeploymentArn: s.Describe("web").CurrentServiceDeployment, StopType: types.StopServiceDeploymentStopTypeRollback,
		})
		_, end = s.stages()
		if end.Status != types.ServiceDeploymentStatusRollbackSuccessful {
			t.Errorf("ended as %s: %s", end.Status, aws.ToString(end.StatusReason))
		}
		// A deployment over one that is not over.
		s.deploy("shop:3")
		for s.record().LifecycleStage != types.ServiceDeploymentLifecycleStageProductionTrafficShift {
			time.Sleep(time.Second)
		}
		s.deploy("shop:4")
		if _, end = s.stages(); end.Status != types.ServiceDeploymentStatusSuccessful {
			t.Errorf("ended as %s: %s", end.Status, aws.ToString(end.StatusReason))
		}
		close(stop)
		time.Sleep(time.Minute)
		status, _ := got.answered()
		if len(status) != 1 || status[200] == 0 {
			t.Errorf("answers by status: %v", status)
		}
		for _, task := range s.Tasks("web", "") {
			if *task.Containers[0].Image != "shop:4" {
				t.Errorf("a task of %s runs", *task.Containers[0].Image)
			}
		}
	})
}

// TestRolloutIsChecked: what ECS refuses of a strategy.
func TestRolloutIsChecked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, "10", canary(10))
		for _, tt := range []struct {
			name   string
			change func(*ecs.CreateServiceInput)
			want   string
		}{
			{"no bake time", func(in *ecs.CreateServiceInput) {
				in.DeploymentConfiguration = &types.DeploymentConfiguration{Strategy: types.DeploymentStrategyBlueGreen}
			}, "bakeTimeInMinutes is required"},
			{"a share of 3.14 percent", func(in *ecs.CreateServiceInput) { in.DeploymentConfiguration = canary(3.14) }, "multiple of 0.1"},
			{"a canary with steps", func(in *ecs.CreateServiceInput) {
				in.DeploymentConfiguration.LinearConfiguration = &types.LinearConfiguration{}
			}, "only valid when the deployment strategy is LINEAR"},
			{"one group", func(in *ecs.CreateServiceInput) { in.LoadBalancers[0].AdvancedConfiguration = nil }, "advancedConfiguration"},
			{"another's rule", func(in *ecs.CreateServiceInput) {
				in.LoadBalancers[0].AdvancedConfiguration.AlternateTargetGroupArn = aws.String(s.TargetGroup("third"))
			}, "not associated"},
			{"a role for tasks", func(in *ecs.CreateServiceInput) {
				in.LoadBalancers[0].AdvancedConfiguration.RoleArn = &s.Role
			}, "Unable to assume"},
			{"no balancer", func(in *ecs.CreateServiceInput) { in.LoadBalancers = nil }, "requires a load balancer or Service Connect"},
			{"two hours too long", func(in *ecs.CreateServiceInput) {
				in.DeploymentConfiguration.BakeTimeInMinutes = aws.Int32(1560)
			}, "between 0 and 1440"},
		} {
			in := s.ServiceInput("other", s.Definition("other", "shop:1"))
			in.DeploymentConfiguration, in.LoadBalancers = canary(10), s.balanced()
			tt.change(in)
			_, err := s.ECS.CreateService(t.Context(), in)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
			}
		}
	})
}

// errors makes the alarm that goes off when a target group answers with 5xx.
func (s shop) errors(name, group string) {
	s.T.Helper()
	dimension := func(name, arn string) cwtypes.Dimension {
		return cwtypes.Dimension{Name: &name, Value: aws.String(arn[strings.LastIndex(arn, ":")+1:])}
	}
	sandboxtest.Ask(s.T, cloudwatch.NewFromConfig(s.W.Config()).PutMetricAlarm, &cloudwatch.PutMetricAlarmInput{
		AlarmName: &name, Namespace: aws.String("AWS/ApplicationELB"), MetricName: aws.String("HTTPCode_Target_5XX_Count"),
		Dimensions: []cwtypes.Dimension{dimension("TargetGroup", group), dimension("LoadBalancer", strings.Replace(s.Balancer, "loadbalancer/", "", 1))},
		Statistic:  cwtypes.StatisticSum, Period: aws.Int32(60), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(5),
		ComparisonOperator: cwtypes.ComparisonOperatorGreaterThanThreshold, TreatMissingData: aws.String("notBreaching"),
	})
}
