package sandbox

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sd "github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"
)

func TestNamespaces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{})
		in := &sd.CreatePrivateDnsNamespaceInput{
			Name: aws.String("shop.internal"), Vpc: &s.vpc, CreatorRequestId: aws.String("one"), Description: aws.String("berth x"),
		}
		first, again := ask(t, s.sd.CreatePrivateDnsNamespace, in), ask(t, s.sd.CreatePrivateDnsNamespace, in)
		if *first.OperationId != *again.OperationId {
			t.Error("the same request made two operations")
		}
		other := *in
		other.CreatorRequestId = aws.String("two")
		_, err := s.sd.CreatePrivateDnsNamespace(t.Context(), &other)
		wantCode(t, err, "DuplicateRequest")
		op := ask(t, s.sd.GetOperation, &sd.GetOperationInput{OperationId: first.OperationId}).Operation
		if op.Status != types.OperationStatusPending {
			t.Errorf("status %s", op.Status)
		}
		if list := ask(t, s.sd.ListNamespaces, &sd.ListNamespacesInput{}); len(list.Namespaces) != 0 {
			t.Error("a namespace is listed before it exists")
		}
		time.Sleep(NamespaceCreated.In(Typical))
		op = ask(t, s.sd.GetOperation, &sd.GetOperationInput{OperationId: first.OperationId}).Operation
		if op.Status != types.OperationStatusSuccess {
			t.Errorf("status %s", op.Status)
		}
		_, err = s.sd.CreatePrivateDnsNamespace(t.Context(), &other)
		wantCode(t, err, "NamespaceAlreadyExists")
		list := ask(t, s.sd.ListNamespaces, &sd.ListNamespacesInput{Filters: []types.NamespaceFilter{
			{Name: types.NamespaceFilterNameName, Values: []string{"shop.internal"}},
			{Name: types.NamespaceFilterNameType, Values: []string{"DNS_PRIVATE"}},
		}})
		if len(list.Namespaces) != 1 || *list.Namespaces[0].Description != "berth x" || *list.Namespaces[0].Id != op.Targets["NAMESPACE"] {
			t.Errorf("list %+v", list.Namespaces)
		}
		ask(t, s.sd.DeleteNamespace, &sd.DeleteNamespaceInput{Id: list.Namespaces[0].Id})
		_, err = s.sd.DeleteNamespace(t.Context(), &sd.DeleteNamespaceInput{Id: list.Namespaces[0].Id})
		wantCode(t, err, "DuplicateRequest")
		time.Sleep(NamespaceDeleted.In(Typical))
		_, err = s.sd.GetNamespace(t.Context(), &sd.GetNamespaceInput{Id: list.Namespaces[0].Id})
		wantCode(t, err, "NamespaceNotFound")
	})
}

func TestDiscoveryServices(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, Options{})
		ns := s.namespace("shop.internal")
		in := &sd.CreateServiceInput{
			Name: aws.String("api"), CreatorRequestId: aws.String("one"),
			DnsConfig: &types.DnsConfig{NamespaceId: &ns, DnsRecords: []types.DnsRecord{{Type: types.RecordTypeA, TTL: aws.Int64(10)}}},
		}
		first, again := ask(t, s.sd.CreateService, in).Service, ask(t, s.sd.CreateService, in).Service
		if *first.Id != *again.Id || first.DnsConfig.RoutingPolicy != types.RoutingPolicyMultivalue {
			t.Errorf("services %s %s %s", *first.Id, *again.Id, first.DnsConfig.RoutingPolicy)
		}
		in.CreatorRequestId = aws.String("two")
		_, err := s.sd.CreateService(t.Context(), in)
		wantCode(t, err, "ServiceAlreadyExists")
		list := ask(t, s.sd.ListServices, &sd.ListServicesInput{Filters: []types.ServiceFilter{
			{Name: types.ServiceFilterNameNamespaceId, Values: []string{ns}},
		}})
		if len(list.Services) != 1 {
			t.Errorf("list %+v", list.Services)
		}
		ask(t, s.sd.TagResource, &sd.TagResourceInput{ResourceARN: first.Arn, Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}})
		if tags := ask(t, s.sd.ListTagsForResource, &sd.ListTagsForResourceInput{ResourceARN: first.Arn}).Tags; len(tags) != 1 {
			t.Errorf("tags %v", tags)
		}
	})
}
