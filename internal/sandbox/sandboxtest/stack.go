package sandboxtest

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

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/sandbox/identity"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// Stack is a network with a cluster in it, made with the real clients.
type Stack struct {
	T        *testing.T
	W        *sandbox.World
	EC2      *ec2.Client
	IAM      *iam.Client
	ECS      *ecs.Client
	ELB      *elb.Client
	CloudMap *sd.Client
	Logs     *cloudwatchlogs.Client

	VPC, Role, Group           string
	Subnets                    []string
	Table                      string
	Balancer, Listener, Target string
	start                      time.Time
	ServiceGroup, OtherGroup   string
}

// stackOf makes the clients of a world.
func stackOf(t *testing.T, w *sandbox.World) *Stack {
	t.Helper()
	c := w.Config()
	return &Stack{
		T: t, W: w, EC2: ec2.NewFromConfig(c), IAM: iam.NewFromConfig(c), ECS: ecs.NewFromConfig(c), ELB: elb.NewFromConfig(c),
		CloudMap: sd.NewFromConfig(c), Logs: cloudwatchlogs.NewFromConfig(c),
	}
}

// Loaded returns the stack in a world that was saved and loaded with other
// options.
func (s *Stack) Loaded(opt world.Options) *Stack {
	s.T.Helper()
	path := filepath.Join(s.T.TempDir(), "world.json")
	Must(s.T, s.W.Save(path))
	w, err := sandbox.Load(path, opt)
	Must(s.T, err)
	next, clients := *s, stackOf(s.T, w)
	next.W, next.EC2, next.IAM, next.ECS = w, clients.EC2, clients.IAM, clients.ECS
	next.ELB, next.CloudMap, next.Logs = clients.ELB, clients.CloudMap, clients.Logs
	return &next
}

// NewStack makes a world with two public subnets, roles and a cluster, and
// waits a minute, so that no object is too new.
func NewStack(t *testing.T, opt world.Options) *Stack {
	t.Helper()
	s := stackOf(t, New(t, opt))
	for _, name := range []string{"ecs.amazonaws.com", "elasticloadbalancing.amazonaws.com"} {
		Ask(t, s.IAM.CreateServiceLinkedRole, &iam.CreateServiceLinkedRoleInput{AWSServiceName: &name})
	}
	s.network()
	s.Role = *Ask(t, s.IAM.CreateRole, &iam.CreateRoleInput{
		RoleName: aws.String("execution"), AssumeRolePolicyDocument: aws.String(identity.Trust("ecs-tasks.amazonaws.com")),
	}).Role.Arn
	Ask(t, s.IAM.PutRolePolicy, &iam.PutRolePolicyInput{
		RoleName: aws.String("execution"), PolicyName: aws.String("logs"), PolicyDocument: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}`),
	})
	Ask(t, s.Logs.CreateLogGroup, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("/shop")})
	time.Sleep(time.Minute)
	Ask(t, s.ECS.CreateCluster, &ecs.CreateClusterInput{
		ClusterName: aws.String("shop"), CapacityProviders: []string{"FARGATE", "FARGATE_SPOT"},
		DefaultCapacityProviderStrategy: []types.CapacityProviderStrategyItem{
			{CapacityProvider: aws.String("FARGATE"), Base: 1, Weight: 0},
			{CapacityProvider: aws.String("FARGATE_SPOT"), Weight: 1},
		},
	})
	s.start = time.Now()
	return s
}

func (s *Stack) network() {
	t := s.T
	s.VPC = MakeVPC(t, s.EC2, "10.0.0.0/16")
	for _, a := range []*ec2.ModifyVpcAttributeInput{
		{VpcId: &s.VPC, EnableDnsSupport: &ec2types.AttributeBooleanValue{Value: aws.Bool(true)}},
		{VpcId: &s.VPC, EnableDnsHostnames: &ec2types.AttributeBooleanValue{Value: aws.Bool(true)}},
	} {
		Ask(t, s.EC2.ModifyVpcAttribute, a)
	}
	igw := Ask(t, s.EC2.CreateInternetGateway, nil).InternetGateway.InternetGatewayId
	Ask(t, s.EC2.AttachInternetGateway, &ec2.AttachInternetGatewayInput{InternetGatewayId: igw, VpcId: &s.VPC})
	s.Table = *Ask(t, s.EC2.CreateRouteTable, &ec2.CreateRouteTableInput{VpcId: &s.VPC}).RouteTable.RouteTableId
	Ask(t, s.EC2.CreateRoute, &ec2.CreateRouteInput{
		RouteTableId: &s.Table, DestinationCidrBlock: aws.String("0.0.0.0/0"), GatewayId: igw,
	})
	for i, zone := range []string{"a", "b"} {
		id := *Ask(t, s.EC2.CreateSubnet, &ec2.CreateSubnetInput{
			VpcId: &s.VPC, CidrBlock: aws.String([]string{"10.0.0.0/24", "10.0.1.0/24"}[i]), AvailabilityZone: aws.String("eu-central-1" + zone),
		}).Subnet.SubnetId
		Ask(t, s.EC2.AssociateRouteTable, &ec2.AssociateRouteTableInput{RouteTableId: &s.Table, SubnetId: &id})
		s.Subnets = append(s.Subnets, id)
	}
	s.Group, s.ServiceGroup, s.OtherGroup = s.SecurityGroup("balancer"), s.SecurityGroup("web"), s.SecurityGroup("other")
	Ask(t, s.EC2.AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: &s.ServiceGroup, IpPermissions: []ec2types.IpPermission{{
			IpProtocol: aws.String("tcp"), FromPort: aws.Int32(80), ToPort: aws.Int32(80),
			UserIdGroupPairs: []ec2types.UserIdGroupPair{{GroupId: &s.Group}},
		}},
	})
	Ask(t, s.EC2.AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: &s.Group, IpPermissions: []ec2types.IpPermission{{
			IpProtocol: aws.String("tcp"), FromPort: aws.Int32(80), ToPort: aws.Int32(80),
			IpRanges: []ec2types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}},
		}},
	})
}

// SecurityGroup creates a security group and returns its id.
func (s *Stack) SecurityGroup(name string) string {
	return *Ask(s.T, s.EC2.CreateSecurityGroup, &ec2.CreateSecurityGroupInput{
		VpcId: &s.VPC, GroupName: &name, Description: &name,
	}).GroupId
}

// Ingress makes a load balancer, a listener, a target group and a rule.
func (s *Stack) Ingress() {
	t := s.T
	s.Balancer = *Ask(t, s.ELB.CreateLoadBalancer, &elb.CreateLoadBalancerInput{
		Name: aws.String("shop"), Subnets: s.Subnets, SecurityGroups: []string{s.Group},
	}).LoadBalancers[0].LoadBalancerArn
	s.Listener = *Ask(t, s.ELB.CreateListener, &elb.CreateListenerInput{
		LoadBalancerArn: &s.Balancer, Port: aws.Int32(80), Protocol: elbtypes.ProtocolEnumHttp, DefaultActions: NotFound(),
	}).Listeners[0].ListenerArn
	s.Target = s.TargetGroup("web")
	Ask(t, s.ELB.CreateRule, s.Rule(10))
}

// NotFound is the default action of a listener: it answers 404.
func NotFound() []elbtypes.Action {
	return []elbtypes.Action{{
		Type:                elbtypes.ActionTypeEnumFixedResponse,
		FixedResponseConfig: &elbtypes.FixedResponseActionConfig{StatusCode: aws.String("404")},
	}}
}

// Rule is the input of CreateRule that sends everything to the target group.
func (s *Stack) Rule(priority int32) *elb.CreateRuleInput {
	return &elb.CreateRuleInput{
		ListenerArn: &s.Listener, Priority: &priority,
		Conditions: []elbtypes.RuleCondition{{
			Field: aws.String("path-pattern"), PathPatternConfig: &elbtypes.PathPatternConditionConfig{Values: []string{"/*"}},
		}},
		Actions: []elbtypes.Action{{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: &s.Target}},
	}
}

// TargetGroup creates a target group and returns its ARN.
func (s *Stack) TargetGroup(name string) string {
	arn := Ask(s.T, s.ELB.CreateTargetGroup, s.groupInput(name)).TargetGroups[0].TargetGroupArn
	Ask(s.T, s.ELB.ModifyTargetGroupAttributes, &elb.ModifyTargetGroupAttributesInput{
		TargetGroupArn: arn, Attributes: []elbtypes.TargetGroupAttribute{
			{Key: aws.String("deregistration_delay.timeout_seconds"), Value: aws.String("5")},
		},
	})
	return *arn
}

func (s *Stack) groupInput(name string) *elb.CreateTargetGroupInput {
	return &elb.CreateTargetGroupInput{
		Name: &name, Port: aws.Int32(80), Protocol: elbtypes.ProtocolEnumHttp, VpcId: &s.VPC, TargetType: elbtypes.TargetTypeEnumIp,
		HealthCheckIntervalSeconds: aws.Int32(5), HealthCheckTimeoutSeconds: aws.Int32(4), HealthyThresholdCount: aws.Int32(2),
		UnhealthyThresholdCount: aws.Int32(6),
	}
}

// Definition registers a task definition with one container, "app".
func (s *Stack) Definition(family, image string, change ...func(*types.ContainerDefinition)) string {
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
	return *Ask(s.T, s.ECS.RegisterTaskDefinition, &ecs.RegisterTaskDefinitionInput{
		Family: &family, Cpu: aws.String("256"), Memory: aws.String("512"), NetworkMode: types.NetworkModeAwsvpc,
		RequiresCompatibilities: []types.Compatibility{types.CompatibilityFargate}, ExecutionRoleArn: &s.Role,
		ContainerDefinitions: []types.ContainerDefinition{c},
	}).TaskDefinition.TaskDefinitionArn
}

// Checked gives a container a health check.
func Checked(c *types.ContainerDefinition) {
	c.HealthCheck = &types.HealthCheck{Command: []string{"CMD", "true"}, Interval: aws.Int32(5), Retries: aws.Int32(3), Timeout: aws.Int32(2)}
}

// Subnetting is the network of tasks: the public subnets and the services' group.
func (s *Stack) Subnetting() *types.NetworkConfiguration {
	return &types.NetworkConfiguration{AwsvpcConfiguration: &types.AwsVpcConfiguration{
		Subnets: s.Subnets, SecurityGroups: []string{s.ServiceGroup}, AssignPublicIp: types.AssignPublicIpEnabled,
	}}
}

// ServiceInput is a service of one task with circuit breaker and rollback.
func (s *Stack) ServiceInput(name, definition string) *ecs.CreateServiceInput {
	return &ecs.CreateServiceInput{
		Cluster: aws.String("shop"), ServiceName: &name, TaskDefinition: &definition, DesiredCount: aws.Int32(1),
		NetworkConfiguration: s.Subnetting(),
		DeploymentConfiguration: &types.DeploymentConfiguration{
			DeploymentCircuitBreaker: &types.DeploymentCircuitBreaker{Enable: true, Rollback: true},
		},
	}
}

// Create creates a service.
func (s *Stack) Create(in *ecs.CreateServiceInput) types.Service {
	s.T.Helper()
	return *Ask(s.T, s.ECS.CreateService, in).Service
}

// Web creates the service "web" behind the balancer.
func (s *Stack) Web(definition string) types.Service {
	in := s.ServiceInput("web", definition)
	in.LoadBalancers = []types.LoadBalancer{{TargetGroupArn: &s.Target, ContainerName: aws.String("app"), ContainerPort: aws.Int32(80)}}
	return s.Create(in)
}

// Describe is a service as DescribeServices shows it.
func (s *Stack) Describe(name string) types.Service {
	s.T.Helper()
	out := Ask(s.T, s.ECS.DescribeServices, &ecs.DescribeServicesInput{Cluster: aws.String("shop"), Services: []string{name}})
	if len(out.Services) != 1 {
		s.T.Fatalf("service %s: %+v", name, out.Failures)
	}
	return out.Services[0]
}

// Until waits until ok is true for the service and returns how long that took.
func (s *Stack) Until(name string, ok func(types.Service) bool) time.Duration {
	s.T.Helper()
	begin := time.Now()
	for !ok(s.Describe(name)) {
		if time.Since(begin) > time.Hour {
			s.T.Fatalf("service %s is still %+v", name, s.Describe(name))
		}
		time.Sleep(time.Second)
	}
	return time.Since(begin)
}

// Completed reports whether a service's last deployment is complete.
func Completed(v types.Service) bool {
	return len(v.Deployments) > 0 && v.Deployments[0].RolloutState == types.DeploymentRolloutStateCompleted
}

// Tasks describes the tasks of a service.
func (s *Stack) Tasks(name string, status types.DesiredStatus) []types.Task {
	s.T.Helper()
	list := Ask(s.T, s.ECS.ListTasks, &ecs.ListTasksInput{Cluster: aws.String("shop"), ServiceName: &name, DesiredStatus: status})
	if len(list.TaskArns) == 0 {
		return nil
	}
	return Ask(s.T, s.ECS.DescribeTasks, &ecs.DescribeTasksInput{Cluster: aws.String("shop"), Tasks: list.TaskArns}).Tasks
}

// Run runs a one-off task to its end.
func (s *Stack) Run(definition string) types.Task {
	s.T.Helper()
	out := Ask(s.T, s.ECS.RunTask, &ecs.RunTaskInput{
		Cluster: aws.String("shop"), TaskDefinition: &definition, LaunchType: types.LaunchTypeFargate, NetworkConfiguration: s.Subnetting(),
	})
	for range 600 {
		d := Ask(s.T, s.ECS.DescribeTasks, &ecs.DescribeTasksInput{Cluster: aws.String("shop"), Tasks: []string{*out.Tasks[0].TaskArn}})
		if *d.Tasks[0].LastStatus == "STOPPED" {
			return d.Tasks[0]
		}
		time.Sleep(time.Second)
	}
	s.T.Fatalf("task of %s does not stop", definition)
	return types.Task{}
}

// Namespace makes a private DNS namespace and waits for it.
func (s *Stack) Namespace(name string) string {
	s.T.Helper()
	op := Ask(s.T, s.CloudMap.CreatePrivateDnsNamespace, &sd.CreatePrivateDnsNamespaceInput{Name: &name, Vpc: &s.VPC})
	for {
		out := Ask(s.T, s.CloudMap.GetOperation, &sd.GetOperationInput{OperationId: op.OperationId})
		switch out.Operation.Status {
		case sdtypes.OperationStatusSuccess:
			return out.Operation.Targets["NAMESPACE"]
		case sdtypes.OperationStatusFail:
			s.T.Fatalf("namespace: %s", *out.Operation.ErrorMessage)
		default:
		}
		time.Sleep(time.Second)
	}
}
