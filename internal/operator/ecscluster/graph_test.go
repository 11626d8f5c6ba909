package ecscluster_test

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
	"github.com/berthdev/berth/internal/operator/condition"
	"github.com/berthdev/berth/internal/operator/ecscluster"
)

func object(change func(*v1alpha1.ECSCluster)) *v1alpha1.ECSCluster {
	o := &v1alpha1.ECSCluster{}
	o.Namespace, o.Name, o.Spec.ClusterName = "default", "main", "shop"
	if change != nil {
		change(o)
	}
	return o
}

// TestEmptyListIsAnOpinion: an empty list takes all providers away, no list
// leaves them to others.
func TestEmptyListIsAnOpinion(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		list []string
		want bool
	}{"no list": {nil, false}, "an empty list": {[]string{}, true}} {
		o := object(func(o *v1alpha1.ECSCluster) { o.Spec.CapacityProviders = tt.list })
		_, node, err := ecscluster.Graph(o, ecscluster.OwnerOf("id", "default", "main"), nil)
		if err != nil {
			t.Fatal(err)
		}
		c, ok := node.Resource.(ecs.Cluster)
		if !ok || (c.CapacityProviders != nil) != tt.want {
			t.Errorf("%s: %#v", name, node.Resource)
		}
	}
}

// TestInvalid names the field and what to write instead.
func TestInvalid(t *testing.T) {
	t.Parallel()
	settings := func(name, value string) func(*v1alpha1.ECSCluster) {
		return func(o *v1alpha1.ECSCluster) {
			o.Spec.Settings = []v1alpha1.ClusterSetting{{Name: name, Value: value}}
		}
	}
	tags := func(list map[string]string) func(*v1alpha1.ECSCluster) {
		return func(o *v1alpha1.ECSCluster) { o.Spec.Tags = list }
	}
	many := map[string]string{}
	for i := range 46 {
		many[fmt.Sprint("k", i)] = "v"
	}
	defaults := map[string]string{"team": "a"}
	for name, tt := range map[string]struct {
		change func(*v1alpha1.ECSCluster)
		want   string
	}{
		"another setting":          {settings("guardDuty", "enabled"), `spec.settings[0].name: ECS has no cluster setting "guardDuty"`},
		"another value":            {settings("containerInsights", "on"), `spec.settings[0].value: containerInsights cannot be "on"`},
		"a tag of AWS's":           {tags(map[string]string{"AWS:x": "y"}), "the tag AWS:x cannot be set"},
		"a tag of berth's":         {tags(map[string]string{"berth:owner": "y"}), "the tag berth:owner cannot be set"},
		"an empty key":             {tags(map[string]string{"": "y"}), `the tag "" is empty or too long`},
		"a long value":             {tags(map[string]string{"k": strings.Repeat("x", 257)}), `the tag "k" is empty or too long`},
		"many with the provider's": {tags(many), "48 tags with the provider's defaults"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := ecscluster.Graph(object(tt.change), ecscluster.OwnerOf("id", "default", "main"), maps.Clone(defaults))
			var invalid *condition.InvalidError
			if !errors.As(err, &invalid) || !strings.Contains(err.Error(), tt.want) || invalid.Remedy() == "" {
				t.Errorf("%v, want %q", err, tt.want)
			}
			if got := condition.Of(err); got.Reason != v1alpha1.ReasonInvalid || got.Again != condition.Slowly {
				t.Errorf("%+v", got)
			}
		})
	}
}

// TestOwner is short enough for a tag, and its own for every object.
func TestOwner(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("n", 253)
	a, b := ecscluster.OwnerOf("id", "default", long+"a"), ecscluster.OwnerOf("id", "default", long+"b")
	if a == b || len(a.String()) > 256 {
		t.Errorf("%s and %s", a, b)
	}
	o := ecscluster.OwnerOf("id", "team", "main.two")
	if key, ok := ecscluster.Holder(o, "id"); !ok || key.String() != "team/main.two" {
		t.Errorf("%s is %s, %t", o, key, ok)
	}
	if _, ok := ecscluster.Holder(o, "other"); ok || !ecscluster.IsOperators(o) {
		t.Errorf("%s passes for another Kubernetes cluster's", o)
	}
}
