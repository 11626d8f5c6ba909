package gate_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

func TestClasses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		status  int
		code    string
		message string
		class   engine.Class
	}{
		{"quota", 400, "VpcLimitExceeded", "too many", engine.Terminal},
		{"malformed", 400, "InvalidParameterValue", "bad", engine.Terminal},
		{"absent", 400, "InvalidVpcID.NotFound", "no such", engine.NotFound},
		{"not attached", 400, "Gateway.NotAttached", "not attached", engine.NotFound},
		{"dependency", 400, "DependencyViolation", "has dependencies", engine.Conflict},
		{"address in use", 400, "InvalidIPAddress.InUse", "in use", engine.Conflict},
		{"denied", 403, "UnauthorizedOperation", "no", engine.Denied},
		{"old credentials", 400, "RequestExpired", "old", engine.Expired},
		{"wrong key", 401, "AuthFailure", "cannot validate", engine.Expired},
		{"revision race", 400, "ClientException", "Too many concurrent attempts to create a new revision of the specified family.", engine.Throttled},
		{"a name that ECS does not see yet", 400, "InvalidParameterException", "Service registry arn:aws:servicediscovery:eu-central-1:123456789012:service/srv-1 could not be found.", engine.NotYet},
		{"a target group without a balancer yet", 400, "InvalidParameterException", "The target group with targetGroupArn arn:x does not have an associated load balancer.", engine.NotYet},
		{"role not assumable", 400, "InvalidParameterException", "Unable to assume the service linked role. Please verify that the ECS service linked role exists.", engine.NotYet},
		{"role not valid", 400, "ClientException", "Role is not valid", engine.NotYet},
		{"sts", 400, "ValidationError", "ecs-tasks is not authorized to perform: sts:AssumeRole on resource: x", engine.NotYet},
		{"draining", 400, "InvalidParameterException", "Unable to Start a service that is still Draining.", engine.Conflict},
		{"not implemented", 501, "Nothing", "not implemented", engine.Terminal},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var err error
			synctest.Test(t, func(t *testing.T) {
				c, _, _ := client(gate.Options{}, failed(tt.status, tt.code, tt.message))
				err = createVPC(t.Context(), c)
			})
			if got := engine.ClassOf(err); got != tt.class {
				t.Errorf("%v: class %d, want %d", err, got, tt.class)
			}
			if got, want := gate.Text(err), "ec2 CreateVpc: "+tt.code+": "+tt.message; got != want {
				t.Errorf("text %q, want %q", got, want)
			}
			if got := gate.Code(fmt.Errorf("make the network: %w", err)); got != tt.code {
				t.Errorf("code %q, want %q", got, tt.code)
			}
		})
	}
}

func TestQuota(t *testing.T) {
	t.Parallel()
	c, _, _ := client(gate.Options{}, failed(400, "VpcLimitExceeded", "The maximum number of VPCs has been reached."))
	err := createVPC(t.Context(), c)
	var q *gate.QuotaError
	if !errors.As(err, &q) || q.QuotaCode != "L-F678F1CE" || q.ServiceCode != "vpc" {
		t.Errorf("got %v with quota %+v", err, q)
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	const user = "User: arn:aws:iam::123456789012:user/x is not authorized to perform: "
	tests := []struct {
		name, code, message, action, resource string
		denied                                bool
	}{
		{"named", "UnauthorizedOperation", "You are not authorized to perform this operation. " + user +
			"ec2:CreateVpc on resource: arn:aws:ec2:eu-central-1:123456789012:vpc/* because no identity-based policy allows the ec2:CreateVpc action. Encoded authorization failure message: AAAA",
			"ec2:CreateVpc", "arn:aws:ec2:eu-central-1:123456789012:vpc/*", true},
		{"other action", "AccessDenied", user + "iam:PassRole on resource: arn:aws:iam::123456789012:role/r.",
			"iam:PassRole", "arn:aws:iam::123456789012:role/r", true},
		{"without a resource", "AccessDenied", user + "ec2:CreateTags", "ec2:CreateTags", "*", true},
		{"encoded only", "UnauthorizedOperation", "You are not authorized to perform this operation. Encoded authorization failure message: AAAA",
			"ec2:CreateVpc", "*", true},
		{"another error", "VpcLimitExceeded", "too many", "", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, _, _ := client(gate.Options{}, failed(403, tt.code, tt.message))
			action, resource, ok := gate.Missing(createVPC(t.Context(), c))
			if action != tt.action || resource != tt.resource || ok != tt.denied {
				t.Errorf("got %q %q %t, want %q %q %t", action, resource, ok, tt.action, tt.resource, tt.denied)
			}
		})
	}
}
