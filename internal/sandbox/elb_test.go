package sandbox

import (
	"github.com/aws/aws-sdk-go-v2/service/route53"

	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestBalancerLife(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{})
		in := &elb.CreateLoadBalancerInput{Name: aws.String("shop"), Subnets: s.subnets, SecurityGroups: []string{s.group}}
		first := ask(t, s.elb.CreateLoadBalancer, in).LoadBalancers[0]
		again := ask(t, s.elb.CreateLoadBalancer, in).LoadBalancers[0]
		if *first.LoadBalancerArn != *again.LoadBalancerArn || first.State.Code != elbtypes.LoadBalancerStateEnumProvisioning {
			t.Errorf("the same wish made %s and %s", *first.LoadBalancerArn, *again.LoadBalancerArn)
		}
		other := *in
		other.SecurityGroups = []string{s.otherGroup}
		_, err := s.elb.CreateLoadBalancer(t.Context(), &other)
		wantCode(t, err, "DuplicateLoadBalancerName")
		other.Name, other.Subnets = aws.String("other"), s.subnets[:1]
		_, err = s.elb.CreateLoadBalancer(t.Context(), &other)
		wantCode(t, err, "ValidationError")
		time.Sleep(BalancerActive.In(Typical))
		found := ask(t, s.elb.DescribeLoadBalancers, &elb.DescribeLoadBalancersInput{Names: []string{"shop"}}).LoadBalancers[0]
		if found.State.Code != elbtypes.LoadBalancerStateEnumActive {
			t.Errorf("state %s", found.State.Code)
		}
		_, err = s.elb.DescribeLoadBalancers(t.Context(), &elb.DescribeLoadBalancersInput{Names: []string{"shop", "none"}})
		wantCode(t, err, "LoadBalancerNotFound")
		protect := func(on string) {
			ask(t, s.elb.ModifyLoadBalancerAttributes, &elb.ModifyLoadBalancerAttributesInput{
				LoadBalancerArn: first.LoadBalancerArn, Attributes: []elbtypes.LoadBalancerAttribute{
					{Key: aws.String("deletion_protection.enabled"), Value: &on},
				},
			})
		}
		kill := &elb.DeleteLoadBalancerInput{LoadBalancerArn: first.LoadBalancerArn}
		protect("true")
		_, err = s.elb.DeleteLoadBalancer(t.Context(), kill)
		wantCode(t, err, "OperationNotPermitted")
		protect("false")
		ask(t, s.elb.DeleteLoadBalancer, kill)
		ask(t, s.elb.DeleteLoadBalancer, kill)
		_, err = s.ec2.DeleteSubnet(t.Context(), &ec2.DeleteSubnetInput{SubnetId: &s.subnets[0]})
		wantCode(t, err, "DependencyViolation")
		time.Sleep(BalancerInterfaces.In(Typical))
		ask(t, s.ec2.DeleteSubnet, &ec2.DeleteSubnetInput{SubnetId: &s.subnets[0]})
	})
}

func TestListenersAndRules(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{Quotas: map[string]int{"rules per load balancer": 2}})
		s.ingress()
		in := &elb.CreateListenerInput{
			LoadBalancerArn: &s.balancer, Port: aws.Int32(80), Protocol: elbtypes.ProtocolEnumHttp, DefaultActions: notFound(),
		}
		if again := ask(t, s.elb.CreateListener, in); *again.Listeners[0].ListenerArn != s.listener {
			t.Error("the same listener was made twice")
		}
		in.DefaultActions = []elbtypes.Action{{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: &s.tg}}
		_, err := s.elb.CreateListener(t.Context(), in)
		wantCode(t, err, "DuplicateListener")
		_, err = s.elb.CreateRule(t.Context(), s.rule(10))
		wantCode(t, err, "PriorityInUse")
		ask(t, s.elb.CreateRule, s.rule(20))
		_, err = s.elb.CreateRule(t.Context(), s.rule(30))
		wantCode(t, err, "TooManyRules")
		_, err = s.elb.DeleteTargetGroup(t.Context(), &elb.DeleteTargetGroupInput{TargetGroupArn: &s.tg})
		wantCode(t, err, "ResourceInUse")
		rules := ask(t, s.elb.DescribeRules, &elb.DescribeRulesInput{ListenerArn: &s.listener}).Rules
		if len(rules) != 3 || *rules[0].Priority != "10" || *rules[2].Priority != "default" || rules[0].Conditions[0].Values[0] != "/*" {
			t.Errorf("rules %+v", rules)
		}
		_, err = s.elb.DeleteRule(t.Context(), &elb.DeleteRuleInput{RuleArn: rules[2].RuleArn})
		wantCode(t, err, "OperationNotPermitted")
		ask(t, s.elb.DeleteListener, &elb.DeleteListenerInput{ListenerArn: &s.listener})
		ask(t, s.elb.DeleteTargetGroup, &elb.DeleteTargetGroupInput{TargetGroupArn: &s.tg})
		_, err = s.elb.DescribeRules(t.Context(), &elb.DescribeRulesInput{ListenerArn: &s.listener})
		wantCode(t, err, "ListenerNotFound")
		_, err = s.elb.DescribeTags(t.Context(), &elb.DescribeTagsInput{ResourceArns: make([]string, 21)})
		wantCode(t, err, "ValidationError")
	})
}

func TestARefusedCertificateIsNotAdded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{Quotas: map[string]int{"certificates per load balancer": 1}})
		s.ingress()
		zone := ask(t, route53.NewFromConfig(s.w.Config()).CreateHostedZone, &route53.CreateHostedZoneInput{
			Name: aws.String("example.com"), CallerReference: aws.String("one"),
		}).HostedZone.Id
		var more []elbtypes.Certificate
		for _, id := range []string{"default", "one", "two"} {
			more = append(more, elbtypes.Certificate{CertificateArn: s.certificate(zone, id+".example.com")})
		}
		secure := ask(t, s.elb.CreateListener, &elb.CreateListenerInput{
			LoadBalancerArn: &s.balancer, Port: aws.Int32(443), Protocol: elbtypes.ProtocolEnumHttps, DefaultActions: notFound(), Certificates: more[:1],
		}).Listeners[0].ListenerArn
		ask(t, s.elb.AddListenerCertificates, &elb.AddListenerCertificatesInput{ListenerArn: secure, Certificates: more[1:2]})
		_, err := s.elb.AddListenerCertificates(t.Context(), &elb.AddListenerCertificatesInput{ListenerArn: secure, Certificates: more[2:]})
		wantCode(t, err, "TooManyCertificates")
		have := ask(t, s.elb.DescribeListenerCertificates, &elb.DescribeListenerCertificatesInput{ListenerArn: secure}).Certificates
		if len(have) != 2 {
			t.Errorf("the listener has %d certificates; want the default one and one more", len(have))
		}
	})
}

func TestServicesNeedAnAssociatedTargetGroup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{})
		in := s.serviceInput("web", s.definition("web", "nginx"))
		in.LoadBalancers = []types.LoadBalancer{{
			TargetGroupArn: aws.String(s.targetGroup("lonely")), ContainerName: aws.String("app"), ContainerPort: aws.Int32(80),
		}}
		_, err := s.ecs.CreateService(t.Context(), in)
		wantCode(t, err, "InvalidParameterException")
	})
}

func TestTargetHealth(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		image string
		spoil func(*testing.T, *stack)
		state elbtypes.TargetHealthStateEnum
		why   elbtypes.TargetHealthReasonEnum
	}{
		"healthy": {"nginx", nil, elbtypes.TargetHealthStateEnumHealthy, ""},
		"listener deleted behind its back": {"nginx", func(t *testing.T, s *stack) {
			ask(t, s.elb.DeleteListener, &elb.DeleteListenerInput{ListenerArn: &s.listener})
		}, elbtypes.TargetHealthStateEnumUnused, elbtypes.TargetHealthReasonEnumNotInUse},
		"never healthy": {"sandbox/never-healthy", nil, elbtypes.TargetHealthStateEnumUnhealthy, elbtypes.TargetHealthReasonEnumResponseCodeMismatch},
		"group closed": {"nginx", func(t *testing.T, s *stack) {
			ask(t, s.elb.SetSecurityGroups, &elb.SetSecurityGroupsInput{LoadBalancerArn: &s.balancer, SecurityGroups: []string{s.otherGroup}})
		}, elbtypes.TargetHealthStateEnumUnhealthy, elbtypes.TargetHealthReasonEnumTimeout},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newStack(t, Options{})
				s.ingress()
				time.Sleep(BalancerActive.In(Typical))
				in := s.serviceInput("web", s.definition("web", c.image))
				in.HealthCheckGracePeriodSeconds = aws.Int32(600)
				in.LoadBalancers = []types.LoadBalancer{{TargetGroupArn: &s.tg, ContainerName: aws.String("app"), ContainerPort: aws.Int32(80)}}
				s.create(in)
				if c.spoil != nil {
					c.spoil(t, s)
				}
				time.Sleep(2 * time.Minute)
				out := ask(t, s.elb.DescribeTargetHealth, &elb.DescribeTargetHealthInput{TargetGroupArn: &s.tg})
				h := out.TargetHealthDescriptions[0].TargetHealth
				if h.State != c.state || h.Reason != c.why {
					t.Errorf("%s %s, want %s %s", h.State, h.Reason, c.state, c.why)
				}
			})
		})
	}
}
