package ssm

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// Secret is a secret that a user has set. No graph holds one, and no listing
// shows one, because a deployment neither makes nor removes it. A teardown adds
// those of its environment to the observed objects (Objects), so that the plan
// says what it leaves or deletes.
type Secret struct {
	Name string `attr:"name,replace"`
}

// Type implements engine.Resource.
func (Secret) Type() string { return "ssm.secret" }

// Secrets is the type of Secret.
type Secrets struct{ API *ssm.Client }

// Spec implements engine.Type.
func (Secrets) Spec() engine.Spec {
	return engine.Spec{
		Name: Secret{}.Type(), Identity: engine.UniqueName, Keep: "secrets", Untagged: true,
		DeletesAfter: []string{"ecs.service", "ecs.job"},
	}
}

// Objects returns the secrets of an environment for a teardown. With marks, it
// reads the tags that say which of them berth has set: one call for each.
func (s Store) Objects(ctx context.Context, marks bool) ([]engine.Object, error) {
	entries, err := s.list(ctx)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, e := range entries {
		objects = append(objects, engine.Object{
			Address: engine.Address{Owner: engine.Owner{Environment: s.Environment}, Type: Secret{}.Type(), Name: e.Name},
			ID:      Path(s.Environment, e.Name), State: engine.StateReady, Created: e.Changed,
			Attrs: engine.Shown(Secret{Name: e.Name}),
		})
	}
	if !marks {
		return objects, nil
	}
	return objects, concurrent.Each(objects, func(i int, l engine.Object) error {
		have, err := tags(ctx, s.API, l.ID)
		if err == nil && have[TagEnvironment] != s.Environment {
			objects[i].Foreign = "it does not carry berth's tags"
		}
		return err
	})
}

// List implements engine.Type: see Secret.
func (Secrets) List(context.Context, engine.Query) ([]engine.Object, error) { return nil, nil }

var errSet = errors.New("secrets are set with `berth secret set`")

// Create implements engine.Type; it is never called.
func (Secrets) Create(context.Context, engine.Desired[Secret]) (engine.Object, error) {
	return engine.Object{}, errSet
}

// Update implements engine.Type; it is never called.
func (Secrets) Update(_ context.Context, _ engine.Desired[Secret], object engine.Object, _ []string) (engine.Object, error) {
	return object, errSet
}

// Delete implements engine.Type. A parameter under the environment's path that
// berth did not make stays.
func (t Secrets) Delete(ctx context.Context, object engine.Object) error {
	err := Store{API: t.API, Environment: object.Address.Owner.Environment}.Remove(ctx, object.Address.Name)
	var gone *NoSecretError
	var foreign *ForeignError
	if errors.As(err, &gone) || errors.As(err, &foreign) {
		return nil
	}
	return err
}

var _ engine.Type[Secret] = Secrets{}
