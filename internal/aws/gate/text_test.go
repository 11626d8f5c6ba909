package gate_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/aws/smithy-go"

	"github.com/berthdev/berth/internal/aws/gate"
)

// TestTextSaysNothingTwice: in chains of errors as berth's layers make them, no
// prefix comes twice.
func TestTextSaysNothingTwice(t *testing.T) {
	t.Parallel()
	denied := gate.Failure("EC2", "DeleteVpc", "AccessDenied", "AccessDenied: not yours")
	of := func(err error) error {
		return &smithy.OperationError{ServiceID: "EC2", OperationName: "DeleteVpc", Err: err}
	}
	for name, tt := range map[string]struct {
		err  error
		want string
	}{
		"code and message": {denied, "ec2 DeleteVpc: AccessDenied: not yours"},
		"the SDK's words":  {of(denied), "ec2 DeleteVpc: AccessDenied: not yours"},
		"a layer":          {fmt.Errorf("deleting vpc-1: %w", of(denied)), "deleting vpc-1: ec2 DeleteVpc: AccessDenied: not yours"},
		"two layers": {fmt.Errorf("state: %w", fmt.Errorf("state: writing: %w", errors.New("full"))),
			"state: writing: full"},
		"three": {fmt.Errorf("x: %w", fmt.Errorf("x: %w", errors.New("x: y"))), "x: y"},
		"apart": {errors.New("a: b: a: c"), "a: b: a: c"},
	} {
		if got := gate.Text(tt.err); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}
