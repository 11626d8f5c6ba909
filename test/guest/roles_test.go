package guest

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/test/bed"
)

// noIAM is the policy of a caller who may do everything except manage roles.
const noIAM = `{"Statement":[
	{"Effect":"Allow","Action":"*","Resource":"*"},
	{"Effect":"Deny","Action":["iam:Get*","iam:List*","iam:Create*","iam:Delete*","iam:Put*","iam:Attach*","iam:Detach*",
		"iam:Update*","iam:Tag*","iam:Untag*","iam:Simulate*"],"Resource":"*"}]}`

const withRole = `name: shop
x-berth:
  execution_role_arn: %s
services:
  web:
    image: nginx:1.%d
    ports: ["8080:80"]
    healthcheck: {test: ["CMD", "true"], interval: 5s}
`

// TestAnExecutionRoleNeedsNoIAM: with an execution role, up, a change and down
// work for a caller whose only IAM permission is to pass that role.
func TestAnExecutionRoleNeedsNoIAM(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:iam::123456789012:role/tasks"
	first, changed := bed.App(t, fmt.Sprintf(withRole, arn, 28)), bed.App(t, fmt.Sprintf(withRole, arn, 29))
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, options())
		h := newHost(t, b)
		h.linkedRoles()
		if got := h.role("tasks"); got != arn {
			t.Fatalf("the role is %s", got)
		}
		time.Sleep(bed.Quiet)
		before := others(b)
		if err := b.World.SetPolicy([]byte(noIAM)); err != nil {
			t.Fatal(err)
		}
		for _, a := range []string{"up", "again", "change", "nothing"} {
			app := first
			if a == "change" || a == "nothing" {
				app = changed
			}
			f, err := b.Up(t.Context(), app)
			if err != nil {
				t.Fatalf("%s: %v", a, err)
			}
			if quiet := a == "again" || a == "nothing"; quiet && f.Changing > 0 {
				t.Errorf("%s made %d changing calls", a, f.Changing)
			}
			for _, c := range f.Record {
				if c.Service == "IAM" && c.Mutating && c.Operation != "CreateServiceLinkedRole" {
					t.Errorf("%s called IAM %s", a, c.Operation)
				}
			}
			time.Sleep(bed.Quiet)
		}
		if _, err := b.Run(t.Context(), changed, deploy.Request{Down: true, DeleteData: true}); err != nil {
			t.Fatalf("down: %v", err)
		}
		time.Sleep(bed.Quiet)
		if diff := cmp.Diff(before, others(b)); diff != "" {
			t.Errorf("down leaves or takes away (-before +after):\n%s", diff)
		}
	})
}

// TestWithoutLinkedRolesTheErrorNamesThem: without the service-linked roles and
// the permission to make them, berth says what is missing.
func TestWithoutLinkedRolesTheErrorNamesThem(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:iam::123456789012:role/tasks"
	a := bed.App(t, fmt.Sprintf(withRole, arn, 28))
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, options())
		newHost(t, b).role("tasks")
		if err := b.World.SetPolicy([]byte(noIAM)); err != nil {
			t.Fatal(err)
		}
		_, err := b.Up(t.Context(), a)
		if err == nil || !strings.Contains(err.Error(), "iam:CreateServiceLinkedRole") {
			t.Errorf("up ended with %v", err)
		}
	})
}
