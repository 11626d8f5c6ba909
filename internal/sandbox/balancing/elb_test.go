package balancing_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/route53"

	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

func TestBalancerLife(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		in := &elb.CreateLoadBalancerInput{Name: aws.String("shop"), Subnets: s.Subnets, SecurityGroups: []string{s.Group}}
		first := sandboxtest.Ask(t, s.ELB.CreateLoadBalancer, in).LoadBalancers[0]
		again := sandboxtest.Ask(t, s.ELB.CreateLoadBalancer, in).LoadBalancers[0]
		if *first.LoadBalancerArn != *again.LoadBalancerArn || first.State.Code != elbtypes.LoadBalancerStateEnumProvisioning {
			t.Errorf("the same wish made %s and %s", *first.LoadBalancerArn, *again.LoadBalancerArn)
		}
		other := *in
		other.SecurityGroups = []string{s.OtherGroup}
		_, err := s.ELB.CreateLoadBalancer(t.Context(), &other)
		sandboxtest.WantCode(t, err, "DuplicateLoadBalancerName")
		other.Name, other.Subnets = aws.String("other"), s.Subnets[:1]
		_, err = s.ELB.CreateLoadBalancer(t.Context(), &other)
		sandboxtest.WantCode(t, err, "ValidationError")
		time.Sleep(world.BalancerActive.In(world.Typical))
		found := sandboxtest.Ask(t, s.ELB.DescribeLoadBalancers, &elb.DescribeLoadBalancersInput{Names: []string{"shop"}}).LoadBalancers[0]
		if found.State.Code != elbtypes.LoadBalancerStateEnumActive {
			t.Errorf("state %s", found.State.Code)
		}
		_, err = s.ELB.DescribeLoadBalancers(t.Context(), &elb.DescribeLoadBalancersInput{Names: []string{"shop", "none"}})
		sandboxtest.WantCode(t, err, "LoadBalancerNotFound")
		protect := func(on string) {
			sandboxtest.Ask(t, s.ELB.ModifyLoadBalancerAttributes, &elb.ModifyLoadBalancerAttributesInput{
				LoadBalancerArn: first.LoadBalancerArn, Attributes: []elbtypes.LoadBalancerAttribute{
					{Key: aws.String("deletion_protection.enabled"), Value: &on},
				},
			})
		}
		kill := &elb.DeleteLoadBalancerInput{LoadBalancerArn: first.LoadBalancerArn}
		protect("true")
		_, err = s.ELB.DeleteLoadBalancer(t.Context(), kill)
		sandboxtest.WantCode(t, err, "OperationNotPermitted")
		protect("false")
		sandboxtest.Ask(t, s.ELB.DeleteLoadBalancer, kill)
		sandboxtest.Ask(t, s.ELB.DeleteLoadBalancer, kill)
		_, err = s.EC2.DeleteSubnet(t.Context(), &ec2.DeleteSubnetInput{SubnetId: &s.Subnets[0]})
		sandboxtest.WantCode(t, err, "DependencyViolation")
		time.Sleep(world.BalancerInterfaces.In(world.Typical))
		sandboxtest.Ask(t, s.EC2.DeleteSubnet, &ec2.DeleteSubnetInput{SubnetId: &s.Subnets[0]})
	})
}

func TestListenersAndRules(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{Quotas: map[string]int{"rules per load balancer": 2}})
		s.Ingress()
		in := &elb.CreateListenerInput{
			LoadBalancerArn: &s.Balancer, Port: aws.Int32(80), Protocol: elbtypes.ProtocolEnumHttp, DefaultActions: sandboxtest.NotFound(),
		}
		if again := sandboxtest.Ask(t, s.ELB.CreateListener, in); *again.Listeners[0].ListenerArn != s.Listener {
			t.Error("the same listener was made twice")
		}
		in.DefaultActions = []elbtypes.Action{{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: &s.Target}}
		_, err := s.ELB.CreateListener(t.Context(), in)
		sandboxtest.WantCode(t, err, "DuplicateListener")
		_, err = s.ELB.CreateRule(t.Context(), s.Rule(10))
		sandboxtest.WantCode(t, err, "PriorityInUse")
		sandboxtest.Ask(t, s.ELB.CreateRule, s.Rule(20))
		_, err = s.ELB.CreateRule(t.Context(), s.Rule(30))
		sandboxtest.WantCode(t, err, "TooManyRules")
		_, err = s.ELB.DeleteTargetGroup(t.Context(), &elb.DeleteTargetGroupInput{TargetGroupArn: &s.Target})
		sandboxtest.WantCode(t, err, "ResourceInUse")
		rules := sandboxtest.Ask(t, s.ELB.DescribeRules, &elb.DescribeRulesInput{ListenerArn: &s.Listener}).Rules
		if len(rules) != 3 || *rules[0].Priority != "10" || *rules[2].Priority != "default" || rules[0].Conditions[0].Values[0] != "/*" {
			t.Errorf("rules %+v", rules)
		}
		_, err = s.ELB.DeleteRule(t.Context(), &elb.DeleteRuleInput{RuleArn: rules[2].RuleArn})
		sandboxtest.WantCode(t, err, "OperationNotPermitted")
		sandboxtest.Ask(t, s.ELB.DeleteListener, &elb.DeleteListenerInput{ListenerArn: &s.Listener})
		sandboxtest.Ask(t, s.ELB.DeleteTargetGroup, &elb.DeleteTargetGroupInput{TargetGroupArn: &s.Target})
		_, err = s.ELB.DescribeRules(t.Context(), &elb.DescribeRulesInput{ListenerArn: &s.Listener})
		sandboxtest.WantCode(t, err, "ListenerNotFound")
		_, err = s.ELB.DescribeTags(t.Context(), &elb.DescribeTagsInput{ResourceArns: make([]string, 21)})
		sandboxtest.WantCode(t, err, "ValidationError")
	})
}

func TestARefusedCertificateIsNotAdded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{Quotas: map[string]int{"certificates per load balancer": 1}})
		s.Ingress()
		zone := sandboxtest.Ask(t, route53.NewFromConfig(s.W.Config()).CreateHostedZone, &route53.CreateHostedZoneInput{
			Name: aws.String("example.com"), CallerReference: aws.String("one"),
		}).HostedZone.Id
		var more []elbtypes.Certificate
		for _, id := range []string{"default", "one", "two"} {
			more = append(more, elbtypes.Certificate{CertificateArn: s.Certificate(zone, id+".example.com")})
		}
		secure := sandboxtest.Ask(t, s.ELB.CreateListener, &elb.CreateListenerInput{
			LoadBalancerArn: &s.Balancer, Port: aws.Int32(443), Protocol: elbtypes.ProtocolEnumHttps, DefaultActions: sandboxtest.NotFound(), Certificates: more[:1],
		}).Listeners[0].ListenerArn
		sandboxtest.Ask(t, s.ELB.AddListenerCertificates, &elb.AddListenerCertificatesInput{ListenerArn: secure, Certificates: more[1:2]})
		_, err := s.ELB.AddListenerCertificates(t.Context(), &elb.AddListenerCertificatesInput{ListenerArn: secure, Certificates: more[2:]})
		sandboxtest.WantCode(t, err, "TooManyCertificates")
		have := sandboxtest.Ask(t, s.ELB.DescribeListenerCertificates, &elb.DescribeListenerCertificatesInput{ListenerArn: secure}).Certificates
		if len(have) != 2 {
			t.Errorf("the listener has %d certificates; want the default one and one more", len(have))
		}
	})
}

func TestServicesNeedAnAssociatedTargetGroup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		in := s.ServiceInput("web", s.Definition("web", "nginx"))
		in.LoadBalancers = []types.LoadBalancer{{
			TargetGroupArn: aws.String(s.TargetGroup("lonely")), ContainerName: aws.String("app"), ContainerPort: aws.Int32(80),
		}}
		_, err := s.ECS.CreateService(t.Context(), in)
		sandboxtest.WantCode(t, err, "InvalidParameterException")
	})
}

func TestTargetHealth(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		image string
		spoil func(*testing.T, *sandboxtest.Stack)
		state elbtypes.TargetHealthStateEnum
		why   elbtypes.TargetHealthReasonEnum
	}{
		"healthy": {"nginx", nil, elbtypes.TargetHealthStateEnumHealthy, ""},
		"listener deleted behind its back": {"nginx", func(t *testing.T, s *sandboxtest.Stack) {
			sandboxtest.Ask(t, s.ELB.DeleteListener, &elb.DeleteListenerInput{ListenerArn: &s.Listener})
		}, elbtypes.TargetHealthStateEnumUnused, elbtypes.TargetHealthReasonEnumNotInUse},
		"never healthy":  {"sandbox/never-healthy", nil, elbtypes.TargetHealthStateEnumUnhealthy, elbtypes.TargetHealthReasonEnumResponseCodeMismatch},
		"another status": {"sandbox/answers:404", nil, elbtypes.TargetHealthStateEnumUnhealthy, elbtypes.TargetHealthReasonEnumResponseCodeMismatch},
		"its status":     {"sandbox/answers:200", nil, elbtypes.TargetHealthStateEnumHealthy, ""},
		"any status": {"sandbox/answers:404", func(t *testing.T, s *sandboxtest.Stack) {
			sandboxtest.Ask(t, s.ELB.ModifyTargetGroup, &elb.ModifyTargetGroupInput{TargetGroupArn: &s.Target, Matcher: &elbtypes.Matcher{HttpCode: aws.String("200,300-499")}})
		}, elbtypes.TargetHealthStateEnumHealthy, ""},
		"group closed": {"nginx", func(t *testing.T, s *sandboxtest.Stack) {
			sandboxtest.Ask(t, s.ELB.SetSecurityGroups, &elb.SetSecurityGroupsInput{LoadBalancerArn: &s.Balancer, SecurityGroups: []string{s.OtherGroup}})
		}, elbtypes.TargetHealthStateEnumUnhealthy, elbtypes.TargetHealthReasonEnumTimeout},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := sandboxtest.NewStack(t, world.Options{})
				s.Ingress()
				time.Sleep(world.BalancerActive.In(world.Typical))
				in := s.ServiceInput("web", s.Definition("web", c.image))
				in.HealthCheckGracePeriodSeconds = aws.Int32(600)
				in.LoadBalancers = []types.LoadBalancer{{TargetGroupArn: &s.Target, ContainerName: aws.String("app"), ContainerPort: aws.Int32(80)}}
				s.Create(in)
				if c.spoil != nil {
					c.spoil(t, s)
				}
				time.Sleep(2 * time.Minute)
				out := sandboxtest.Ask(t, s.ELB.DescribeTargetHealth, &elb.DescribeTargetHealthInput{TargetGroupArn: &s.Target})
				h := out.TargetHealthDescriptions[0].TargetHealth
				if h.State != c.state || h.Reason != c.why {
					t.Errorf("%s %s, want %s %s", h.State, h.Reason, c.state, c.why)
				}
			})
		})
	}
}
