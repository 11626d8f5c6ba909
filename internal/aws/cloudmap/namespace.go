package cloudmap

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// Namespace is a Cloud Map private DNS namespace: the domain in which the
// services of a stack have their names. Outputs: id, arn.
type Namespace struct {
	Name string     `attr:"name,replace,own"`
	VPC  engine.Ref `attr:"vpc,replace,own"`
	// NegativeTTL is how many seconds a resolver may remember that a name does
	// not exist: the TTL of the zone's SOA record. With AWS's default, a sibling
	// that asks too early gets no answer for minutes, see
	// https://github.com/aws/containers-roadmap/issues/343 and
	// https://github.com/aws/aws-app-mesh-roadmap/issues/221 .
	NegativeTTL int `attr:"negative_ttl"`
}

// Type implements engine.Resource.
func (Namespace) Type() string { return "sd.namespace" }

// Namespaces is the type of Namespace.
type Namespaces struct {
	API   *servicediscovery.Client
	Clock clock.Clock
	// Account, Region and Partition make ARNs.
	Account, Region, Partition string
}

// created is how long Cloud Map takes for a namespace, which is a hosted zone:
// about half a minute.
const created = 30 * time.Second

// Spec implements engine.Type.
func (Namespaces) Spec() engine.Spec {
	return engine.Spec{
		Name: Namespace{}.Type(), Identity: engine.Token,
		ReadyIn: created, GoneIn: created, DeletesAfter: []string{Service{}.Type()},
	}
}

// List implements engine.Type. The description carries berth's mark, so no tags
// are read; no call of Cloud Map shows the VPC.
func (t Namespaces) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	found, err := t.found(ctx, q)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, n := range found {
		mark, _ := engine.ParseMark(aws.ToString(n.Description))
		object := t.object(mark.Address, mark.LastApplied, aws.ToString(n.Id), aws.ToString(n.Name))
		object.Created = aws.ToTime(n.CreateDate)
		if p := n.Properties; p != nil && p.DnsProperties != nil && p.DnsProperties.SOA != nil {
			object.Attrs["negative_ttl"] = strconv.FormatInt(aws.ToInt64(p.DnsProperties.SOA.TTL), 10)
		}
		objects = append(objects, object)
	}
	return objects, readTags(ctx, t.API, q, objects)
}

// found returns the owners' namespaces, read once for namespaces and services.
func (t Namespaces) found(ctx context.Context, q engine.Query) ([]types.NamespaceSummary, error) {
	return memory.Once(q.Memory, "sd.namespaces", func() ([]types.NamespaceSummary, error) {
		all, err := t.all(ctx)
		return slices.DeleteFunc(all, func(n types.NamespaceSummary) bool {
			m, _ := engine.ParseMark(aws.ToString(n.Description))
			return m.Address.Type != (Namespace{}).Type() || !q.Has(m.Address.Owner)
		}), err
	})
}

func (t Namespaces) all(ctx context.Context) ([]types.NamespaceSummary, error) {
	var all []types.NamespaceSummary
	pages := servicediscovery.NewListNamespacesPaginator(t.API, &servicediscovery.ListNamespacesInput{
		Filters: []types.NamespaceFilter{{
			Name: types.NamespaceFilterNameType, Values: []string{string(types.NamespaceTypeDnsPrivate)},
			Condition: types.FilterConditionEq,
		}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing namespaces: %w", err)
		}
		all = append(all, page.Namespaces...)
	}
	return all, nil
}

func (t Namespaces) object(a engine.Address, lastApplied, id, name string) engine.Object {
	return engine.Object{
		Address: a, ID: id, LastApplied: lastApplied, State: engine.StateReady,
		Attrs: engine.Shown(Namespace{Name: name}, "vpc", "negative_ttl"),
		Outputs: map[string]string{
			"id": id, "arn": fmt.Sprintf("arn:%s:servicediscovery:%s:%s:namespace/%s", t.Partition, t.Region, t.Account, id),
		},
	}
}

// Poll implements engine.Poller.
func (t Namespaces) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	all, err := t.all(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(objects), func(l engine.Object) bool {
		return !slices.ContainsFunc(all, func(n types.NamespaceSummary) bool { return aws.ToString(n.Id) == l.ID })
	}), nil
}

// Create implements engine.Type. The namespace has an id only when the
// operation has ended, so Create waits for that.
func (t Namespaces) Create(ctx context.Context, w engine.Desired[Namespace]) (engine.Object, error) {
	out, err := t.API.CreatePrivateDnsNamespace(ctx, &servicediscovery.CreatePrivateDnsNamespaceInput{
		Name: aws.String(w.Want.Name), Vpc: aws.String(w.Want.VPC.Value()), CreatorRequestId: aws.String(w.Token),
		Description: aws.String(w.Mark().String()), Tags: tagsOf(w.Tags),
		Properties: &types.PrivateDnsNamespaceProperties{DnsProperties: &types.PrivateDnsPropertiesMutable{
			SOA: &types.SOA{TTL: aws.Int64(int64(w.Want.NegativeTTL))},
		}},
	})
	var again *types.DuplicateRequest
	var exists *types.NamespaceAlreadyExists
	operation := ""
	switch {
	case err == nil:
		operation = aws.ToString(out.OperationId)
	case errors.As(err, &again):
		operation = aws.ToString(again.DuplicateOperationId)
	case errors.As(err, &exists):
		return t.existing(ctx, w, aws.ToString(exists.NamespaceId))
	default:
		return engine.Object{}, fmt.Errorf("creating namespace %s: %w", w.Want.Name, err)
	}
	id, old, err := t.await(ctx, operation)
	var failed *operationError
	if errors.As(err, &failed) && failed.code == "NAMESPACE_ALREADY_EXISTS" {
		return t.existing(ctx, w, "")
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating namespace %s: %w", w.Want.Name, err)
	}
	object := t.object(w.Address, w.Tags[engine.TagLastApplied], id, w.Want.Name)
	if !old {
		return object, nil
	}
	_, err = t.API.GetNamespace(ctx, &servicediscovery.GetNamespaceInput{Id: aws.String(id)})
	if gate.IsNotFound(err) {
		object.State = engine.StateDeleting
		return object, nil
	}
	return object, gate.Half(err)
}

// existing returns the namespace with the desired state's name, if its mark is the
// desired state's.
func (t Namespaces) existing(ctx context.Context, w engine.Desired[Namespace], id string) (engine.Object, error) {
	all, err := t.all(ctx)
	if err != nil {
		return engine.Object{}, err
	}
	for _, n := range all {
		if aws.ToString(n.Name) != w.Want.Name || id != "" && aws.ToString(n.Id) != id {
			continue
		}
		object := t.object(w.Address, "", aws.ToString(n.Id), w.Want.Name)
		if err := claim(ctx, t.API, w, w.Want.Name, aws.ToString(n.Description), &object); err != nil {
			return engine.Object{}, err
		}
		return t.Update(ctx, w, object, nil)
	}
	return engine.Object{}, gate.Unlisted("namespace " + w.Want.Name)
}

// Update implements engine.Type. It writes the mark last, so that an interrupted
// update is planned again.
func (t Namespaces) Update(ctx context.Context, w engine.Desired[Namespace], object engine.Object, _ []string) (engine.Object, error) {
	err := setTags(ctx, t.API, object.Output("arn"), object.Tags, w.Tags)
	if err == nil {
		in := &servicediscovery.UpdatePrivateDnsNamespaceInput{Id: aws.String(object.ID), Namespace: changeOf(w)}
		err = t.finish(ctx, func() (*string, error) {
			out, err := t.API.UpdatePrivateDnsNamespace(ctx, in)
			if err != nil {
				return nil, err
			}
			return out.OperationId, nil
		})
	}
	if err != nil {
		return object, fmt.Errorf("updating namespace %s: %w", object.ID, err)
	}
	return engine.AsDesired(w, object.ID, object.Outputs), nil
}

func changeOf(w engine.Desired[Namespace]) *types.PrivateDnsNamespaceChange {
	return &types.PrivateDnsNamespaceChange{
		Description: aws.String(w.Mark().String()),
		Properties: &types.PrivateDnsNamespacePropertiesChange{DnsProperties: &types.PrivateDnsPropertiesMutableChange{
			SOA: &types.SOAChange{TTL: aws.Int64(int64(w.Want.NegativeTTL))},
		}},
	}
}

// Delete implements engine.Type. It waits for the operation, because nothing
// else shows that it failed: the namespace would just stay.
func (t Namespaces) Delete(ctx context.Context, object engine.Object) error {
	err := t.remove(ctx, object.ID)
	if gate.Code(err) == "ResourceInUse" {
		some, failed := t.deleteConnected(ctx, object.ID)
		switch {
		case failed != nil:
			err = failed
		case some:
			err = t.remove(ctx, object.ID)
		}
	}
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting namespace %s: %w", object.ID, err)
	}
	return nil
}

func (t Namespaces) remove(ctx context.Context, id string) error {
	return t.finish(ctx, func() (*string, error) {
		out, err := t.API.DeleteNamespace(ctx, &servicediscovery.DeleteNamespaceInput{Id: aws.String(id)})
		if err != nil {
			return nil, err
		}
		return out.OperationId, nil
	})
}

var (
	_ engine.Type[Namespace] = Namespaces{}
	_ engine.Poller          = Namespaces{}
)
