package sandbox

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	sd "github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	sdtypes "github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"
)

// stack is a network with a cluster in it, made with the real clients.
type stack struct {
	t    *testing.T
	w    *World
	ec2  *ec2.Client
	iam  *iam.Client
	ecs  *ecs.Client
	elb  *elb.Client
	sd   *sd.Client
	logs *cloudwatchlogs.Client

	vpc, role, group         string
	subnets                  []string
	table                    string
	balancer, listener, tg   string
	start                    time.Time
	serviceGroup, otherGroup string
}

// stackOf is the clients of a world.
func stackOf(t *testing.T, w *World) *stack {
	t.Helper()
	c := w.Config()
	return &stack{
		t: t, w: w, ec2: ec2.NewFromConfig(c), iam: iam.NewFromConfig(c), ecs: ecs.NewFromConfig(c), elb: elb.NewFromConfig(c),
		sd: sd.NewFromConfig(c), logs: cloudwatchlogs.NewFromConfig(c),
	}
}

// loaded is the stack in a world that was saved and loaded with other options.
func (s *stack) loaded(opt Options) *stack {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), "world.json")
	must(s.t, s.w.Save(path))
	w, err := Load(path, opt)
	must(s.t, err)
	next, clients := *s, stackOf(s.t, w)
	next.w, next.ec2, next.iam, next.ecs = w, clients.ec2, clients.iam, clients.ecs
	next.elb, next.sd, next.logs = clients.elb, clients.sd, clients.logs
	return &next
}

// newStack makes a world with two public subnets, roles and a cluster whose
// age is a minute, so that nothing is too young.
func newStack(t *testing.T, opt Options) *stack {
	t.Helper()
	s := stackOf(t, newTestWorld(t, opt))
	for _, name := range []string{"ecs.amazonaws.com", "elasticloadbalancing.amazonaws.com"} {
		ask(t, s.iam.CreateServiceLinkedRole, &iam.CreateServiceLinkedRoleInput{AWSServiceName: &name})
	}
	s.network()
	s.role = *ask(t, s.iam.CreateRole, &iam.CreateRoleInput{
		RoleName: aws.String("execution"), AssumeRolePolicyDocument: aws.String(trust("ecs-tasks.amazonaws.com")),
	}).Role.Arn
	ask(t, s.iam.PutRolePolicy, &iam.PutRolePolicyInput{
		RoleName: aws.String("execution"), PolicyName: aws.String("logs"), PolicyDocument: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}`),
	})
	ask(t, s.logs.CreateLogGroup, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("/shop")})
	time.Sleep(time.Minute)
	ask(t, s.ecs.CreateCluster, &ecs.CreateClusterInput{
		ClusterName: aws.String("shop"), CapacityProviders: []string{"FARGATE", "FARGATE_SPOT"},
		DefaultCapacityProviderStrategy: []types.CapacityProviderStrategyItem{
			{CapacityProvider: aws.String("FARGATE"), Base: 1, Weight: 0},
			{CapacityProvider: aws.String("FARGATE_SPOT"), Weight: 1},
		},
	})
	s.start = time.Now()
	return s
}

func (s *stack) network() {
	t := s.t
	s.vpc = makeVPC(t, s.ec2, "10.0.0.0/16")
	for _, a := range []*ec2.ModifyVpcAttributeInput{
		{VpcId: &s.vpc, EnableDnsSupport: &ec2types.AttributeBooleanValue{Value: aws.Bool(true)}},
		{VpcId: &s.vpc, EnableDnsHostnames: &ec2types.AttributeBooleanValue{Value: aws.Bool(true)}},
	} {
		ask(t, s.ec2.ModifyVpcAttribute, a)
	}
	igw := ask(t, s.ec2.CreateInternetGateway, nil).InternetGateway.InternetGatewayId
	ask(t, s.ec2.AttachInternetGateway, &ec2.AttachInternetGatewayInput{InternetGatewayId: igw, VpcId: &s.vpc})
	s.table = *ask(t, s.ec2.CreateRouteTable, &ec2.CreateRouteTableInput{VpcId: &s.vpc}).RouteTable.RouteTableId
	ask(t, s.ec2.CreateRoute, &ec2.CreateRouteInput{
		RouteTableId: &s.table, DestinationCidrBlock: aws.String("0.0.0.0/0"), GatewayId: igw,
	})
	for i, zone := range []string{"a", "b"} {
		id := *ask(t, s.ec2.CreateSubnet, &ec2.CreateSubnetInput{
			VpcId: &s.vpc, CidrBlock: aws.String([]string{"10.0.0.0/24", "10.0.1.0/24"}[i]), AvailabilityZone: aws.String("eu-central-1" + zone),
		}).Subnet.SubnetId
		ask(t, s.ec2.AssociateRouteTable, &ec2.AssociateRouteTableInput{RouteTableId: &s.table, SubnetId: &id})
		s.subnets = append(s.subnets, id)
	}
	s.group, s.serviceGroup, s.otherGroup = s.securityGroup("balancer"), s.securityGroup("web"), s.securityGroup("other")
	ask(t, s.ec2.AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: &s.serviceGroup, IpPermissions: []ec2types.IpPermission{{
			IpProtocol: aws.String("tcp"), FromPort: aws.Int32(80), ToPort: aws.Int32(80),
			UserIdGroupPairs: []ec2types.UserIdGroupPair{{GroupId: &s.group}},
		}},
	})
}

func (s *stack) securityGroup(name string) string {
	return *ask(s.t, s.ec2.CreateSecurityGroup, &ec2.CreateSecurityGroupInput{
		VpcId: &s.vpc, GroupName: &name, Description: &name,
	}).GroupId
}

// ingress makes a load balancer, a listener, a target group and a rule.
func (s *stack) ingress() {
	t := s.t
	s.balancer = *ask(t, s.elb.CreateLoadBalancer, &elb.CreateLoadBalancerInput{
		Name: aws.String("shop"), Subnets: s.subnets, SecurityGroups: []string{s.group},
	}).LoadBalancers[0].LoadBalancerArn
	s.listener = *ask(t, s.elb.CreateListener, &elb.CreateListenerInput{
		LoadBalancerArn: &s.balancer, Port: aws.Int32(80), Protocol: elbtypes.ProtocolEnumHttp, DefaultActions: notFound(),
	}).Listeners[0].ListenerArn
	s.tg = s.targetGroup("web")
	ask(t, s.elb.CreateRule, s.rule(10))
}

func notFound() []elbtypes.Action {
	return []elbtypes.Action{{
		Type:                elbtypes.ActionTypeEnumFixedResponse,
		FixedResponseConfig: &elbtypes.FixedResponseActionConfig{StatusCode: aws.String("404")},
	}}
}

func (s *stack) rule(priority int32) *elb.CreateRuleInput {
	return &elb.CreateRuleInput{
		ListenerArn: &s.listener, Priority: &priority,
		Conditions: []elbtypes.RuleCondition{{
			Field: aws.String("path-pattern"), PathPatternConfig: &elbtypes.PathPatternConditionConfig{Values: []string{"/*"}},
		}},
		Actions: []elbtypes.Action{{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: &s.tg}},
	}
}

func (s *stack) targetGroup(name string) string {
	arn := ask(s.t, s.elb.CreateTargetGroup, s.groupInput(name)).TargetGroups[0].TargetGroupArn
	ask(s.t, s.elb.ModifyTargetGroupAttributes, &elb.ModifyTargetGroupAttributesInput{
		TargetGroupArn: arn, Attributes: []elbtypes.TargetGroupAttribute{
			{Key: aws.String("deregistration_delay.timeout_seconds"), Value: aws.String("5")},
		},
	})
	return *arn
}

func (s *stack) groupInput(name string) *elb.CreateTargetGroupInput {
	return &elb.CreateTargetGroupInput{
		Name: &name, Port: aws.Int32(80), Protocol: elbtypes.ProtocolEnumHttp, VpcId: &s.vpc, TargetType: elbtypes.TargetTypeEnumIp,
		HealthCheckIntervalSeconds: aws.Int32(5), HealthCheckTimeoutSeconds: aws.Int32(4), HealthyThresholdCount: aws.Int32(2),
		UnhealthyThresholdCount: aws.Int32(6),
	}
}

// definition registers a task definition with one container, "app".
func (s *stack) definition(family, image string, change ...func(*types.ContainerDefinition)) string {
	c := types.ContainerDefinition{
		Name: aws.String("app"), Image: &image, StopTimeout: aws.Int32(10),
		PortMappings: []types.PortMapping{{ContainerPort: aws.Int32(80), Name: aws.String("http")}},
		LogConfiguration: &types.LogConfiguration{LogDriver: types.LogDriverAwslogs, Options: map[string]string{
			"awslogs-group": "/shop", "awslogs-region": "eu-central-1", "awslogs-stream-prefix": family,
		}},
	}
	for _, f := range change {
		f(&c)
	}
	return *ask(s.t, s.ecs.RegisterTaskDefinition, &ecs.RegisterTaskDefinitionInput{
		Family: &family, Cpu: aws.String("256"), Memory: aws.String("512"), NetworkMode: types.NetworkModeAwsvpc,
		RequiresCompatibilities: []types.Compatibility{types.CompatibilityFargate}, ExecutionRoleArn: &s.role,
		ContainerDefinitions: []types.ContainerDefinition{c},
	}).TaskDefinition.TaskDefinitionArn
}

// checked gives a container a health check.
func checked(c *types.ContainerDefinition) {
	c.HealthCheck = &types.HealthCheck{Command: []string{"CMD", "true"}, Interval: aws.Int32(5), Retries: aws.Int32(3), Timeout: aws.Int32(2)}
}

func (s *stack) vpcConfig() *types.NetworkConfiguration {
	return &types.NetworkConfiguration{AwsvpcConfiguration: &types.AwsVpcConfiguration{
		Subnets: s.subnets, SecurityGroups: []string{s.serviceGroup}, AssignPublicIp: types.AssignPublicIpEnabled,
	}}
}

// serviceInput is a service of one task with circuit breaker and rollback.
func (s *stack) serviceInput(name, definition string) *ecs.CreateServiceInput {
	return &ecs.CreateServiceInput{
		Cluster: aws.String("shop"), ServiceName: &name, TaskDefinition: &definition, DesiredCount: aws.Int32(1),
		NetworkConfiguration: s.vpcConfig(),
		DeploymentConfiguration: &types.DeploymentConfiguration{
			DeploymentCircuitBreaker: &types.DeploymentCircuitBreaker{Enable: true, Rollback: true},
		},
	}
}

func (s *stack) create(in *ecs.CreateServiceInput) types.Service {
	s.t.Helper()
	return *ask(s.t, s.ecs.CreateService, in).Service
}

// web creates the service "web" behind the balancer.
func (s *stack) web(definition string) types.Service {
	in := s.serviceInput("web", definition)
	in.LoadBalancers = []types.LoadBalancer{{TargetGroupArn: &s.tg, ContainerName: aws.String("app"), ContainerPort: aws.Int32(80)}}
	return s.create(in)
}

func (s *stack) describe(name string) types.Service {
	s.t.Helper()
	out := ask(s.t, s.ecs.DescribeServices, &ecs.DescribeServicesInput{Cluster: aws.String("shop"), Services: []string{name}})
	if len(out.Services) != 1 {
		s.t.Fatalf("service %s: %+v", name, out.Failures)
	}
	return out.Services[0]
}

// until waits until the service is as ok says and returns how long that took.
func (s *stack) until(name string, ok func(types.Service) bool) time.Duration {
	s.t.Helper()
	begin := time.Now()
	for !ok(s.describe(name)) {
		if time.Since(begin) > time.Hour {
			s.t.Fatalf("service %s is still %+v", name, s.describe(name))
		}
		time.Sleep(time.Second)
	}
	return time.Since(begin)
}

func completed(v types.Service) bool {
	return len(v.Deployments) > 0 && v.Deployments[0].RolloutState == types.DeploymentRolloutStateCompleted
}

// tasks describes the tasks of a service.
func (s *stack) tasks(name string, status types.DesiredStatus) []types.Task {
	s.t.Helper()
	list := ask(s.t, s.ecs.ListTasks, &ecs.ListTasksInput{Cluster: aws.String("shop"), ServiceName: &name, DesiredStatus: status})
	if len(list.TaskArns) == 0 {
		return nil
	}
	return ask(s.t, s.ecs.DescribeTasks, &ecs.DescribeTasksInput{Cluster: aws.String("shop"), Tasks: list.TaskArns}).Tasks
}

// run runs a one-off task to its end.
func (s *stack) run(definition string) types.Task {
	s.t.Helper()
	out := ask(s.t, s.ecs.RunTask, &ecs.RunTaskInput{
		Cluster: aws.String("shop"), TaskDefinition: &definition, LaunchType: types.LaunchTypeFargate, NetworkConfiguration: s.vpcConfig(),
	})
	for range 600 {
		d := ask(s.t, s.ecs.DescribeTasks, &ecs.DescribeTasksInput{Cluster: aws.String("shop"), Tasks: []string{*out.Tasks[0].TaskArn}})
		if *d.Tasks[0].LastStatus == "STOPPED" {
			return d.Tasks[0]
		}
		time.Sleep(time.Second)
	}
	s.t.Fatalf("task of %s does not stop", definition)
	return types.Task{}
}

// namespace makes a private DNS namespace and waits for it.
func (s *stack) namespace(name string) string {
	s.t.Helper()
	op := ask(s.t, s.sd.CreatePrivateDnsNamespace, &sd.CreatePrivateDnsNamespaceInput{Name: &name, Vpc: &s.vpc})
	for {
		out := ask(s.t, s.sd.GetOperation, &sd.GetOperationInput{OperationId: op.OperationId})
		switch out.Operation.Status {
		case sdtypes.OperationStatusSuccess:
			return out.Operation.Targets["NAMESPACE"]
		case sdtypes.OperationStatusFail:
			s.t.Fatalf("namespace: %s", *out.Operation.ErrorMessage)
		default:
		}
		time.Sleep(time.Second)
	}
}
