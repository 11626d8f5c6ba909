package deploy

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/gate"
)

// NothingToAnswerError says that no deployment of a service waits for an answer.
type NothingToAnswerError struct {
	// Service is its name; UnderWay says that a deployment is under way, but does not wait.
	Service  string
	UnderWay bool
}

// Error implements error.
func (e *NothingToAnswerError) Error() string {
	if e.UnderWay {
		return fmt.Sprintf("%s: the deployment does not wait for an approval now; `berth ps` shows how far it is", e.Service)
	}
	return fmt.Sprintf("%s: no deployment that moves traffic is under way; `berth ps` shows what runs", e.Service)
}

// Answer approves or rejects the deployment of a service that is under way. It takes no
// lock: the run that waits for the deployment holds it. A deployment that does not wait can
// be rejected, too.
func Answer(ctx context.Context, p *Project, service string, approve bool) error {
	names, err := p.Outputs()
	if err != nil {
		return err
	}
	of, ok := names.Service(service)
	if !ok {
		return &UnknownServiceError{Name: service, Known: p.serviceNames()}
	}
	api := p.Target.Clients.ECS
	found, err := ecs.Describe(ctx, api, names.Cluster, []string{of.ECSName})
	if err != nil && !gate.IsNotFound(err) {
		return err
	}
	var r types.ServiceDeployment
	ok = len(found) == 1 && ecs.Moves(found[0])
	if ok {
		if r, ok, err = ecs.CurrentRecord(ctx, api, found[0]); err != nil {
			return err
		}
	}
	hook := ecs.Awaiting(r)
	switch {
	case !ok:
		return &NothingToAnswerError{Service: service}
	case !approve:
		return ecs.Reject(ctx, api, r, hook)
	case hook == "":
		return &NothingToAnswerError{Service: service, UnderWay: true}
	}
	return ecs.Approve(ctx, api, r, hook)
}
