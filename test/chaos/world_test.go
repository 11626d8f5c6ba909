package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	efstypes "github.com/aws/aws-sdk-go-v2/service/efs/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	sdtypes "github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/berthdev/berth/internal/aws"
)

// world is what an account holds: "kind id" -> all that AWS says of it.
type world map[string]string

// viewer reads a world; the first error ends it.
type viewer struct {
	ctx context.Context
	c   *aws.Clients
	w   world
	err error
}

// view reads everything of the kinds that the projects make.
func view(ctx context.Context, c *aws.Clients) (world, error) {
	v := &viewer{ctx: ctx, c: c, w: world{}}
	v.network()
	v.edge()
	v.balancers()
	v.clusters()
	v.roles()
	v.names()
	v.kept()
	return v.w, v.err
}

// see adds objects under their ids.
func see[T any](v *viewer, err error, what string, list []T, id func(T) *string) {
	if err != nil && v.err == nil {
		v.err = fmt.Errorf("looking at %s: %w", what, err)
	}
	for _, item := range list {
		text, err := json.Marshal(item)
		if err != nil && v.err == nil {
			v.err = err
		}
		v.w[what+" "+sdk.ToString(id(item))] = string(text)
	}
}

func (v *viewer) network() {
	vpcs, err := v.c.EC2.DescribeVpcs(v.ctx, &ec2.DescribeVpcsInput{})
	see(v, err, "vpc", orNone(vpcs).Vpcs, func(o ec2types.Vpc) *string { return o.VpcId })
	subnets, err := v.c.EC2.DescribeSubnets(v.ctx, &ec2.DescribeSubnetsInput{})
	see(v, err, "subnet", orNone(subnets).Subnets, func(o ec2types.Subnet) *string { return o.SubnetId })
	groups, err := v.c.EC2.DescribeSecurityGroups(v.ctx, &ec2.DescribeSecurityGroupsInput{})
	see(v, err, "security-group", orNone(groups).SecurityGroups, func(o ec2types.SecurityGroup) *string { return o.GroupId })
	tables, err := v.c.EC2.DescribeRouteTables(v.ctx, &ec2.DescribeRouteTablesInput{})
	see(v, err, "route-table", orNone(tables).RouteTables, func(o ec2types.RouteTable) *string { return o.RouteTableId })
	options, err := v.c.EC2.DescribeDhcpOptions(v.ctx, &ec2.DescribeDhcpOptionsInput{})
	// moto takes no tags in the create call, as AWS does: whoever loses the
	// answer, or is killed after it, leaves a set there that nobody can find.
	tagged := slices.DeleteFunc(orNone(options).DhcpOptions, func(o ec2types.DhcpOptions) bool { return len(o.Tags) == 0 })
	see(v, err, "dhcp-options", tagged, func(o ec2types.DhcpOptions) *string { return o.DhcpOptionsId })
}

func (v *viewer) edge() {
	gateways, err := v.c.EC2.DescribeInternetGateways(v.ctx, &ec2.DescribeInternetGatewaysInput{})
	see(v, err, "internet-gateway", orNone(gateways).InternetGateways, func(o ec2types.InternetGateway) *string { return o.InternetGatewayId })
	addresses, err := v.c.EC2.DescribeAddresses(v.ctx, &ec2.DescribeAddressesInput{})
	see(v, err, "address", orNone(addresses).Addresses, func(o ec2types.Address) *string { return o.AllocationId })
	nats, err := v.c.EC2.DescribeNatGateways(v.ctx, &ec2.DescribeNatGatewaysInput{})
	alive := slices.DeleteFunc(orNone(nats).NatGateways, func(o ec2types.NatGateway) bool { return o.State == ec2types.NatGatewayStateDeleted })
	see(v, err, "nat-gateway", alive, func(o ec2types.NatGateway) *string { return o.NatGatewayId })
	endpoints, err := v.c.EC2.DescribeVpcEndpoints(v.ctx, &ec2.DescribeVpcEndpointsInput{})
	there := slices.DeleteFunc(orNone(endpoints).VpcEndpoints, func(o ec2types.VpcEndpoint) bool {
		return strings.EqualFold(string(o.State), string(ec2types.StateDeleted))
	})
	see(v, err, "vpc-endpoint", there, func(o ec2types.VpcEndpoint) *string { return o.VpcEndpointId })
}

func (v *viewer) balancers() {
	balancers, err := v.c.ELB.DescribeLoadBalancers(v.ctx, &elasticloadbalancingv2.DescribeLoadBalancersInput{})
	see(v, err, "load-balancer", orNone(balancers).LoadBalancers, func(o elbtypes.LoadBalancer) *string { return o.LoadBalancerArn })
	for _, b := range orNone(balancers).LoadBalancers {
		listeners, err := v.c.ELB.DescribeListeners(v.ctx, &elasticloadbalancingv2.DescribeListenersInput{LoadBalancerArn: b.LoadBalancerArn})
		see(v, err, "listener", orNone(listeners).Listeners, func(o elbtypes.Listener) *string { return o.ListenerArn })
		for _, l := range orNone(listeners).Listeners {
			rules, err := v.c.ELB.DescribeRules(v.ctx, &elasticloadbalancingv2.DescribeRulesInput{ListenerArn: l.ListenerArn})
			see(v, err, "rule", orNone(rules).Rules, func(o elbtypes.Rule) *string { return o.RuleArn })
		}
	}
	targets, err := v.c.ELB.DescribeTargetGroups(v.ctx, &elasticloadbalancingv2.DescribeTargetGroupsInput{})
	see(v, err, "target-group", orNone(targets).TargetGroups, func(o elbtypes.TargetGroup) *string { return o.TargetGroupArn })
}

// clusters leaves out deleted clusters, which moto lists with the services that
// they had.
func (v *viewer) clusters() {
	names, err := v.c.ECS.ListClusters(v.ctx, &ecs.ListClustersInput{})
	clusters, err2 := v.c.ECS.DescribeClusters(v.ctx, &ecs.DescribeClustersInput{
		Clusters: orNone(names).ClusterArns, Include: []ecstypes.ClusterField{ecstypes.ClusterFieldTags},
	})
	active := slices.DeleteFunc(orNone(clusters).Clusters, func(o ecstypes.Cluster) bool { return sdk.ToString(o.Status) != "ACTIVE" })
	see(v, firstOf(err, err2), "cluster", active, func(o ecstypes.Cluster) *string { return o.ClusterArn })
	for _, c := range active {
		services, err := v.c.ECS.ListServices(v.ctx, &ecs.ListServicesInput{Cluster: c.ClusterArn})
		see(v, err, "service", orNone(services).ServiceArns, func(s string) *string { return &s })
	}
	revisions, err := v.c.ECS.ListTaskDefinitions(v.ctx, &ecs.ListTaskDefinitionsInput{Status: ecstypes.TaskDefinitionStatusActive})
	see(v, err, "task-definition", orNone(revisions).TaskDefinitionArns, func(s string) *string { return &s })
}

func (v *viewer) roles() {
	roles, err := v.c.IAM.ListRoles(v.ctx, &iam.ListRolesInput{PathPrefix: sdk.String("/berth/")})
	see(v, err, "role", nil, func(s string) *string { return &s })
	for _, role := range orNone(roles).Roles {
		attached, err := v.c.IAM.ListAttachedRolePolicies(v.ctx, &iam.ListAttachedRolePoliciesInput{RoleName: role.RoleName})
		inline, err2 := v.c.IAM.ListRolePolicies(v.ctx, &iam.ListRolePoliciesInput{RoleName: role.RoleName})
		whole := []any{[]any{role, orNone(attached).AttachedPolicies, orNone(inline).PolicyNames}}
		see(v, firstOf(err, err2), "role", whole, func(any) *string { return role.RoleName })
	}
}

func (v *viewer) names() {
	spaces, err := v.c.SD.ListNamespaces(v.ctx, &servicediscovery.ListNamespacesInput{})
	see(v, err, "namespace", orNone(spaces).Namespaces, func(o sdtypes.NamespaceSummary) *string { return o.Id })
	names, err := v.c.SD.ListServices(v.ctx, &servicediscovery.ListServicesInput{})
	see(v, err, "name", orNone(names).Services, func(o sdtypes.ServiceSummary) *string { return o.Id })
}

func (v *viewer) kept() {
	systems, err := v.c.EFS.DescribeFileSystems(v.ctx, &efs.DescribeFileSystemsInput{})
	for i := range orNone(systems).FileSystems {
		systems.FileSystems[i].SizeInBytes = nil // it says when it was asked for
	}
	see(v, err, "file-system", orNone(systems).FileSystems, func(o efstypes.FileSystemDescription) *string { return o.FileSystemId })
	for _, f := range orNone(systems).FileSystems {
		targets, err := v.c.EFS.DescribeMountTargets(v.ctx, &efs.DescribeMountTargetsInput{FileSystemId: f.FileSystemId})
		see(v, err, "mount-target", orNone(targets).MountTargets, func(o efstypes.MountTargetDescription) *string { return o.MountTargetId })
		points, err := v.c.EFS.DescribeAccessPoints(v.ctx, &efs.DescribeAccessPointsInput{FileSystemId: f.FileSystemId})
		see(v, err, "access-point", orNone(points).AccessPoints, func(o efstypes.AccessPointDescription) *string { return o.AccessPointId })
	}
	parameters, err := v.c.SSM.DescribeParameters(v.ctx, &ssm.DescribeParametersInput{})
	see(v, err, "parameter", orNone(parameters).Parameters, func(o ssmtypes.ParameterMetadata) *string { return o.Name })
	groups, err := v.c.Logs.DescribeLogGroups(v.ctx, &cloudwatchlogs.DescribeLogGroupsInput{})
	for _, g := range orNone(groups).LogGroups {
		see(v, nil, "log-group", []any{g}, func(any) *string { return g.LogGroupName })
	}
	buckets, err2 := v.c.S3.ListBuckets(v.ctx, &s3.ListBucketsInput{})
	for _, b := range orNone(buckets).Buckets {
		see(v, nil, "bucket", []any{b}, func(any) *string { return b.Name })
	}
	see(v, firstOf(err, err2), "logs and buckets", nil, func(s string) *string { return &s })
}

// orNone is an answer, or an empty one where there was none.
func orNone[T any](out *T) *T {
	if out == nil {
		return new(T)
	}
	return out
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// beside are the names of what w has and other does not.
func (w world) beside(other world) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(w)) {
		if _, ok := other[name]; !ok {
			names = append(names, name)
		}
	}
	return names
}

// harmed says what of w is gone or changed in other.
func (w world) harmed(other world) []string {
	var harm []string
	for _, name := range slices.Sorted(maps.Keys(w)) {
		switch now, ok := other[name]; {
		case !ok:
			harm = append(harm, name+" is gone")
		case now != w[name]:
			harm = append(harm, fmt.Sprintf("%s was\n  %s\nand is\n  %s", name, w[name], now))
		}
	}
	return harm
}

// counts are how many objects of each kind w has and other has not.
func (w world) counts(other world) map[string]int {
	n := map[string]int{}
	for _, name := range w.beside(other) {
		kind, _, _ := strings.Cut(name, " ")
		n[kind]++
	}
	return n
}
