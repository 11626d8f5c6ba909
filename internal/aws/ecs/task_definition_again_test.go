package ecs

import (
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// TestAgainCopiesEveryField: what RegisterTaskDefinition takes and a revision has is
// registered again. A field that the SDK gets fails the test until it is copied.
func TestAgainCopiesEveryField(t *testing.T) {
	t.Parallel()
	var from types.TaskDefinition
	v := reflect.ValueOf(&from).Elem()
	for i := range v.NumField() {
		f := v.Field(i)
		switch {
		case !f.CanSet():
		case f.Kind() == reflect.Pointer:
			f.Set(reflect.New(f.Type().Elem()))
		case f.Kind() == reflect.Slice:
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
		case f.Kind() == reflect.String:
			f.SetString("x")
		}
	}
	got := reflect.ValueOf(*againInput(from, map[string]string{"berth:owner": "stack", "aws:created": "by AWS"}))
	typ := reflect.TypeFor[ecs.RegisterTaskDefinitionInput]()
	for i := range typ.NumField() {
		name := typ.Field(i).Name
		if name == "InferenceAccelerators" {
			continue // Elastic Inference has ended
		}
		if source := v.FieldByName(name); source.IsValid() && source.CanSet() && got.Field(i).IsZero() {
			t.Errorf("%s is not copied", name)
		}
	}
	if tags := againInput(from, map[string]string{"a": "1", "aws:created": "by AWS"}).Tags; len(tags) != 1 {
		t.Errorf("the tags are %v: AWS refuses its own ones", tags)
	}
}

// TestNeedsAndMissing: what another revision uses beyond one, and which ports of a service
// it lacks.
func TestNeedsAndMissing(t *testing.T) {
	t.Parallel()
	secret := func(arn string, ports ...PortMapping) TaskDefinition {
		return TaskDefinition{Containers: []Container{{Name: "web", Secrets: map[string]string{"PW": arn}, Ports: ports}}}
	}
	const a, b = "arn:aws:ssm:eu-west-1:1:parameter/shop/a", "arn:aws:ssm:eu-west-1:1:parameter/shop/b"
	if got := secret(a).Needs(secret(b)); !reflect.DeepEqual(got, []string{"secret parameter/shop/a"}) {
		t.Errorf("it needs %q", got)
	}
	if got := secret(a).Needs(secret(a)); got != nil {
		t.Errorf("it needs %q beyond itself", got)
	}
}
