package identity_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/berthdev/berth/internal/sandbox/identity"
	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// roles makes a world that only has IAM.
func roles(t *testing.T) (*world.World, *identity.IAM) {
	t.Helper()
	a := world.NewAccount(world.Options{})
	service := identity.NewIAM(a)
	w, err := world.New(a, []world.Service{service}, nil)
	sandboxtest.Must(t, err)
	return w, service
}

func TestRoleIsNotAssumableAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, roles := roles(t)
		r := sandboxtest.MakeRole(t, iam.NewFromConfig(w.Config()), "web")
		ask := func(arn, service string) error {
			defer w.Enter()()
			return roles.Assumable(arn, service)
		}
		const tasks = "ecs-tasks.amazonaws.com"
		time.Sleep(world.RoleAssumable.In(world.Typical) - time.Millisecond)
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
		w, roles := roles(t)
		c := iam.NewFromConfig(w.Config())
		const service = "ecs.amazonaws.com"
		create := func() error {
			_, err := c.CreateServiceLinkedRole(t.Context(), &iam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String(service)})
			return err
		}
		ready := func() bool {
			defer w.Enter()()
			return roles.LinkedRoleReady(service)
		}
		sandboxtest.Must(t, create())
		sandboxtest.WantCode(t, create(), "InvalidInput")
		if ready() {
			t.Error("ready at once")
		}
		time.Sleep(world.LinkedRoleReady.In(world.Typical))
		if !ready() {
			t.Error("not ready after its time")
		}
		if left := w.Leftovers(); len(left) != 0 {
			t.Errorf("a service-linked role belongs to the account: %v", left)
		}
	})
}
