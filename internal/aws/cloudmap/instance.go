package cloudmap

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// Instance is the target of a name with a CNAME record: the host of a managed
// database. Outputs: id.
type Instance struct {
	Service engine.Ref `attr:"service,replace"`
	// Host is the name that the record points to.
	Host engine.Ref `attr:"host"`
}

// Type implements engine.Resource.
func (Instance) Type() string { return "sd.instance" }

// Instances is the type of Instance. ECS registers its tasks by itself; these
// are the instances that berth registers.
type Instances struct{ Services Services }

// attrMark is the attribute of an instance with berth's mark; Cloud Map stores
// it and does not use it.
const attrMark, attrHost = "BERTH", "AWS_INSTANCE_CNAME"

// instanceID is the id of a service's only instance.
const instanceID = "berth"

// Spec implements engine.Type.
func (Instances) Spec() engine.Spec {
	return engine.Spec{Name: Instance{}.Type(), Identity: engine.ByParent, Untagged: true}
}

// List implements engine.Type: it makes one call for each of the owners' names
// with a CNAME record.
func (t Instances) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	found, err := t.Services.Namespaces.found(ctx, q)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, n := range found {
		services, err := t.Services.shared(ctx, q, aws.ToString(n.Id))
		if err != nil {
			return nil, err
		}
		for _, s := range services {
			mark, _ := engine.ParseMark(aws.ToString(s.Description))
			if recordOf(s.DnsConfig) != RecordCNAME || !q.Has(mark.Address.Owner) {
				continue
			}
			l, ok, err := t.in(ctx, aws.ToString(s.Id))
			if err != nil {
				return nil, err
			}
			if ok {
				objects = append(objects, l)
			}
		}
	}
	return objects, nil
}

// in returns berth's instance in a service; ok is false if there is none.
func (t Instances) in(ctx context.Context, service string) (l engine.Object, ok bool, err error) {
	pages := servicediscovery.NewListInstancesPaginator(t.Services.Namespaces.API, &servicediscovery.ListInstancesInput{ServiceId: &service})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if gate.IsNotFound(err) {
			return engine.Object{}, false, nil
		}
		if err != nil {
			return engine.Object{}, false, fmt.Errorf("listing the instances of name %s: %w", service, err)
		}
		for _, i := range page.Instances {
			if mark, ok := engine.ParseMark(i.Attributes[attrMark]); ok {
				return t.object(mark, service, i.Attributes[attrHost]), true, nil
			}
		}
	}
	return engine.Object{}, false, nil
}

func (t Instances) object(mark engine.Mark, service, host string) engine.Object {
	return engine.Object{
		Address: mark.Address, ID: service + "/" + instanceID, LastApplied: mark.LastApplied, State: engine.StateReady,
		Attrs: engine.Shown(Instance{Service: engine.Lit(service), Host: engine.Lit(host)}),
	}
}

// Create implements engine.Type. Registering an instance with the same id again changes
// it, so repeating the call is safe. The call has no token: with the desired state's, a
// return to an earlier host would have no effect.
func (t Instances) Create(ctx context.Context, w engine.Desired[Instance]) (engine.Object, error) {
	api := t.Services.Namespaces.API
	err := t.Services.Namespaces.finish(ctx, func() (*string, error) {
		out, err := api.RegisterInstance(ctx, &servicediscovery.RegisterInstanceInput{
			ServiceId: aws.String(w.Want.Service.Value()), InstanceId: aws.String(instanceID),
			Attributes: map[string]string{attrHost: w.Want.Host.Value(), attrMark: w.Mark().String()},
		})
		if err != nil {
			return nil, err
		}
		return out.OperationId, nil
	})
	if err != nil {
		return engine.Object{}, fmt.Errorf("registering %s: %w", w.Want.Host.Value(), err)
	}
	return t.object(w.Mark(), w.Want.Service.Value(), w.Want.Host.Value()), nil
}

// Update implements engine.Type.
func (t Instances) Update(ctx context.Context, w engine.Desired[Instance], _ engine.Object, _ []string) (engine.Object, error) {
	return t.Create(ctx, w)
}

// Delete implements engine.Type. The name itself can be deleted after that.
func (t Instances) Delete(ctx context.Context, object engine.Object) error {
	service := object.Attrs["service"]
	err := t.Services.Namespaces.finish(ctx, func() (*string, error) {
		out, err := t.Services.Namespaces.API.DeregisterInstance(ctx, &servicediscovery.DeregisterInstanceInput{
			ServiceId: &service, InstanceId: aws.String(instanceID),
		})
		if err != nil {
			return nil, err
		}
		return out.OperationId, nil
	})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deregistering %s: %w", object.ID, err)
	}
	return nil
}

var _ engine.Type[Instance] = Instances{}
