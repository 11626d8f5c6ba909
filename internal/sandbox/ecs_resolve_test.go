package sandbox

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
)

func TestNames(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{})
		ns := s.namespace("shop.internal")
		s.named(ns, "api")
		s.named(ns, "db")
		s.until("api", completed)
		s.until("db", completed)
		ips, err := s.w.Resolve("api", "db.shop.internal")
		if err != nil || len(ips) != 1 {
			t.Fatalf("in full: %v %v", ips, err)
		}
		if _, err := s.w.Resolve("api", "db"); err == nil || !strings.Contains(err.Error(), "no such host") {
			t.Errorf("short without a search domain: %v", err)
		}
		if task := s.run(s.definition("job", "sandbox/resolve:db")); *task.Containers[0].ExitCode != 1 {
			t.Error("a job resolved what it cannot")
		}
		s.search("shop.internal")
		if short, err := s.w.Resolve("api", "db"); err != nil || short[0] != ips[0] {
			t.Errorf("short: %v %v", short, err)
		}
		if task := s.run(s.definition("job", "sandbox/resolve:db")); *task.Containers[0].ExitCode != 0 {
			t.Error("a job did not resolve its sibling")
		}
		// The groups let the balancer in, nobody else.
		if err := s.w.Connect("api", "db", 80); err == nil {
			t.Error("a port was open to a group that no rule names")
		}
		ask(t, s.ec2.AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{
			GroupId: &s.serviceGroup, IpPermissions: []ec2types.IpPermission{{
				IpProtocol: aws.String("tcp"), FromPort: aws.Int32(80), ToPort: aws.Int32(80),
				UserIdGroupPairs: []ec2types.UserIdGroupPair{{GroupId: &s.serviceGroup}},
			}},
		})
		if err := s.w.Connect("api", "db", 80); err != nil {
			t.Error(err)
		}
		if task := s.run(s.definition("job", "sandbox/connect:db-80")); *task.Containers[0].ExitCode != 0 {
			t.Error("a job did not connect to its sibling")
		}
		off := &ec2types.AttributeBooleanValue{Value: aws.Bool(false)}
		ask(t, s.ec2.ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{VpcId: &s.vpc, EnableDnsHostnames: off})
		if _, err := s.w.Resolve("api", "db"); err == nil {
			t.Error("a private zone was resolved without DNS host names")
		}
	})
}

// A CNAME leads to another name of the namespace, and to nothing when it leads
// in a circle.
func TestNamesOfNames(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{})
		ns := s.namespace("shop.internal")
		s.named(ns, "api")
		s.named(ns, "db")
		s.until("api", completed)
		s.until("db", completed)
		for name, host := range map[string]string{"store": "DB.shop.internal.", "old": "store.shop.internal", "tick": "tock.shop.internal", "tock": "tick.shop.internal"} {
			reg := ask(t, s.sd.CreateService, &sd.CreateServiceInput{
				Name: &name, NamespaceId: &ns, DnsConfig: &sdtypes.DnsConfig{
					RoutingPolicy: sdtypes.RoutingPolicyWeighted, DnsRecords: []sdtypes.DnsRecord{{Type: sdtypes.RecordTypeCname, TTL: aws.Int64(10)}},
				},
			})
			ask(t, s.sd.RegisterInstance, &sd.RegisterInstanceInput{
				ServiceId: reg.Service.Id, InstanceId: aws.String("one"), Attributes: map[string]string{"AWS_INSTANCE_CNAME": host},
			})
		}
		want, err := s.w.Resolve("api", "db.shop.internal")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"store", "old"} {
			if got, err := s.w.Resolve("api", name+".shop.internal"); err != nil || !slices.Equal(got, want) {
				t.Errorf("%s: %v %v, want %v", name, got, err, want)
			}
		}
		if got, err := s.w.Resolve("api", "tick.shop.internal"); err == nil {
			t.Errorf("names that lead to each other resolve: %v", got)
		}
	})
}

func TestStoppedTasksLoseTheirNames(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{})
		ns := s.namespace("shop.internal")
		s.named(ns, "db")
		s.until("db", completed)
		list := ask(t, s.sd.ListServices, &sd.ListServicesInput{})
		_, err := s.sd.DeleteService(t.Context(), &sd.DeleteServiceInput{Id: list.Services[0].Id})
		wantCode(t, err, "ResourceInUse")
		ask(t, s.ecs.DeleteService, &ecs.DeleteServiceInput{Cluster: aws.String("shop"), Service: aws.String("db"), Force: aws.Bool(true)})
		s.until("db", func(v types.Service) bool { return *v.Status == "INACTIVE" })
		_, err = s.sd.DeleteNamespace(t.Context(), &sd.DeleteNamespaceInput{Id: &ns})
		wantCode(t, err, "ResourceInUse")
		ask(t, s.sd.DeleteService, &sd.DeleteServiceInput{Id: list.Services[0].Id})
		ask(t, s.sd.DeleteNamespace, &sd.DeleteNamespaceInput{Id: &ns})
	})
}

func TestServiceConnectAliases(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{})
		s.namespace("shop.internal")
		connect := func(name string, alias ...string) {
			in := s.serviceInput(name, s.definition(name, name, checked))
			in.ServiceConnectConfiguration = &types.ServiceConnectConfiguration{Enabled: true, Namespace: aws.String("shop.internal")}
			for _, a := range alias {
				in.ServiceConnectConfiguration.Services = append(in.ServiceConnectConfiguration.Services, types.ServiceConnectService{
					PortName: aws.String("http"), DiscoveryName: aws.String(a),
					ClientAliases: []types.ServiceConnectClientAlias{{Port: aws.Int32(80), DnsName: aws.String(a)}},
				})
			}
			s.create(in)
			s.until(name, completed)
		}
		connect("early")
		connect("db", "db")
		connect("late")
		if _, err := s.w.Resolve("late", "db"); err != nil {
			t.Error(err)
		}
		if _, err := s.w.Resolve("early", "db"); err == nil {
			t.Error("a running task learned of a later endpoint")
		}
	})
}

func TestConnectNeedsItsNamespace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{})
		in := s.serviceInput("app", s.definition("app", "app"))
		in.ServiceConnectConfiguration = &types.ServiceConnectConfiguration{Enabled: true, Namespace: aws.String("none")}
		_, err := s.ecs.CreateService(t.Context(), in)
		wantCode(t, err, "NamespaceNotFoundException")
	})
}
