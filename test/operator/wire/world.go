package wire

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/sandbox"
)

// ahead is the wall clock, some time later.
type ahead struct {
	clock.Wall
	by time.Duration
}

// Now implements clock.Clock.
func (a *ahead) Now() time.Time { return time.Now().Add(a.by) }

// NewWorld is a sandbox on the wall clock, in an account that has used ECS
// before: its service-linked role exists. The options' clock is not used.
func NewWorld(t testing.TB, opt sandbox.Options) *sandbox.World {
	t.Helper()
	a := &ahead{}
	opt.Clock = a
	w, err := sandbox.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := iam.NewFromConfig(w.Config()).CreateServiceLinkedRole(t.Context(), &iam.CreateServiceLinkedRoleInput{
		AWSServiceName: aws.String("ecs.amazonaws.com"),
	}); err != nil {
		t.Fatal(err)
	}
	a.by = sandbox.LinkedRoleReady.In(opt.Profile) + time.Second
	return w
}
