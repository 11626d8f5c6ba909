package gate_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

func TestFailure(t *testing.T) {
	t.Parallel()
	err := gate.Failure("EC2", "DeleteVpcEndpoints", "InvalidVpcEndpointId.NotFound", "does\nnot exist")
	if !gate.IsNotFound(err) || engine.ClassOf(err) != engine.NotFound {
		t.Errorf("%v: class %d", err, engine.ClassOf(err))
	}
	if got, want := gate.Text(err), "ec2 DeleteVpcEndpoints: InvalidVpcEndpointId.NotFound: does not exist"; got != want {
		t.Errorf("text %q, want %q", got, want)
	}
}

func TestRecast(t *testing.T) {
	t.Parallel()
	failure := func(code string) error { return gate.Failure("EC2", "AttachInternetGateway", code, "x") }
	tests := []struct {
		name string
		err  error
		want engine.Class
	}{
		{"half made, not found", gate.Half(failure("InvalidVpcID.NotFound")), engine.Unknown},
		{"half made, throttled", gate.Half(failure("RequestLimitExceeded")), engine.Unknown},
		{"half made, conflict", gate.Half(failure("DependencyViolation")), engine.Unknown},
		{"half made, denied", gate.Half(failure("UnauthorizedOperation")), engine.Denied},
		{"half made, terminal", gate.Half(failure("InvalidParameterValue")), engine.Terminal},
		{"wrapped", gate.Half(fmt.Errorf("attach: %w", failure("InvalidVpcID.NotFound"))), engine.Unknown},
		{"unseen", gate.Unseen(failure("InvalidGroup.Duplicate")), engine.NotYet},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var e *gate.Error
			if got := engine.ClassOf(tt.err); got != tt.want || !errors.As(tt.err, &e) {
				t.Errorf("%v: class %d, want %d", tt.err, got, tt.want)
			}
		})
	}
	if gate.Half(nil) != nil {
		t.Error("half of nothing is an error")
	}
}
