package cloudmap

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	"github.com/berthdev/berth/internal/aws/gate"
)

// ConnectPrefix begins the names of berth's services in Service Connect. ECS
// makes a Cloud Map service for each, which may outlive the ECS service:
// https://github.com/aws/copilot-cli/issues/4313.
const ConnectPrefix = "connect-"

// ecsTag is on every Cloud Map service that ECS makes: ECS's role may only make and delete
// services with it.
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSServiceRolePolicy.html
const ecsTag = "AmazonECSManaged"

// isConnected says whether a service is one of Service Connect's: it has the
// right name and ECS's tag, and neither DNS records nor a description.
func (t Namespaces) isConnected(ctx context.Context, namespace string, id *string) (bool, error) {
	out, err := t.API.GetService(ctx, &servicediscovery.GetServiceInput{Id: id})
	if gate.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading what Service Connect left behind: %w", err)
	}
	s := out.Service
	if aws.ToString(s.NamespaceId) != namespace || aws.ToString(s.Description) != "" ||
		s.DnsConfig != nil && len(s.DnsConfig.DnsRecords) > 0 {
		return false, nil
	}
	tags, err := tagsAt(ctx, t.API, aws.ToString(s.Arn))
	_, made := tags[ecsTag]
	return made, err
}

// deleteConnected deletes what ECS left in one of berth's namespaces and says
// whether there was anything. Other people's services stay.
func (t Namespaces) deleteConnected(ctx context.Context, namespace string) (some bool, err error) {
	pages := servicediscovery.NewListServicesPaginator(t.API, &servicediscovery.ListServicesInput{
		Filters: []types.ServiceFilter{{Name: types.ServiceFilterNameNamespaceId, Values: []string{namespace}, Condition: types.FilterConditionEq}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return some, err
		}
		for _, s := range page.Services {
			if !strings.HasPrefix(aws.ToString(s.Name), ConnectPrefix) {
				continue
			}
			ours, err := t.isConnected(ctx, namespace, s.Id)
			if err != nil {
				return some, err
			}
			if !ours {
				continue
			}
			_, err = t.API.DeleteService(ctx, &servicediscovery.DeleteServiceInput{Id: s.Id})
			if err != nil && !gate.IsNotFound(err) {
				return some, fmt.Errorf("deleting %s, which Service Connect left behind: %w", aws.ToString(s.Name), err)
			}
			some = true
		}
	}
	return some, nil
}
