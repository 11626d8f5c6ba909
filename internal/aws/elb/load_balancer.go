package elb

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// LoadBalancer is an application or a network load balancer. Outputs: id and arn, dns (its
// host name), zone (the hosted zone of that name).
type LoadBalancer struct {
	Name string `attr:"name,replace,own"`
	// Kind is network, or empty for an application load balancer.
	Kind string `attr:"kind,replace"`
	// Scheme is internet-facing or internal.
	Scheme         string       `attr:"scheme,replace"`
	Subnets        []engine.Ref `attr:"subnets,set"`
	SecurityGroups []engine.Ref `attr:"security_groups,set"`
	// DeletionProtection makes AWS refuse the deletion.
	DeletionProtection bool `attr:"deletion_protection"`
	// IdleSeconds is the idle timeout of connections: 1 to 4000. AWS's default
	// is 60. Network load balancers have none: 0.
	IdleSeconds int `attr:"idle_seconds"`
	// CrossZone lets each zone of a network load balancer send to tasks in all
	// zones; an application load balancer always does.
	CrossZone bool `attr:"cross_zone"`
}

// Type implements engine.Resource.
func (LoadBalancer) Type() string { return "elb.load-balancer" }

// LoadBalancers is the type of LoadBalancer.
type LoadBalancers struct {
	API    *elbv2.Client
	Region string
	// Turns serialises changes of priorities on a listener: two rules that swap
	// places would otherwise act on stale answers.
	Turns *gate.Turns
	// Tagging finds listeners on other people's balancers that no file
	// mentions; with nil they are not looked for.
	Tagging *resourcegroupstaggingapi.Client
}

// Spec implements engine.Type. A balancer takes about two minutes to become
// active. AWS stops listing it within seconds of its deletion; its network
// interfaces are deleted later, and security groups and subnets cannot be
// deleted until then.
func (LoadBalancers) Spec() engine.Spec {
	return engine.Spec{
		Name: LoadBalancer{}.Type(), Identity: engine.SilentName, DeadWhenFailed: true,
		ReadyIn: 128 * time.Second, GoneIn: 2 * time.Second,
	}
}

// The attributes of a balancer that berth sets, and AWS's defaults for them
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html).
const (
	protectionKey = "deletion_protection.enabled"
	idleKey       = "idle_timeout.timeout_seconds"
	crossZoneKey  = "load_balancing.cross_zone.enabled"
	defaultIdle   = 60
)

// Create implements engine.Type. It makes one call, unless an attribute is not
// AWS's default. If the balancer in the answer is not provisioning, it is an
// older one.
func (t LoadBalancers) Create(ctx context.Context, w engine.Desired[LoadBalancer]) (engine.Object, error) {
	have, sure := seenIn(w.Memory, t.Region).at(balancerKey(w.Want.Name))
	if have != "" || !sure {
		if object, ok, err := t.take(ctx, w); ok || err != nil {
			return object, err
		}
	}
	steps := w.Want.DeletionProtection || w.Want.CrossZone || (w.Want.IdleSeconds != 0 && w.Want.IdleSeconds != defaultIdle)
	tags := w.Tags
	if steps {
		tags = begun(tags)
	}
	out, err := t.API.CreateLoadBalancer(ctx, &elbv2.CreateLoadBalancerInput{
		Name: &w.Want.Name, Type: kindOf(w.Want),
		Scheme: types.LoadBalancerSchemeEnum(w.Want.Scheme), IpAddressType: types.IpAddressTypeIpv4,
		Subnets: engine.Values(w.Want.Subnets), SecurityGroups: engine.Values(w.Want.SecurityGroups), Tags: tagsOf(tags),
	})
	if gate.IsExists(err) || err == nil && len(out.LoadBalancers) == 1 && !provisioning(out.LoadBalancers[0]) {
		object, ok, taken := t.take(gate.JustMade(ctx), w)
		if ok || taken != nil {
			return object, taken
		}
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating load balancer %s: %w", w.Want.Name, err)
	}
	if len(out.LoadBalancers) != 1 {
		return engine.Object{}, fmt.Errorf("creating load balancer %s: AWS answered with %d", w.Want.Name, len(out.LoadBalancers))
	}
	lb := out.LoadBalancers[0]
	object := t.object(w, lb)
	if steps {
		made := gate.JustMade(ctx)
		if err := t.setAttributes(made, object.ID, w.Want); err != nil {
			return engine.Object{}, gate.Half(err)
		}
		if err := setTags(made, t.API, object.ID, nil, w.Tags); err != nil {
			return engine.Object{}, gate.Half(err)
		}
	}
	return object, nil
}

// Network is the Kind of a network load balancer.
const Network = "network"

func kindOf(want LoadBalancer) types.LoadBalancerTypeEnum {
	if want.Kind == Network {
		return types.LoadBalancerTypeEnumNetwork
	}
	return types.LoadBalancerTypeEnumApplication
}

func provisioning(lb types.LoadBalancer) bool {
	return lb.State != nil && lb.State.Code == types.LoadBalancerStateEnumProvisioning
}

// object returns a balancer that is as desired but may not be ready.
func (LoadBalancers) object(w engine.Desired[LoadBalancer], lb types.LoadBalancer) engine.Object {
	object := engine.AsDesired(w, aws.ToString(lb.LoadBalancerArn), balancerOutputs(lb))
	object.State, object.Detail = balancerState(lb.State)
	object.Created = aws.ToTime(lb.CreatedTime)
	return object
}

// take uses an existing balancer of the name, if berth may use it. Attributes
// that cannot be changed must be as desired.
func (t LoadBalancers) take(ctx context.Context, w engine.Desired[LoadBalancer]) (object engine.Object, ok bool, err error) {
	found, err := balancers(ctx, t.API, &elbv2.DescribeLoadBalancersInput{Names: []string{w.Want.Name}})
	if gate.IsNotFound(err) {
		return engine.Object{}, false, onlyNotYet(err)
	}
	if err != nil || len(found) == 0 {
		return engine.Object{}, false, err
	}
	lb := found[0]
	arn := aws.ToString(lb.LoadBalancerArn)
	tags, there, err := claim(ctx, t.API, w, w.Want.Name, arn)
	if !there || err != nil {
		return engine.Object{}, false, err
	}
	if lb.Type != kindOf(w.Want) {
		return engine.Object{}, false, fmt.Errorf("load balancer %s is of the type %s, which cannot be changed: delete it first",
			w.Want.Name, lb.Type)
	}
	if string(lb.Scheme) != w.Want.Scheme {
		return engine.Object{}, false, fmt.Errorf("load balancer %s is %s and cannot be made %s: delete it first",
			w.Want.Name, lb.Scheme, w.Want.Scheme)
	}
	object = t.object(w, lb)
	object.Tags = tags
	object, err = t.Update(ctx, w, object, []string{"subnets", "security_groups", "idle_seconds"})
	return object, true, err
}

// onlyNotYet returns the error if its class is NotYet, otherwise nil.
func onlyNotYet(err error) error {
	if engine.ClassOf(err) == engine.NotYet {
		return err
	}
	return nil
}

// Update implements engine.Type.
func (t LoadBalancers) Update(ctx context.Context, w engine.Desired[LoadBalancer], object engine.Object, changed []string) (engine.Object, error) {
	has := func(name string) bool { return slices.Contains(changed, name) }
	if has("subnets") {
		_, err := t.API.SetSubnets(ctx, &elbv2.SetSubnetsInput{LoadBalancerArn: &object.ID, Subnets: engine.Values(w.Want.Subnets)})
		if err != nil {
			return engine.Object{}, fmt.Errorf("setting the subnets of %s: %w", object.ID, err)
		}
	}
	if has("security_groups") {
		_, err := t.API.SetSecurityGroups(ctx, &elbv2.SetSecurityGroupsInput{
			LoadBalancerArn: &object.ID, SecurityGroups: engine.Values(w.Want.SecurityGroups),
		})
		if err != nil {
			return engine.Object{}, fmt.Errorf("setting the security groups of %s: %w", object.ID, err)
		}
	}
	if has("deletion_protection") || has("idle_seconds") || has("cross_zone") {
		if err := t.setAttributes(ctx, object.ID, w.Want); err != nil {
			return engine.Object{}, err
		}
	}
	if err := setTags(ctx, t.API, object.ID, object.Tags, w.Tags); err != nil {
		return engine.Object{}, err
	}
	now := engine.AsDesired(w, object.ID, object.Outputs)
	now.State, now.Detail, now.Created = object.State, object.Detail, object.Created
	return now, nil
}

func (t LoadBalancers) setAttributes(ctx context.Context, arn string, want LoadBalancer) error {
	_, err := t.API.ModifyLoadBalancerAttributes(ctx, &elbv2.ModifyLoadBalancerAttributesInput{
		LoadBalancerArn: &arn, Attributes: attributesOf(want),
	})
	if err != nil {
		return fmt.Errorf("setting the attributes of %s: %w", arn, err)
	}
	return nil
}

// attributesOf are the attributes that berth sets; each kind has its own.
func attributesOf(want LoadBalancer) []types.LoadBalancerAttribute {
	all := []types.LoadBalancerAttribute{
		{Key: aws.String(protectionKey), Value: aws.String(strconv.FormatBool(want.DeletionProtection))},
	}
	if want.Kind == Network {
		return append(all, types.LoadBalancerAttribute{Key: aws.String(crossZoneKey), Value: aws.String(strconv.FormatBool(want.CrossZone))})
	}
	idle := want.IdleSeconds
	if idle == 0 {
		idle = defaultIdle
	}
	return append(all, types.LoadBalancerAttribute{Key: aws.String(idleKey), Value: aws.String(strconv.Itoa(idle))})
}

// Delete implements engine.Type. AWS deletes the listeners with the balancer,
// answers with success if the balancer does not exist, and refuses while
// deletion protection is on.
func (t LoadBalancers) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteLoadBalancer(ctx, &elbv2.DeleteLoadBalancerInput{LoadBalancerArn: &object.ID})
	if err := gone(err); err != nil {
		return fmt.Errorf("deleting %s: %w", object.ID, err)
	}
	return nil
}

var (
	_ engine.Type[LoadBalancer] = LoadBalancers{}
	_ engine.Poller             = LoadBalancers{}
)
