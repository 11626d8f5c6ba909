package elb

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// TargetGroup is the set of task addresses behind a rule or a listener, with the
// check that says which of them are healthy. Outputs: id and arn.
type TargetGroup struct {
	Name string     `attr:"name,replace,own"`
	VPC  engine.Ref `attr:"vpc,replace"`
	Port int        `attr:"port,replace"`
	// Protocol is TCP, UDP or TCP_UDP behind a network load balancer, and empty
	// for HTTP.
	Protocol string `attr:"protocol,replace"`
	// Version is the protocol version of HTTP: HTTP1, HTTP2 or GRPC.
	Version string `attr:"version,replace"`
	// CheckProtocol is TCP, or empty for HTTP; CheckPort is the port of the
	// check, 0 for the port that serves traffic.
	CheckProtocol string `attr:"check_protocol"`
	CheckPort     int    `attr:"check_port"`
	// Path is the path of the health check, Matcher the status codes that it
	// accepts.
	Path    string `attr:"path"`
	Matcher string `attr:"matcher"`
	// Interval and Timeout are in seconds.
	Interval  int `attr:"interval"`
	Timeout   int `attr:"timeout"`
	Healthy   int `attr:"healthy"`
	Unhealthy int `attr:"unhealthy"`
	// DrainSeconds is the deregistration delay: 0 to 3600. AWS's default is 300.
	DrainSeconds int `attr:"drain_seconds"`
}

// Type implements engine.Resource.
func (TargetGroup) Type() string { return "elb.target-group" }

// TargetGroups is the type of TargetGroup. It uses the clients and the readings of
// LoadBalancers.
type TargetGroups struct{ LoadBalancers LoadBalancers }

// Spec implements engine.Type. A group that a rule sends to cannot be deleted;
// the rule's attributes name it.
func (TargetGroups) Spec() engine.Spec {
	return engine.Spec{Name: TargetGroup{}.Type(), Identity: engine.SilentName, InUse: "its rules and listeners go first"}
}

// The attribute of a group that berth sets, and AWS's default for it
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html).
const (
	drainKey     = "deregistration_delay.timeout_seconds"
	defaultDrain = 300
)

// grpc is the protocol version whose matcher holds gRPC codes.
const grpc = "GRPC"

// List implements engine.Type.
func (t TargetGroups) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	r, err := t.LoadBalancers.read(ctx, q)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, g := range r.groups {
		if l, ok := r.object(q, TargetGroup{}.Type(), aws.ToString(g.TargetGroupArn)); ok {
			l.Attrs = engine.Shown(groupOf(g), "drain_seconds")
			l.Unfinished = l.Tags[TagCheckBefore] != ""
			objects = append(objects, l)
		}
	}
	return objects, concurrent.Each(objects, func(_ int, l engine.Object) error {
		if !q.Deep && l.LastApplied != "" {
			return nil
		}
		return gone(t.readAttributes(ctx, l))
	})
}

// groupOf returns a group as AWS describes it.
func groupOf(g types.TargetGroup) TargetGroup {
	out := TargetGroup{
		Name: aws.ToString(g.TargetGroupName), VPC: engine.Lit(aws.ToString(g.VpcId)),
		Port: int(aws.ToInt32(g.Port)), Protocol: networkProtocol(g.Protocol), Version: aws.ToString(g.ProtocolVersion),
		CheckProtocol: networkProtocol(g.HealthCheckProtocol), CheckPort: portOf(g.HealthCheckPort),
		Path:     aws.ToString(g.HealthCheckPath),
		Interval: int(aws.ToInt32(g.HealthCheckIntervalSeconds)), Timeout: int(aws.ToInt32(g.HealthCheckTimeoutSeconds)),
		Healthy: int(aws.ToInt32(g.HealthyThresholdCount)), Unhealthy: int(aws.ToInt32(g.UnhealthyThresholdCount)),
	}
	if forwards(out.Protocol) {
		out.Version = "" // some emulators show one
	}
	if out.CheckProtocol != "" {
		out.Path = ""
	} else if g.Matcher != nil {
		out.Matcher = aws.ToString(g.Matcher.HttpCode)
		if out.Version == grpc && g.Matcher.GrpcCode != nil {
			out.Matcher = *g.Matcher.GrpcCode
		}
	}
	return out
}

// readAttributes adds what only DescribeTargetGroupAttributes shows.
func (t TargetGroups) readAttributes(ctx context.Context, l engine.Object) error {
	out, err := t.LoadBalancers.API.DescribeTargetGroupAttributes(ctx, &elbv2.DescribeTargetGroupAttributesInput{TargetGroupArn: &l.ID})
	if err != nil {
		return fmt.Errorf("reading the attributes of %s: %w", l.ID, err)
	}
	for _, a := range out.Attributes {
		if aws.ToString(a.Key) == drainKey {
			l.Attrs["drain_seconds"] = aws.ToString(a.Value)
		}
	}
	return nil
}

// Create implements engine.Type. A drain time that is not AWS's default takes a
// second call; only after it do the tags say what was last applied. If a
// balancer uses the group in the answer already, it is an older one.
func (t TargetGroups) Create(ctx context.Context, w engine.Desired[TargetGroup]) (engine.Object, error) {
	have, sure := seenIn(w.Memory, t.LoadBalancers.Region).at(groupKey(w.Want.Name))
	if have != "" || !sure {
		if object, ok, err := t.take(ctx, w); ok || err != nil {
			return object, err
		}
	}
	tags := w.Tags
	if w.Want.DrainSeconds != defaultDrain {
		tags = begun(tags)
	}
	out, err := t.LoadBalancers.API.CreateTargetGroup(ctx, createInput(w.Want, tags))
	if gate.IsExists(err) || err == nil && len(out.TargetGroups) == 1 && len(out.TargetGroups[0].LoadBalancerArns) > 0 {
		object, ok, taken := t.take(gate.JustMade(ctx), w)
		if ok || taken != nil {
			return object, taken
		}
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating target group %s: %w", w.Want.Name, err)
	}
	if len(out.TargetGroups) != 1 {
		return engine.Object{}, fmt.Errorf("creating target group %s: AWS answered with %d", w.Want.Name, len(out.TargetGroups))
	}
	arn := aws.ToString(out.TargetGroups[0].TargetGroupArn)
	if w.Want.DrainSeconds != defaultDrain {
		made := gate.JustMade(ctx)
		if err := t.setDrain(made, arn, w.Want.DrainSeconds); err != nil {
			return engine.Object{}, gate.Half(err)
		}
		if err := setTags(made, t.LoadBalancers.API, arn, nil, w.Tags); err != nil {
			return engine.Object{}, gate.Half(err)
		}
	}
	return engine.AsDesired(w, arn, map[string]string{"arn": arn}), nil
}

func createInput(want TargetGroup, tags map[string]string) *elbv2.CreateTargetGroupInput {
	return &elbv2.CreateTargetGroupInput{
		Name: &want.Name, VpcId: aws.String(want.VPC.Value()), Port: aws.Int32(int32(want.Port)),
		// Tasks have their own addresses; the balancer speaks HTTP to them.
		TargetType: types.TargetTypeEnumIp, Protocol: protocolOf(want.Protocol), ProtocolVersion: gate.Optional(want.Version),
		HealthCheckProtocol: protocolOf(want.CheckProtocol), HealthCheckPort: aws.String(checkPort(want)),
		HealthCheckPath: gate.Optional(want.Path), Matcher: matcherOf(want),
		HealthCheckIntervalSeconds: aws.Int32(int32(want.Interval)), HealthCheckTimeoutSeconds: aws.Int32(int32(want.Timeout)),
		HealthyThresholdCount: aws.Int32(int32(want.Healthy)), UnhealthyThresholdCount: aws.Int32(int32(want.Unhealthy)),
		Tags: tagsOf(tags),
	}
}

func matcherOf(want TargetGroup) *types.Matcher {
	if want.Matcher == "" {
		return nil
	}
	if want.Version == grpc {
		return &types.Matcher{GrpcCode: &want.Matcher}
	}
	return &types.Matcher{HttpCode: &want.Matcher}
}

// take uses an existing group of the name, if berth may use it. Attributes that
// cannot be changed must be as desired.
func (t TargetGroups) take(ctx context.Context, w engine.Desired[TargetGroup]) (object engine.Object, ok bool, err error) {
	found, err := groups(ctx, t.LoadBalancers.API, &elbv2.DescribeTargetGroupsInput{Names: []string{w.Want.Name}})
	if gate.IsNotFound(err) {
		return engine.Object{}, false, onlyNotYet(err)
	}
	if err != nil || len(found) == 0 {
		return engine.Object{}, false, err
	}
	arn := aws.ToString(found[0].TargetGroupArn)
	tags, there, err := claim(ctx, t.LoadBalancers.API, w, w.Want.Name, arn)
	if !there || err != nil {
		return engine.Object{}, false, err
	}
	have := groupOf(found[0])
	if have.VPC.Value() != w.Want.VPC.Value() || have.Port != w.Want.Port || have.Version != w.Want.Version || have.Protocol != w.Want.Protocol {
		return engine.Object{}, false, fmt.Errorf(
			"target group %s has %s, port %d and version %s, which cannot be changed: delete it first",
			w.Want.Name, have.VPC, have.Port, have.Version)
	}
	object = engine.Object{ID: arn, Outputs: map[string]string{"arn": arn}, Tags: tags}
	object, err = t.Update(ctx, w, object, []string{"interval", "drain_seconds"})
	return object, true, err
}

// Update implements engine.Type. Another check begins with numbers that suit old
// tasks too; Finish sets those that are desired.
func (t TargetGroups) Update(ctx context.Context, w engine.Desired[TargetGroup], object engine.Object, changed []string) (engine.Object, error) {
	drain := slices.Contains(changed, "drain_seconds")
	if drain {
		if err := t.setDrain(ctx, object.ID, w.Want.DrainSeconds); err != nil {
			return engine.Object{}, err
		}
	}
	if t.Finishes(object, changed) {
		return t.beginCheck(ctx, w, object)
	}
	if n := len(changed); n > 1 || n == 1 && !drain {
		if err := t.setCheck(ctx, object.ID, w.Want); err != nil {
			return engine.Object{}, err
		}
	}
	if err := setTags(ctx, t.LoadBalancers.API, object.ID, object.Tags, w.Tags); err != nil {
		return engine.Object{}, err
	}
	return engine.AsDesired(w, object.ID, object.Outputs), nil
}

func (t TargetGroups) setDrain(ctx context.Context, arn string, seconds int) error {
	_, err := t.LoadBalancers.API.ModifyTargetGroupAttributes(ctx, &elbv2.ModifyTargetGroupAttributesInput{
		TargetGroupArn: &arn,
		Attributes:     []types.TargetGroupAttribute{{Key: aws.String(drainKey), Value: aws.String(strconv.Itoa(seconds))}},
	})
	if err != nil {
		return fmt.Errorf("setting the drain time of %s: %w", arn, err)
	}
	return nil
}

// Delete implements engine.Type. While a rule still sends to the group, AWS
// answers ResourceInUse, which passes.
func (t TargetGroups) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.LoadBalancers.API.DeleteTargetGroup(ctx, &elbv2.DeleteTargetGroupInput{TargetGroupArn: &object.ID})
	if err := gone(err); err != nil {
		return fmt.Errorf("deleting %s: %w", object.ID, err)
	}
	return nil
}

var _ engine.Type[TargetGroup] = TargetGroups{}
