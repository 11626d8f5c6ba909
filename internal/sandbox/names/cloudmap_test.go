package names_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sd "github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

func TestNamespaces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		in := &sd.CreatePrivateDnsNamespaceInput{
			Name: aws.String("shop.internal"), Vpc: &s.VPC, CreatorRequestId: aws.String("one"), Description: aws.String("berth x"),
		}
		first, again := sandboxtest.Ask(t, s.CloudMap.CreatePrivateDnsNamespace, in), sandboxtest.Ask(t, s.CloudMap.CreatePrivateDnsNamespace, in)
		if *first.OperationId != *again.OperationId {
			t.Error("the same request made two operations")
		}
		other := *in
		other.CreatorRequestId = aws.String("two")
		_, err := s.CloudMap.CreatePrivateDnsNamespace(t.Context(), &other)
		sandboxtest.WantCode(t, err, "DuplicateRequest")
		op := sandboxtest.Ask(t, s.CloudMap.GetOperation, &sd.GetOperationInput{OperationId: first.OperationId}).Operation
		if op.Status != types.OperationStatusPending {
			t.Errorf("status %s", op.Status)
		}
		if list := sandboxtest.Ask(t, s.CloudMap.ListNamespaces, &sd.ListNamespacesInput{}); len(list.Namespaces) != 0 {
			t.Error("a namespace is listed before it exists")
		}
		time.Sleep(world.NamespaceCreated.In(world.Typical))
		op = sandboxtest.Ask(t, s.CloudMap.GetOperation, &sd.GetOperationInput{OperationId: first.OperationId}).Operation
		if op.Status != types.OperationStatusSuccess {
			t.Errorf("status %s", op.Status)
		}
		_, err = s.CloudMap.CreatePrivateDnsNamespace(t.Context(), &other)
		sandboxtest.WantCode(t, err, "NamespaceAlreadyExists")
		list := sandboxtest.Ask(t, s.CloudMap.ListNamespaces, &sd.ListNamespacesInput{Filters: []types.NamespaceFilter{
			{Name: types.NamespaceFilterNameName, Values: []string{"shop.internal"}},
			{Name: types.NamespaceFilterNameType, Values: []string{"DNS_PRIVATE"}},
		}})
		if len(list.Namespaces) != 1 || *list.Namespaces[0].Description != "berth x" || *list.Namespaces[0].Id != op.Targets["NAMESPACE"] {
			t.Errorf("list %+v", list.Namespaces)
		}
		sandboxtest.Ask(t, s.CloudMap.DeleteNamespace, &sd.DeleteNamespaceInput{Id: list.Namespaces[0].Id})
		_, err = s.CloudMap.DeleteNamespace(t.Context(), &sd.DeleteNamespaceInput{Id: list.Namespaces[0].Id})
		sandboxtest.WantCode(t, err, "DuplicateRequest")
		time.Sleep(world.NamespaceDeleted.In(world.Typical))
		_, err = s.CloudMap.GetNamespace(t.Context(), &sd.GetNamespaceInput{Id: list.Namespaces[0].Id})
		sandboxtest.WantCode(t, err, "NamespaceNotFound")
	})
}

func TestDiscoveryServices(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := sandboxtest.NewStack(t, world.Options{})
		ns := s.Namespace("shop.internal")
		in := &sd.CreateServiceInput{
			Name: aws.String("api"), CreatorRequestId: aws.String("one"),
			DnsConfig: &types.DnsConfig{NamespaceId: &ns, DnsRecords: []types.DnsRecord{{Type: types.RecordTypeA, TTL: aws.Int64(10)}}},
		}
		first, again := sandboxtest.Ask(t, s.CloudMap.CreateService, in).Service, sandboxtest.Ask(t, s.CloudMap.CreateService, in).Service
		if *first.Id != *again.Id || first.DnsConfig.RoutingPolicy != types.RoutingPolicyMultivalue {
			t.Errorf("services %s %s %s", *first.Id, *again.Id, first.DnsConfig.RoutingPolicy)
		}
		in.CreatorRequestId = aws.String("two")
		_, err := s.CloudMap.CreateService(t.Context(), in)
		sandboxtest.WantCode(t, err, "ServiceAlreadyExists")
		list := sandboxtest.Ask(t, s.CloudMap.ListServices, &sd.ListServicesInput{Filters: []types.ServiceFilter{
			{Name: types.ServiceFilterNameNamespaceId, Values: []string{ns}},
		}})
		if len(list.Services) != 1 {
			t.Errorf("list %+v", list.Services)
		}
		sandboxtest.Ask(t, s.CloudMap.TagResource, &sd.TagResourceInput{ResourceARN: first.Arn, Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}})
		if tags := sandboxtest.Ask(t, s.CloudMap.ListTagsForResource, &sd.ListTagsForResourceInput{ResourceARN: first.Arn}).Tags; len(tags) != 1 {
			t.Errorf("tags %v", tags)
		}
	})
}
