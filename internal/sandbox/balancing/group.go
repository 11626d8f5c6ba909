package balancing

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// maxGroups is the quota of target groups in a region.
const maxGroups = 3000

// Targets are the target groups and the health of their targets.
type Targets struct {
	account *world.Account
	s       *state
	needs   *Needs
}

func (p *Targets) createTargetGroup(rq *world.Request, in *elb.CreateTargetGroupInput) (*elb.CreateTargetGroupOutput, error) {
	name := aws.ToString(in.Name)
	if err := checkName("target group", name); err != nil {
		return nil, err
	}
	if in.Port == nil || in.Protocol == "" || in.VpcId == nil {
		return nil, invalid("A port, a protocol and a VPC must be specified")
	}
	if !p.needs.Network.FindVPC(rq, *in.VpcId) {
		return nil, invalid("The VPC ID '%s' is not found", *in.VpcId)
	}
	want := newTargetGroup(in)
	if networkProtocol(in.Protocol) {
		want = newNetworkGroup(in)
	}
	if err := checkHealth(want); err != nil {
		return nil, err
	}
	all := p.s.Groups.All()
	for _, g := range all {
		if *g.Shown.TargetGroupName != name {
			continue
		}
		// As on AWS, a name with the same settings silently returns the
		// existing group.
		have := g.Shown
		have.TargetGroupArn = nil
		if reflect.DeepEqual(have, want) {
			return &elb.CreateTargetGroupOutput{TargetGroups: []types.TargetGroup{p.shownGroup(g)}}, nil
		}
		return nil, &types.DuplicateTargetGroupNameException{
			Message: aws.String(fmt.Sprintf("A target group with the same name '%s' exists, but with different settings", name)),
		}
	}
	if len(all) >= p.account.Quota("target groups", maxGroups) {
		return nil, &types.TooManyTargetGroupsException{Message: aws.String("The quota of target groups has been reached")}
	}
	want.TargetGroupArn = aws.String(p.account.ARN("elasticloadbalancing", "targetgroup/"+name+"/"+p.account.NewHex("target-group", 16)))
	g := &targetGroup{Shown: want, Attributes: groupDefaults(), Tags: world.TagMap(in.Tags), Targets: map[string]*target{}}
	p.s.Groups.Put(p.account, rq.Now, *want.TargetGroupArn, g)
	return &elb.CreateTargetGroupOutput{TargetGroups: []types.TargetGroup{p.shownGroup(g)}}, nil
}

// newTargetGroup is the group that an input describes, with AWS's defaults.
func newTargetGroup(in *elb.CreateTargetGroupInput) types.TargetGroup {
	version, matcher := cmp.Or(aws.ToString(in.ProtocolVersion), "HTTP1"), in.Matcher
	if matcher == nil {
		matcher = &types.Matcher{HttpCode: aws.String("200")}
		if version == "GRPC" {
			matcher = &types.Matcher{GrpcCode: aws.String("12")}
		}
	}
	path := "/"
	if version == "GRPC" {
		path = "/AWS.ALB/healthcheck"
	}
	enabled := true
	if in.HealthCheckEnabled != nil {
		enabled = *in.HealthCheckEnabled
	}
	return types.TargetGroup{
		TargetGroupName: in.Name, VpcId: in.VpcId, Port: in.Port, Protocol: in.Protocol, ProtocolVersion: aws.String(version),
		TargetType:    cmp.Or(in.TargetType, types.TargetTypeEnumInstance),
		IpAddressType: cmp.Or(in.IpAddressType, types.TargetGroupIpAddressTypeEnumIpv4),
		Matcher:       matcher, HealthCheckEnabled: aws.Bool(enabled),
		HealthCheckPath:            aws.String(cmp.Or(aws.ToString(in.HealthCheckPath), path)),
		HealthCheckPort:            aws.String(cmp.Or(aws.ToString(in.HealthCheckPort), "traffic-port")),
		HealthCheckProtocol:        cmp.Or(in.HealthCheckProtocol, types.ProtocolEnumHttp),
		HealthCheckIntervalSeconds: aws.Int32(cmp.Or(aws.ToInt32(in.HealthCheckIntervalSeconds), 30)),
		HealthCheckTimeoutSeconds:  aws.Int32(cmp.Or(aws.ToInt32(in.HealthCheckTimeoutSeconds), 5)),
		HealthyThresholdCount:      aws.Int32(cmp.Or(aws.ToInt32(in.HealthyThresholdCount), 5)),
		UnhealthyThresholdCount:    aws.Int32(cmp.Or(aws.ToInt32(in.UnhealthyThresholdCount), 2)),
	}
}

// checkHealth checks the ranges of a health check.
func checkHealth(g types.TargetGroup) error {
	if err := checkCheck(g); err != nil {
		return err
	}
	ranges := []struct {
		name      string
		value     int32
		low, high int32
	}{
		{"Health check interval", *g.HealthCheckIntervalSeconds, 5, 300},
		{"Health check timeout", *g.HealthCheckTimeoutSeconds, 2, 120},
		{"Healthy threshold count", *g.HealthyThresholdCount, 2, 10},
		{"Unhealthy threshold count", *g.UnhealthyThresholdCount, 2, 10},
	}
	for _, r := range ranges {
		if r.value < r.low || r.value > r.high {
			return invalid("%s '%d' must be between %d and %d", r.name, r.value, r.low, r.high)
		}
	}
	if *g.HealthCheckTimeoutSeconds >= *g.HealthCheckIntervalSeconds {
		return invalid("Health check timeout '%d' must be smaller than the interval '%d'",
			*g.HealthCheckTimeoutSeconds, *g.HealthCheckIntervalSeconds)
	}
	return nil
}

func (p *Targets) modifyTargetGroup(rq *world.Request, in *elb.ModifyTargetGroupInput) (*elb.ModifyTargetGroupOutput, error) {
	g := p.s.Groups.Find(rq, aws.ToString(in.TargetGroupArn))
	if g == nil {
		return nil, noGroups()
	}
	next := g.Shown
	next.HealthCheckEnabled = cmp.Or(in.HealthCheckEnabled, next.HealthCheckEnabled)
	next.HealthCheckPath = cmp.Or(in.HealthCheckPath, next.HealthCheckPath)
	next.HealthCheckPort = cmp.Or(in.HealthCheckPort, next.HealthCheckPort)
	next.HealthCheckProtocol = cmp.Or(in.HealthCheckProtocol, next.HealthCheckProtocol)
	next.HealthCheckIntervalSeconds = cmp.Or(in.HealthCheckIntervalSeconds, next.HealthCheckIntervalSeconds)
	next.HealthCheckTimeoutSeconds = cmp.Or(in.HealthCheckTimeoutSeconds, next.HealthCheckTimeoutSeconds)
	next.HealthyThresholdCount = cmp.Or(in.HealthyThresholdCount, next.HealthyThresholdCount)
	next.UnhealthyThresholdCount = cmp.Or(in.UnhealthyThresholdCount, next.UnhealthyThresholdCount)
	next.Matcher = cmp.Or(in.Matcher, next.Matcher)
	if next.HealthCheckProtocol == types.ProtocolEnumTcp {
		next.HealthCheckPath, next.Matcher = nil, nil
	}
	if err := checkHealth(next); err != nil {
		return nil, err
	}
	g.Shown = next
	return &elb.ModifyTargetGroupOutput{TargetGroups: []types.TargetGroup{p.shownGroup(g)}}, nil
}

func (p *Targets) deleteTargetGroup(rq *world.Request, in *elb.DeleteTargetGroupInput) (*elb.DeleteTargetGroupOutput, error) {
	arn := aws.ToString(in.TargetGroupArn)
	if len(p.s.balancersOf(arn)) > 0 {
		return nil, &types.ResourceInUseException{
			Message: aws.String(fmt.Sprintf("Target group '%s' is currently in use by a listener or a rule", arn)),
		}
	}
	p.s.Groups.Remove(rq.Now, arn)
	return &elb.DeleteTargetGroupOutput{}, nil
}

func (p *Targets) describeTargetGroups(rq *world.Request, in *elb.DescribeTargetGroupsInput) (*elb.DescribeTargetGroupsOutput, error) {
	var found []types.TargetGroup
	for _, g := range p.s.Groups.List(rq) {
		all := len(in.Names)+len(in.TargetGroupArns) == 0
		named := slices.Contains(in.Names, *g.Shown.TargetGroupName) || slices.Contains(in.TargetGroupArns, *g.Shown.TargetGroupArn)
		shown := p.shownGroup(g)
		if (all || named) && (in.LoadBalancerArn == nil || slices.Contains(shown.LoadBalancerArns, *in.LoadBalancerArn)) {
			found = append(found, shown)
		}
	}
	if len(found) < len(in.Names)+len(in.TargetGroupArns) {
		return nil, noGroups()
	}
	if in.LoadBalancerArn != nil && p.s.Balancers.Find(rq, *in.LoadBalancerArn) == nil {
		return nil, noBalancer(*in.LoadBalancerArn)
	}
	page, next, err := page(found, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	return &elb.DescribeTargetGroupsOutput{TargetGroups: page, NextMarker: next}, nil
}

func (p *Targets) shownGroup(g *targetGroup) types.TargetGroup {
	out := g.Shown
	out.LoadBalancerArns = []string{}
	for _, u := range p.s.balancersOf(*out.TargetGroupArn) {
		out.LoadBalancerArns = append(out.LoadBalancerArns, u.balancer.ARN)
	}
	return out
}
