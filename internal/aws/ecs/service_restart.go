package ecs

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// Named returns the services of a cluster that have these names. There are none if
// there is no cluster.
func (t Services) Named(ctx context.Context, cluster string, names []string) ([]engine.Object, error) {
	found, err := t.describe(ctx, cluster, names)
	if gate.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading services: %w", err)
	}
	return t.staged(ctx, found), nil
}

// Restart starts a new deployment of what a service has already: all of its tasks
// are replaced, as its deployment configuration says, and nothing else changes. Poll
// then says when the new tasks are healthy.
func (t Services) Restart(ctx context.Context, object engine.Object) (engine.Object, error) {
	out, err := t.API.UpdateService(ctx, &ecs.UpdateServiceInput{
		Cluster: aws.String(clusterOf(object.ID)), Service: aws.String(object.ID), ForceNewDeployment: true,
	})
	if err != nil {
		return object, fmt.Errorf("restarting service %s: %w", LastPart(object.ID), passing(err))
	}
	return serviceObject(*out.Service), nil
}
