package moto

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/berthdev/berth/internal/aws"
)

// shop has a public service, a worker and a job.
func shop(preset, version string) string {
	return fmt.Sprintf(`
name: shop
x-berth: {preset: %s}
services:
  web:
    image: nginx:%s
    ports: ["8080:80"]
  redis:
    image: redis:7.4
    expose: ["6379"]
    healthcheck: {test: ["CMD", "redis-cli", "ping"], interval: 5s}
`, preset, version)
}

// everything uses all resource types: private subnets with NAT, a job, roles
// with policies, names, volumes of configuration.
func everything(version string) string {
	return fmt.Sprintf(`
name: all
x-berth: {preset: balanced}
services:
  web:
    image: nginx:%s
    ports: ["8080:80"]
    depends_on: {migrate: {condition: service_completed_successfully}}
    x-berth: {policies: [AmazonS3ReadOnlyAccess]}
  redis:
    image: redis:7.4
    expose: ["6379"]
  migrate:
    image: busybox:1.37
    restart: "no"
`, version)
}

func oneService(name, version string) string {
	return fmt.Sprintf(`
name: %s
services:
  web:
    image: nginx:%s
    ports: ["8080:80"]
`, name, version)
}

// built is the binary, built once for all tests of the package.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "berth")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "berth")
	out, err := exec.Command("go", "build", "-o", path, "../../cmd/berth").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building berth: %w\n%s", err, out)
	}
	return path, nil
})

func binary(t *testing.T) string {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// side is how many tests run side by side: they wait for locks and for moto
// more than they work.
const side = "16"

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", side); err != nil {
		panic(err)
	}
	code := m.Run()
	if os.Getenv("BERTH_MOTO") != "" {
		if path, err := built(); err == nil {
			_ = os.RemoveAll(filepath.Dir(path))
		}
	}
	os.Exit(code)
}

// peakMiB is the largest resident set of a process that has ended.
func peakMiB(p *os.ProcessState) float64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return float64(usage.Maxrss) / 1024
}

// clients talk to moto past the count.
func (s *server) clients() *aws.Clients {
	return aws.NewClients(sdk.Config{
		Region: "eu-central-1", BaseEndpoint: sdk.String(s.url),
		Credentials: credentials.NewStaticCredentialsProvider("x", "x", ""),
		APIOptions: []func(*middleware.Stack) error{func(st *middleware.Stack) error {
			return st.Build.Add(middleware.BuildMiddlewareFunc("mark", func(ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler) (
				middleware.BuildOutput, middleware.Metadata, error,
			) {
				if r, ok := in.Request.(*smithyhttp.Request); ok {
					r.Header.Set("X-Test", "1")
				}
				return next.HandleBuild(ctx, in)
			}), middleware.After)
		}},
	})
}

// revisions are the active task-definition revisions.
func (s *server) revisions(t *testing.T) []string {
	t.Helper()
	out, err := s.clients().ECS.ListTaskDefinitions(t.Context(), &ecs.ListTaskDefinitionsInput{Status: ecstypes.TaskDefinitionStatusActive})
	if err != nil {
		t.Fatal(err)
	}
	return out.TaskDefinitionArns
}

// world is everything that berth makes and a teardown must remove, by names and
// counts, which do not depend on ids.
func (s *server) world(t *testing.T) string {
	t.Helper()
	ctx, c := t.Context(), s.clients()
	var lines []string
	add := func(kind string, names ...string) {
		for _, n := range names {
			lines = append(lines, kind+" "+n)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	vpcs, err := c.EC2.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{})
	must(err)
	for _, v := range vpcs.Vpcs {
		add("vpc", sdk.ToString(v.CidrBlock))
	}
	subnets, err := c.EC2.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{})
	must(err)
	for _, n := range subnets.Subnets {
		add("subnet", sdk.ToString(n.CidrBlock))
	}
	groups, err := c.EC2.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{})
	must(err)
	for _, g := range groups.SecurityGroups {
		add("security group", fmt.Sprint(sdk.ToString(g.GroupName), " ", len(g.IpPermissions)))
	}
	tables, err := c.EC2.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{})
	must(err)
	for _, r := range tables.RouteTables {
		add("route table", fmt.Sprint(len(r.Routes), " routes, ", len(r.Associations), " associations"))
	}
	gateways, err := c.EC2.DescribeInternetGateways(ctx, &ec2.DescribeInternetGatewaysInput{})
	must(err)
	addresses, err := c.EC2.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{})
	must(err)
	endpoints, err := c.EC2.DescribeVpcEndpoints(ctx, &ec2.DescribeVpcEndpointsInput{})
	must(err)
	nats, err := c.EC2.DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{})
	must(err)
	open := 0
	for _, e := range endpoints.VpcEndpoints {
		if !strings.EqualFold(string(e.State), "deleted") {
			open++
		}
	}
	live := 0
	for _, n := range nats.NatGateways {
		if n.State != "deleted" {
			live++
		}
	}
	add("count", fmt.Sprint(len(gateways.InternetGateways), " gateways, ", len(addresses.Addresses), " addresses, ",
		open, " endpoints, ", live, " NAT gateways"))
	balancers, err := c.ELB.DescribeLoadBalancers(ctx, &elasticloadbalancingv2.DescribeLoadBalancersInput{})
	must(err)
	for _, b := range balancers.LoadBalancers {
		add("load balancer", sdk.ToString(b.LoadBalancerName))
	}
	targets, err := c.ELB.DescribeTargetGroups(ctx, &elasticloadbalancingv2.DescribeTargetGroupsInput{})
	must(err)
	for _, g := range targets.TargetGroups {
		add("target group", sdk.ToString(g.TargetGroupName))
	}
	s.ecsWorld(t, c, add)
	roles, err := c.IAM.ListRoles(ctx, &iam.ListRolesInput{PathPrefix: sdk.String("/berth/")})
	must(err)
	for _, r := range roles.Roles {
		add("role", sdk.ToString(r.RoleName))
	}
	spaces, err := c.SD.ListNamespaces(ctx, &servicediscovery.ListNamespacesInput{})
	must(err)
	for _, n := range spaces.Namespaces {
		add("namespace", sdk.ToString(n.Name))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func (s *server) ecsWorld(t *testing.T, c *aws.Clients, add func(string, ...string)) {
	t.Helper()
	for _, arn := range s.revisions(t) {
		add("task definition", arn[strings.LastIndexByte(arn, '/')+1:])
	}
	clusters, err := c.ECS.ListClusters(t.Context(), &ecs.ListClustersInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, arn := range clusters.ClusterArns {
		described, err := c.ECS.DescribeClusters(t.Context(), &ecs.DescribeClustersInput{Clusters: []string{arn}})
		if err != nil {
			t.Fatal(err)
		}
		if len(described.Clusters) == 0 || sdk.ToString(described.Clusters[0].Status) != "ACTIVE" {
			continue // moto lists deleted clusters, with the services they had
		}
		services, err := c.ECS.ListServices(t.Context(), &ecs.ListServicesInput{Cluster: sdk.String(arn)})
		if err != nil {
			t.Fatal(err)
		}
		add("cluster", arn[strings.LastIndexByte(arn, '/')+1:])
		for _, service := range services.ServiceArns {
			add("service", service[strings.LastIndexByte(service, '/')+1:])
		}
	}
}
