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
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/berthdev/berth/internal/aws"
)

// shop has a public service and one that only siblings reach.
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
// with policies, names, secrets.
func everything(version string) string {
	return fmt.Sprintf(`
name: all
x-berth: {preset: balanced, dns: {auto_create: true}}
services:
  site:
    image: nginx:%[1]s
    expose: ["80"]
    x-berth: {host: www.example.com}
  web:
    image: nginx:%[1]s
    ports: ["8080:80"]
    depends_on: {migrate: {condition: service_completed_successfully}}
    environment: [TOKEN, "URL=redis://:${TOKEN}@redis"]
    secrets: [TOKEN]
    x-berth:
      policies: [AmazonS3ReadOnlyAccess]
      secrets: {STORED: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:stored"}
  redis:
    image: redis:7.4
    expose: ["6379"]
  migrate:
    image: busybox:1.37
    restart: "no"
    volumes: ["data:/data"]
volumes: {data: {}}
secrets: {TOKEN: {external: true}}
`, version)
}

// secrets sets what everything needs.
func (s *server) secrets(t *testing.T, dir string) {
	t.Helper()
	s.berth(t, dir, "secret", "set", "TOKEN", "--random").mustExit(t, 0)
	in := &secretsmanager.CreateSecretInput{Name: p("stored"), SecretString: p("marker-stored")}
	if _, err := s.clients().Secrets.CreateSecret(t.Context(), in); err != nil {
		t.Fatal(err)
	}
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

// built is the binary, built once for all tests of the package, unless
// BERTH_BINARY names one.
var built = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("BERTH_BINARY"); path != "" {
		return path, nil
	}
	dir, err := os.MkdirTemp("", "berth")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "berth")
	cmd := exec.Command("go", "build", "-o", path, "../../cmd/berth")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0") // like the shipped binary
	out, err := cmd.CombinedOutput()
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

// side is the number of tests that run in parallel: they mostly wait for locks
// and for moto.
const side = "16"

func TestMain(m *testing.M) {
	if isDocker() {
		if err := docker(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	flag.Parse()
	if err := flag.Set("test.parallel", side); err != nil {
		panic(err)
	}
	code := m.Run()
	if os.Getenv("BERTH_MOTO") != "" && os.Getenv("BERTH_BINARY") == "" {
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

// clients returns clients whose calls to moto are not counted.
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

// revisions returns the active revisions of task definitions.
func (s *server) revisions(t *testing.T) []string {
	t.Helper()
	out, err := s.clients().ECS.ListTaskDefinitions(t.Context(), &ecs.ListTaskDefinitionsInput{Status: ecstypes.TaskDefinitionStatusActive})
	if err != nil {
		t.Fatal(err)
	}
	return out.TaskDefinitionArns
}

// lister collects the names of existing objects.
type lister struct {
	t     *testing.T
	c     *aws.Clients
	lines []string
}

func (l *lister) add(kind string, names ...string) {
	for _, n := range names {
		l.lines = append(l.lines, kind+" "+n)
	}
}

func (l *lister) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// world returns everything that berth makes and a teardown must remove, by
// names and counts, which do not depend on ids.
func (s *server) world(t *testing.T) string {
	t.Helper()
	l := &lister{t: t, c: s.clients()}
	l.network()
	l.gateways()
	l.balancers()
	l.clusters()
	for _, arn := range s.revisions(t) {
		l.add("task definition", arn[strings.LastIndexByte(arn, '/')+1:])
	}
	roles, err := l.c.IAM.ListRoles(t.Context(), &iam.ListRolesInput{PathPrefix: sdk.String("/berth/")})
	l.must(err)
	for _, r := range roles.Roles {
		l.add("role", sdk.ToString(r.RoleName))
	}
	spaces, err := l.c.SD.ListNamespaces(t.Context(), &servicediscovery.ListNamespacesInput{})
	l.must(err)
	for _, n := range spaces.Namespaces {
		l.add("namespace", sdk.ToString(n.Name))
	}
	names, err := l.c.SD.ListServices(t.Context(), &servicediscovery.ListServicesInput{})
	l.must(err)
	for _, n := range names.Services {
		l.add("registry", sdk.ToString(n.Name))
	}
	slices.Sort(l.lines)
	return strings.Join(l.lines, "\n")
}

func (l *lister) network() {
	ctx, c := l.t.Context(), l.c.EC2
	vpcs, err := c.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{})
	l.must(err)
	for _, v := range vpcs.Vpcs {
		l.add("vpc", sdk.ToString(v.CidrBlock))
	}
	subnets, err := c.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{})
	l.must(err)
	for _, n := range subnets.Subnets {
		l.add("subnet", sdk.ToString(n.CidrBlock))
	}
	groups, err := c.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{})
	l.must(err)
	for _, g := range groups.SecurityGroups {
		l.add("security group", fmt.Sprint(sdk.ToString(g.GroupName), " ", len(g.IpPermissions)))
	}
	tables, err := c.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{})
	l.must(err)
	for _, r := range tables.RouteTables {
		l.add("route table", fmt.Sprint(len(r.Routes), " routes, ", len(r.Associations), " associations"))
	}
	options, err := c.DescribeDhcpOptions(ctx, &ec2.DescribeDhcpOptionsInput{})
	l.must(err)
	for _, o := range options.DhcpOptions {
		// moto takes no tags in the create call, as AWS does, so a berth that was
		// killed right after it leaves a set there that nobody can find.
		if len(o.Tags) > 0 {
			l.add("DHCP options", fmt.Sprint(len(o.DhcpConfigurations)))
		}
	}
}

func (l *lister) gateways() {
	ctx, c := l.t.Context(), l.c.EC2
	gateways, err := c.DescribeInternetGateways(ctx, &ec2.DescribeInternetGatewaysInput{})
	l.must(err)
	addresses, err := c.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{})
	l.must(err)
	l.add("count", fmt.Sprint(len(gateways.InternetGateways), " gateways, ", len(addresses.Addresses), " addresses"))
	endpoints, err := c.DescribeVpcEndpoints(ctx, &ec2.DescribeVpcEndpointsInput{})
	l.must(err)
	for _, e := range endpoints.VpcEndpoints {
		if !strings.EqualFold(string(e.State), "deleted") {
			l.add("endpoint", sdk.ToString(e.ServiceName))
		}
	}
	nats, err := c.DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{})
	l.must(err)
	for _, n := range nats.NatGateways {
		if n.State != "deleted" {
			l.add("NAT gateway", string(n.State))
		}
	}
}

func (l *lister) balancers() {
	ctx, c := l.t.Context(), l.c.ELB
	balancers, err := c.DescribeLoadBalancers(ctx, &elasticloadbalancingv2.DescribeLoadBalancersInput{})
	l.must(err)
	for _, b := range balancers.LoadBalancers {
		l.add("load balancer", sdk.ToString(b.LoadBalancerName))
		listeners, err := c.DescribeListeners(ctx, &elasticloadbalancingv2.DescribeListenersInput{LoadBalancerArn: b.LoadBalancerArn})
		l.must(err)
		for _, n := range listeners.Listeners {
			rules, err := c.DescribeRules(ctx, &elasticloadbalancingv2.DescribeRulesInput{ListenerArn: n.ListenerArn})
			l.must(err)
			l.add("listener", fmt.Sprint(sdk.ToInt32(n.Port), ", ", len(rules.Rules), " rules"))
		}
	}
	targets, err := c.DescribeTargetGroups(ctx, &elasticloadbalancingv2.DescribeTargetGroupsInput{})
	l.must(err)
	for _, g := range targets.TargetGroups {
		l.add("target group", sdk.ToString(g.TargetGroupName))
	}
}

func (l *lister) clusters() {
	ctx, c := l.t.Context(), l.c.ECS
	clusters, err := c.ListClusters(ctx, &ecs.ListClustersInput{})
	l.must(err)
	for _, arn := range clusters.ClusterArns {
		described, err := c.DescribeClusters(ctx, &ecs.DescribeClustersInput{Clusters: []string{arn}})
		l.must(err)
		if len(described.Clusters) == 0 || sdk.ToString(described.Clusters[0].Status) != "ACTIVE" {
			continue // moto lists deleted clusters, with the services they had
		}
		services, err := c.ListServices(ctx, &ecs.ListServicesInput{Cluster: sdk.String(arn)})
		l.must(err)
		l.add("cluster", arn[strings.LastIndexByte(arn, '/')+1:])
		for _, service := range services.ServiceArns {
			l.add("service", service[strings.LastIndexByte(service, '/')+1:])
		}
	}
}
