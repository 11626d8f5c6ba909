package gate

import (
	"context"
	"errors"
	"slices"
	"strings"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go"

	"github.com/berthdev/berth/internal/credential"
	"github.com/berthdev/berth/internal/engine"
)

// Error is the failure of an AWS operation. Every error of a client that is
// attached to a Gate has one in its chain.
type Error struct {
	// Service is berth's short name, such as "ec2".
	Service, Operation string
	// Code and Message are AWS's own; without an answer Code is empty and
	// Message says what went wrong.
	Code, Message string
	// Attempts is how often the operation was sent or tried.
	Attempts int

	class engine.Class
	// harmless: it is certain that the attempt had no effect.
	harmless bool
	quota    *QuotaError
	prefix   string
	// region is where the call went; object is the ARN that a denied call's input
	// names, if any.
	region, object string
	err            error
}

// Error returns one line: "ec2 CreateVpc: VpcLimitExceeded: The maximum number
// ...".
func (e *Error) Error() string {
	head := e.Service + " " + e.Operation + ": "
	if e.Code != "" {
		head += e.Code + ": "
	}
	return head + e.Message
}

// Class implements engine.Classified.
func (e *Error) Class() engine.Class { return e.class }

// Unwrap returns the SDK's error, and the *QuotaError if the call reached a
// quota.
func (e *Error) Unwrap() []error {
	if e.quota != nil {
		return []error{e.quota, e.err}
	}
	return []error{e.err}
}

// stopped is the error of an operation whose retries were ended by ctx.
func (e *Error) stopped(cause error) *Error {
	c := *e
	c.err = errors.Join(e.err, cause)
	return &c
}

// newError classifies the failure of an attempt, or of its preparation.
func newError(ctx context.Context, p *progress, err error) *Error {
	s := serviceOf(ctx)
	e := &Error{
		Service: s.name, Operation: awsmiddleware.GetOperationName(ctx),
		Attempts: p.attempts, prefix: s.prefix, region: awsmiddleware.GetRegion(ctx), err: err,
	}
	var api smithy.APIError
	var refused *refusedError
	if !errors.As(err, &refused) && errors.As(err, &api) {
		e.Code, e.Message = api.ErrorCode(), oneLine(api.ErrorMessage())
	} else {
		e.Message = oneLine(innermost(err))
	}
	e.class, e.harmless = classify(e, p.sent)
	if e.class == engine.NotFound && justMade(ctx) {
		e.class = engine.NotYet
	}
	if e.class == engine.Terminal {
		e.quota = quotaOf(e.Code)
	}
	return e
}

// Code returns AWS's code of the failed call in err's chain; empty if there is
// none.
func Code(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// IsDenied reports whether AWS refused a call for lack of a permission.
func IsDenied(err error) bool { return engine.ClassOf(err) == engine.Denied }

// IsNotFound says whether AWS answered that the operation's own object does not
// exist. An answer about another missing object does not count.
func IsNotFound(err error) bool {
	var e *Error
	if errors.As(err, &e) {
		return isAbsence(e.Service, e.Operation, e.Code)
	}
	return err != nil && isNotFound(Code(err))
}

// IsExists says whether AWS answered that the object exists already.
func IsExists(err error) bool { return err != nil && isExists(Code(err)) }

// Text returns err's text without the words that the SDK puts around an *Error:
// "attach: ec2 AttachInternetGateway: ..." and not "attach: operation error EC2:
// AttachInternetGateway, ec2 AttachInternetGateway: ...". A part that occurs
// twice in a row, in AWS's code and message or in two layers, is kept once.
func Text(err error) string {
	text := err.Error()
	var op *smithy.OperationError
	var e *Error
	if errors.As(err, &op) && errors.As(op, &e) {
		text = strings.Replace(text, op.Error(), e.Error(), 1)
	}
	return strings.Join(slices.Compact(strings.Split(text, ": ")), ": ")
}

// innermost returns the text of the innermost error: the SDK's wrappers say
// "request send failed", "get identity" and the like.
func innermost(err error) string {
	var refused *refusedError
	if errors.As(err, &refused) {
		return refused.Error()
	}
	for {
		inner := errors.Unwrap(err)
		if inner == nil || strings.TrimSpace(inner.Error()) == "" {
			return err.Error()
		}
		var send interface{ ConnectionError() bool }
		if errors.As(err, &send) && !errors.As(inner, &send) {
			return "no answer: " + inner.Error()
		}
		err = inner
	}
}

// oneLine turns AWS's text into one line of output, without the encoded blob
// that EC2 appends to a denial, and without credentials: AWS often quotes a
// refused parameter.
func oneLine(s string) string {
	const limit = 600
	if i := strings.Index(s, " Encoded authorization failure message:"); i > 0 {
		s = s[:i]
	}
	s = credential.Hide(strings.Join(strings.Fields(s), " "))
	if len(s) > limit {
		s = strings.ToValidUTF8(s[:limit], "") + "..."
	}
	return s
}

var _ engine.Classified = (*Error)(nil)
