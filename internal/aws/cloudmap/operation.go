package cloudmap

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// operationError says why an operation of Cloud Map failed.
type operationError struct{ code, message string }

func (e *operationError) Error() string { return e.code + ": " + e.message }

// Class implements engine.Classified. The codes are those of
// https://docs.aws.amazon.com/cloud-map/latest/api/API_Operation.html
func (e *operationError) Class() engine.Class {
	switch e.code {
	case "THROTTLED_REQUEST":
		return engine.Throttled
	case "INTERNAL_FAILURE", "EXPIRED_TOKEN":
		return engine.Conflict // the call itself was accepted: it works when sent again
	case "ACCESS_DENIED", "UNAUTHORIZED_ACCESS":
		return engine.Denied
	}
	return engine.Terminal
}

// fresh is the age up to which an operation counts as this run's: its namespace
// cannot have been made and deleted in so short a time, see created.
const fresh = 20 * time.Second

// await waits for an operation and returns the id of its namespace. An old
// operation that has ended is that of an earlier creation, whose namespace may
// have been deleted since.
func (t Namespaces) await(ctx context.Context, operation string) (id string, old bool, err error) {
	const first, pace = 500 * time.Millisecond, time.Second
	for pause := first; ; pause = pace {
		out, err := t.API.GetOperation(gate.JustMade(ctx), &servicediscovery.GetOperationInput{OperationId: aws.String(operation)})
		if err != nil {
			return "", false, err
		}
		switch out.Operation.Status {
		case types.OperationStatusSuccess:
			old := pause == first && t.Clock.Now().Sub(aws.ToTime(out.Operation.CreateDate)) > fresh
			return out.Operation.Targets[string(types.OperationTargetTypeNamespace)], old, nil
		case types.OperationStatusFail:
			return "", false, &operationError{aws.ToString(out.Operation.ErrorCode), aws.ToString(out.Operation.ErrorMessage)}
		}
		if err := t.Clock.Sleep(ctx, pause); err != nil {
			return "", false, err
		}
	}
}

// finish sends a change and waits for its end. While Cloud Map works on an
// earlier change, perhaps of a run that died, it refuses the next with
// DuplicateRequest: then finish waits for the earlier one, even if that fails,
// and sends the change again.
func (t Namespaces) finish(ctx context.Context, send func() (operation *string, err error)) error {
	const attempts = 3 // then the engine retries, at its own pace
	for try := 1; ; try++ {
		operation, err := send()
		var again *types.DuplicateRequest
		if !errors.As(err, &again) {
			if err == nil {
				_, _, err = t.await(ctx, aws.ToString(operation))
			}
			return err
		}
		if aws.ToString(again.DuplicateOperationId) == "" || try == attempts {
			return gate.Busy(again.ErrorMessage())
		}
		var failed *operationError
		_, _, err = t.await(ctx, *again.DuplicateOperationId)
		if err != nil && !errors.As(err, &failed) {
			return err
		}
		if err := t.Clock.Sleep(ctx, time.Second); err != nil {
			return err
		}
	}
}

var _ engine.Classified = (*operationError)(nil)
