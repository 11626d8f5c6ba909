package call_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/berthdev/berth/internal/aws/call"
	"github.com/berthdev/berth/internal/engine"
)

func TestFailure(t *testing.T) {
	t.Parallel()
	err := call.Failure("EC2", "DeleteVpcEndpoints", "InvalidVpcEndpointId.NotFound", "does\nnot exist")
	if !call.IsNotFound(err) || engine.ClassOf(err) != engine.NotFound {
		t.Errorf("%v: class %d", err, engine.ClassOf(err))
	}
	if got, want := call.Text(err), "ec2 DeleteVpcEndpoints: InvalidVpcEndpointId.NotFound: does not exist"; got != want {
		t.Errorf("text %q, want %q", got, want)
	}
}

func TestRecast(t *testing.T) {
	t.Parallel()
	failure := func(code string) error { return call.Failure("EC2", "AttachInternetGateway", code, "x") }
	tests := []struct {
		name string
		err  error
		want engine.Class
	}{
		{"half made, not found", call.Half(failure("InvalidVpcID.NotFound")), engine.Doubt},
		{"half made, throttled", call.Half(failure("RequestLimitExceeded")), engine.Doubt},
		{"half made, conflict", call.Half(failure("DependencyViolation")), engine.Doubt},
		{"half made, denied", call.Half(failure("UnauthorizedOperation")), engine.Denied},
		{"half made, terminal", call.Half(failure("InvalidParameterValue")), engine.Terminal},
		{"wrapped", call.Half(fmt.Errorf("attach: %w", failure("InvalidVpcID.NotFound"))), engine.Doubt},
		{"unseen", call.Unseen(failure("InvalidGroup.Duplicate")), engine.NotYet},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var e *call.Error
			if got := engine.ClassOf(tt.err); got != tt.want || !errors.As(tt.err, &e) {
				t.Errorf("%v: class %d, want %d", tt.err, got, tt.want)
			}
		})
	}
	if call.Half(nil) != nil {
		t.Error("half of nothing is an error")
	}
}
