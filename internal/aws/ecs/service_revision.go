package ecs

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/berthdev/berth/internal/engine"
)

// RevisionOf is the ARN of the revision of its task definition that a service has.
func RevisionOf(object engine.Object) string { return object.Attrs["task_definition"] }

// RunRevision starts a deployment of another revision of the service's task definition;
// nothing else of the service changes. Poll then says when its tasks are healthy.
func (t Services) RunRevision(ctx context.Context, object engine.Object, revision string) (engine.Object, error) {
	out, err := t.API.UpdateService(ctx, &ecs.UpdateServiceInput{
		Cluster: aws.String(clusterOf(object.ID)), Service: aws.String(object.ID), TaskDefinition: &revision,
	})
	if err != nil {
		return object, fmt.Errorf("deploying %s to service %s: %w", LastPart(revision), LastPart(object.ID), passing(err))
	}
	return serviceObject(*out.Service), nil
}
