package cloudmap

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// Service is one name in a Cloud Map namespace. Its A records are the addresses
// of healthy tasks; its CNAME record points to the host of an Instance. Outputs:
// id, arn.
type Service struct {
	Namespace engine.Ref `attr:"namespace,replace,own"`
	Name      string     `attr:"name,replace,own"`
	// TTL of the records, in seconds.
	TTL int `attr:"ttl"`
	// Record is RecordCNAME, or empty for A records.
	Record string `attr:"record,replace"`
}

// RecordCNAME is the Service.Record of a name that points to another one.
const RecordCNAME = string(types.RecordTypeCname)

// Type implements engine.Resource.
func (Service) Type() string { return "sd.service" }

// Services is the type of Service.
type Services struct{ Namespaces Namespaces }

// Spec implements engine.Type. Cloud Map refuses to delete a service while
// tasks are registered in it: ECS deregisters them as they stop. A name exists
// only once, so a CNAME record that replaces A records waits for their end.
func (Services) Spec() engine.Spec {
	return engine.Spec{
		InUse: "its tasks leave it first",
		Name:  Service{}.Type(), Identity: engine.Token, DeletesWith: []string{"ecs.service"}, Alone: true,
	}
}

// List implements engine.Type: it makes one call for each of the owners'
// namespaces.
func (t Services) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	found, err := t.Namespaces.found(ctx, q)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, n := range found {
		list, err := t.shared(ctx, q, aws.ToString(n.Id))
		if err != nil {
			return nil, err
		}
		for _, s := range list {
			mark, _ := engine.ParseMark(aws.ToString(s.Description))
			if !q.Has(mark.Address.Owner) {
				continue
			}
			object := t.object(mark.Address, mark.LastApplied, aws.ToString(s.Id), aws.ToString(s.Arn), Service{
				Namespace: engine.Lit(aws.ToString(n.Id)), Name: aws.ToString(s.Name), TTL: ttlOf(s.DnsConfig), Record: recordOf(s.DnsConfig),
			})
			object.Created = aws.ToTime(s.CreateDate)
			objects = append(objects, object)
		}
	}
	return objects, readTags(ctx, t.Namespaces.API, q, objects)
}

// shared returns what in returns, read once for services and instances.
func (t Services) shared(ctx context.Context, q engine.Query, namespace string) ([]types.ServiceSummary, error) {
	return memory.Once(q.Memory, "sd.services "+namespace, func() ([]types.ServiceSummary, error) { return t.in(ctx, namespace) })
}

func (t Services) in(ctx context.Context, namespace string) ([]types.ServiceSummary, error) {
	var list []types.ServiceSummary
	pages := servicediscovery.NewListServicesPaginator(t.Namespaces.API, &servicediscovery.ListServicesInput{
		Filters: []types.ServiceFilter{{
			Name: types.ServiceFilterNameNamespaceId, Values: []string{namespace}, Condition: types.FilterConditionEq,
		}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing the services of namespace %s: %w", namespace, err)
		}
		list = append(list, page.Services...)
	}
	return list, nil
}

func ttlOf(c *types.DnsConfig) int {
	if c == nil || len(c.DnsRecords) == 0 {
		return 0
	}
	return int(aws.ToInt64(c.DnsRecords[0].TTL))
}

func (t Services) object(a engine.Address, lastApplied, id, arn string, s Service) engine.Object {
	return engine.Object{
		Address: a, ID: id, LastApplied: lastApplied, State: engine.StateReady, Attrs: engine.Shown(s),
		Outputs: map[string]string{"id": id, "arn": arn},
	}
}

// Create implements engine.Type.
func (t Services) Create(ctx context.Context, w engine.Desired[Service]) (engine.Object, error) {
	in := &servicediscovery.CreateServiceInput{
		Name: aws.String(w.Want.Name), NamespaceId: aws.String(w.Want.Namespace.Value()),
		CreatorRequestId: aws.String(w.Token), Description: aws.String(w.Mark().String()), Tags: tagsOf(w.Tags),
		DnsConfig: &types.DnsConfig{RoutingPolicy: types.RoutingPolicyMultivalue, DnsRecords: records(w.Want)},
		// ECS reports each task's health; Cloud Map itself checks nothing.
		HealthCheckCustomConfig: &types.HealthCheckCustomConfig{},
	}
	if w.Want.Record == RecordCNAME {
		// AWS only accepts CNAME records with this policy, and nothing reports
		// health.
		in.DnsConfig.RoutingPolicy, in.HealthCheckCustomConfig = types.RoutingPolicyWeighted, nil
	}
	out, err := t.Namespaces.API.CreateService(ctx, in)
	var exists *types.ServiceAlreadyExists
	if errors.As(err, &exists) {
		return t.existing(ctx, w)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating the name %s: %w", w.Want.Name, err)
	}
	return t.object(w.Address, w.Tags[engine.TagLastApplied], aws.ToString(out.Service.Id), aws.ToString(out.Service.Arn), w.Want), nil
}

func records(s Service) []types.DnsRecord {
	return []types.DnsRecord{{Type: cmp.Or(types.RecordType(s.Record), types.RecordTypeA), TTL: aws.Int64(int64(s.TTL))}}
}

// recordOf returns Service.Record from what Cloud Map shows.
func recordOf(c *types.DnsConfig) string {
	if c == nil || len(c.DnsRecords) == 0 || c.DnsRecords[0].Type == types.RecordTypeA {
		return ""
	}
	return string(c.DnsRecords[0].Type)
}

// existing returns the service with the desired state's name, if its mark is the
// desired state's.
func (t Services) existing(ctx context.Context, w engine.Desired[Service]) (engine.Object, error) {
	list, err := t.in(ctx, w.Want.Namespace.Value())
	if err != nil {
		return engine.Object{}, err
	}
	for _, s := range list {
		if aws.ToString(s.Name) != w.Want.Name {
			continue
		}
		object := t.object(w.Address, "", aws.ToString(s.Id), aws.ToString(s.Arn), w.Want)
		if err := claim(ctx, t.Namespaces.API, w, w.Want.Name, aws.ToString(s.Description), &object); err != nil {
			return engine.Object{}, err
		}
		return t.Update(ctx, w, object, nil)
	}
	return engine.Object{}, gate.Unlisted("the name " + w.Want.Name)
}

// Update implements engine.Type. UpdateService deletes the records that the
// request leaves out, and begins an operation. It writes the mark, so it is the
// last call.
func (t Services) Update(ctx context.Context, w engine.Desired[Service], object engine.Object, _ []string) (engine.Object, error) {
	err := setTags(ctx, t.Namespaces.API, object.Output("arn"), object.Tags, w.Tags)
	if err == nil {
		in := &servicediscovery.UpdateServiceInput{
			Id: aws.String(object.ID),
			Service: &types.ServiceChange{
				Description: aws.String(w.Mark().String()), DnsConfig: &types.DnsConfigChange{DnsRecords: records(w.Want)},
			},
		}
		err = t.Namespaces.finish(ctx, func() (*string, error) {
			out, err := t.Namespaces.API.UpdateService(ctx, in)
			if err != nil {
				return nil, err
			}
			return out.OperationId, nil
		})
	}
	if err != nil {
		return object, fmt.Errorf("updating the name %s: %w", w.Want.Name, err)
	}
	return engine.AsDesired(w, object.ID, object.Outputs), nil
}

// Delete implements engine.Type.
func (t Services) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.Namespaces.API.DeleteService(ctx, &servicediscovery.DeleteServiceInput{Id: aws.String(object.ID)})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting the name %s: %w", object.ID, err)
	}
	return nil
}

var _ engine.Type[Service] = Services{}
