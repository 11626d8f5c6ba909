package compute_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	sd "github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	sdtypes "github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

func TestNames(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		ns := s.Namespace("shop.internal")
		s.Named(ns, "api")
		s.Named(ns, "db")
		s.Until("api", sandboxtest.Completed)
		s.Until("db", sandboxtest.Completed)
		ips, err := s.W.Resolve("api", "db.shop.internal")
		if err != nil || len(ips) != 1 {
			t.Fatalf("in full: %v %v", ips, err)
		}
		if _, err := s.W.Resolve("api", "db"); err == nil || !strings.Contains(err.Error(), "no such host") {
			t.Errorf("short without a search domain: %v", err)
		}
		if task := s.Run(s.Definition("job", "sandbox/resolve:db")); *task.Containers[0].ExitCode != 1 {
			t.Error("a job resolved what it cannot")
		}
		s.Search("shop.internal")
		if short, err := s.W.Resolve("api", "db"); err != nil || short[0] != ips[0] {
			t.Errorf("short: %v %v", short, err)
		}
		if task := s.Run(s.Definition("job", "sandbox/resolve:db")); *task.Containers[0].ExitCode != 0 {
			t.Error("a job did not resolve its sibling")
		}
		// The groups only allow traffic from the balancer.
		if err := s.W.Connect("api", "db", 80); err == nil {
			t.Error("a port was open to a group that no rule names")
		}
		sandboxtest.Ask(t, s.EC2.AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{
			GroupId: &s.ServiceGroup, IpPermissions: []ec2types.IpPermission{{
				IpProtocol: aws.String("tcp"), FromPort: aws.Int32(80), ToPort: aws.Int32(80),
				UserIdGroupPairs: []ec2types.UserIdGroupPair{{GroupId: &s.ServiceGroup}},
			}},
		})
		if err := s.W.Connect("api", "db", 80); err != nil {
			t.Error(err)
		}
		if task := s.Run(s.Definition("job", "sandbox/connect:db-80")); *task.Containers[0].ExitCode != 0 {
			t.Error("a job did not connect to its sibling")
		}
		off := &ec2types.AttributeBooleanValue{Value: aws.Bool(false)}
		sandboxtest.Ask(t, s.EC2.ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{VpcId: &s.VPC, EnableDnsHostnames: off})
		if _, err := s.W.Resolve("api", "db"); err == nil {
			t.Error("a private zone was resolved without DNS host names")
		}
	})
}

// TestNamesOfNames: a CNAME resolves to another name of the namespace, and to
// nothing if the records form a cycle.
func TestNamesOfNames(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		ns := s.Namespace("shop.internal")
		s.Named(ns, "api")
		s.Named(ns, "db")
		s.Until("api", sandboxtest.Completed)
		s.Until("db", sandboxtest.Completed)
		for name, host := range map[string]string{"store": "DB.shop.internal.", "old": "store.shop.internal", "tick": "tock.shop.internal", "tock": "tick.shop.internal"} {
			reg := sandboxtest.Ask(t, s.CloudMap.CreateService, &sd.CreateServiceInput{
				Name: &name, NamespaceId: &ns, DnsConfig: &sdtypes.DnsConfig{
					RoutingPolicy: sdtypes.RoutingPolicyWeighted, DnsRecords: []sdtypes.DnsRecord{{Type: sdtypes.RecordTypeCname, TTL: aws.Int64(10)}},
				},
			})
			sandboxtest.Ask(t, s.CloudMap.RegisterInstance, &sd.RegisterInstanceInput{
				ServiceId: reg.Service.Id, InstanceId: aws.String("one"), Attributes: map[string]string{"AWS_INSTANCE_CNAME": host},
			})
		}
		want, err := s.W.Resolve("api", "db.shop.internal")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"store", "old"} {
			if got, err := s.W.Resolve("api", name+".shop.internal"); err != nil || !slices.Equal(got, want) {
				t.Errorf("%s: %v %v, want %v", name, got, err, want)
			}
		}
		if got, err := s.W.Resolve("api", "tick.shop.internal"); err == nil {
			t.Errorf("names that lead to each other resolve: %v", got)
		}
	})
}

func TestStoppedTasksLoseTheirNames(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		ns := s.Namespace("shop.internal")
		s.Named(ns, "db")
		s.Until("db", sandboxtest.Completed)
		list := sandboxtest.Ask(t, s.CloudMap.ListServices, &sd.ListServicesInput{})
		_, err := s.CloudMap.DeleteService(t.Context(), &sd.DeleteServiceInput{Id: list.Services[0].Id})
		sandboxtest.WantCode(t, err, "ResourceInUse")
		sandboxtest.Ask(t, s.ECS.DeleteService, &ecs.DeleteServiceInput{Cluster: aws.String("shop"), Service: aws.String("db"), Force: aws.Bool(true)})
		s.Until("db", func(v types.Service) bool { return *v.Status == "INACTIVE" })
		_, err = s.CloudMap.DeleteNamespace(t.Context(), &sd.DeleteNamespaceInput{Id: &ns})
		sandboxtest.WantCode(t, err, "ResourceInUse")
		sandboxtest.Ask(t, s.CloudMap.DeleteService, &sd.DeleteServiceInput{Id: list.Services[0].Id})
		sandboxtest.Ask(t, s.CloudMap.DeleteNamespace, &sd.DeleteNamespaceInput{Id: &ns})
	})
}

func TestServiceConnectAliases(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		s.Namespace("shop.internal")
		connect := func(name string, alias ...string) {
			in := s.ServiceInput(name, s.Definition(name, name, sandboxtest.Checked))
			in.ServiceConnectConfiguration = &types.ServiceConnectConfiguration{Enabled: true, Namespace: aws.String("shop.internal")}
			for _, a := range alias {
				in.ServiceConnectConfiguration.Services = append(in.ServiceConnectConfiguration.Services, types.ServiceConnectService{
					PortName: aws.String("http"), DiscoveryName: aws.String(a),
					ClientAliases: []types.ServiceConnectClientAlias{{Port: aws.Int32(80), DnsName: aws.String(a)}},
				})
			}
			s.Create(in)
			s.Until(name, sandboxtest.Completed)
		}
		connect("early")
		connect("db", "db")
		connect("late")
		if _, err := s.W.Resolve("late", "db"); err != nil {
			t.Error(err)
		}
		if _, err := s.W.Resolve("early", "db"); err == nil {
			t.Error("a running task learned of a later endpoint")
		}
	})
}

func TestConnectNeedsItsNamespace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		in := s.ServiceInput("app", s.Definition("app", "app"))
		in.ServiceConnectConfiguration = &types.ServiceConnectConfiguration{Enabled: true, Namespace: aws.String("none")}
		_, err := s.ECS.CreateService(t.Context(), in)
		sandboxtest.WantCode(t, err, "NamespaceNotFoundException")
	})
}
