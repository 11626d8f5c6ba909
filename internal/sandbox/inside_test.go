package sandbox

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestInterfacesLinger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTestWorld(t, Options{})
		n := makeNetwork(t, w)
		g, err := n.c.CreateSecurityGroup(t.Context(), &ec2.CreateSecurityGroupInput{
			VpcId: &n.vpc, GroupName: aws.String("web"), Description: aws.String("web"),
		})
		must(t, err)
		leave := w.Enter()
		eni := w.ec2.Interfaces.Attach("ecs", n.public, []string{*g.GroupId}, true, "a task")
		w.ec2.Interfaces.Release(eni, w.Clock().Now().Add(30*time.Second))
		leave()
		deletion := func() string {
			_, err := n.c.DeleteSecurityGroup(t.Context(), &ec2.DeleteSecurityGroupInput{GroupId: g.GroupId})
			return code(t, err)
		}
		detachment := func() string {
			_, err := n.c.DetachInternetGateway(t.Context(), &ec2.DetachInternetGatewayInput{InternetGatewayId: &n.igw, VpcId: &n.vpc})
			return code(t, err)
		}
		if c := deletion(); c != "DependencyViolation" {
			t.Errorf("deletion of a group in use: %q", c)
		}
		out, err := n.c.DescribeNetworkInterfaces(t.Context(), &ec2.DescribeNetworkInterfacesInput{
			Filters: []types.Filter{{Name: aws.String("group-id"), Values: []string{*g.GroupId}}},
		})
		must(t, err)
		if len(out.NetworkInterfaces) != 1 || *out.NetworkInterfaces[0].NetworkInterfaceId != eni {
			t.Errorf("interfaces of the group: %v", out.NetworkInterfaces)
		}
		time.Sleep(30 * time.Second)
		if c := deletion(); c != "" {
			t.Errorf("deletion of a free group: %q", c)
		}
		if c := detachment(); c != "DependencyViolation" {
			t.Errorf("detaching while AWS still knows of a public address: %q", c)
		}
		time.Sleep(PublicAddressUnmapped.In(Typical))
		if c := detachment(); c != "" {
			t.Errorf("detaching: %q", c)
		}
	})
}

func TestRoleIsNotAssumableAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTestWorld(t, Options{})
		r := makeRole(t, iam.NewFromConfig(w.Config()), "web")
		ask := func(arn, service string) error {
			defer w.Enter()()
			return w.iam.Assumable(arn, service)
		}
		const tasks = "ecs-tasks.amazonaws.com"
		time.Sleep(RoleAssumable.In(Typical) - time.Millisecond)
		if ask(*r.Arn, tasks) == nil {
			t.Error("assumable before its time")
		}
		time.Sleep(time.Millisecond)
		if err := ask(*r.Arn, tasks); err != nil {
			t.Error(err)
		}
		if ask(*r.Arn, "ecs.amazonaws.com") == nil {
			t.Error("assumable by a service that it does not trust")
		}
		if ask("arn:aws:iam::123456789012:role/web", tasks) == nil {
			t.Error("assumable under another path")
		}
	})
}

func TestServiceLinkedRoles(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTestWorld(t, Options{})
		c := iam.NewFromConfig(w.Config())
		const service = "ecs.amazonaws.com"
		create := func() error {
			_, err := c.CreateServiceLinkedRole(t.Context(), &iam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String(service)})
			return err
		}
		ready := func() bool {
			defer w.Enter()()
			return w.iam.LinkedRoleReady(service)
		}
		must(t, create())
		wantCode(t, create(), "InvalidInput")
		if ready() {
			t.Error("ready at once")
		}
		time.Sleep(LinkedRoleReady.In(Typical))
		if !ready() {
			t.Error("not ready after its time")
		}
		if left := w.Leftovers(); len(left) != 0 {
			t.Errorf("a service-linked role belongs to the account: %v", left)
		}
	})
}
