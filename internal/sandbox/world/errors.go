package world

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// errNetwork is the error of a call that bypassed the sandbox.
var errNetwork = errors.New("sandbox: a call tried to reach the network")

// ErrKilled is in the chain of every error of a caller that a fault killed.
var ErrKilled = errors.New("the process was killed")

// statusError is an AWS error with the HTTP status that it comes with.
type statusError struct {
	status int
	err    error
}

func (e *statusError) Error() string { return e.err.Error() }
func (e *statusError) Unwrap() error { return e.err }

// APIError is an error for which the service has no Go type.
func APIError(status int, code, format string, args ...any) error {
	fault := smithy.FaultClient
	if status >= http.StatusInternalServerError {
		fault = smithy.FaultServer
	}
	return WithStatus(status, &smithy.GenericAPIError{
		Code: code, Message: fmt.Sprintf(format, args...), Fault: fault,
	})
}

// WithStatus gives a typed error an HTTP status other than 400.
func WithStatus(status int, err error) error { return &statusError{status, err} }

// Respond wraps a handler's error as the SDK wraps one from the wire. Errors
// that are not AWS's (a broken connection, a kill) stay unchanged.
func Respond(err error) error {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return err
	}
	status := http.StatusBadRequest
	var s *statusError
	if errors.As(err, &s) {
		status, err = s.status, s.err
	}
	return &awshttp.ResponseError{
		RequestID: "00000000-0000-4000-a000-000000000000",
		ResponseError: &smithyhttp.ResponseError{
			Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status, Header: http.Header{}}},
			Err:      err,
		},
	}
}

// ErrorCode returns AWS's code of an error; "" for nil, "Connection" for a lost
// connection.
func ErrorCode(err error) string {
	var api smithy.APIError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &api):
		return api.ErrorCode()
	case errors.Is(err, ErrKilled):
		return "Killed"
	}
	return "Connection"
}

// connectionReset is the SDK's error when the peer disconnects; the SDK retries
// it.
func connectionReset() error {
	return &smithyhttp.RequestSendError{
		Err: &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET},
	}
}

// canceled is the SDK's error for a context that has ended; the SDK does not
// retry it.
func canceled(err error) error { return &aws.RequestCanceledError{Err: err} }
