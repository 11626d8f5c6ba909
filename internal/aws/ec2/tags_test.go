package ec2

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/engine"
)

func TestTagsRoundTrip(t *testing.T) {
	t.Parallel()
	tags := map[string]string{
		engine.TagOwner: "env/shop-dev", engine.TagAddress: "ec2.vpc/main", engine.TagLastApplied: "", "Name": "shop-dev/main", "team": "a b",
	}
	spec := tagsAtCreate(types.ResourceTypeVpc, tags)
	if len(spec) != 1 || spec[0].ResourceType != types.ResourceTypeVpc {
		t.Fatalf("got %d specifications", len(spec))
	}
	if d := cmp.Diff(tags, tagMap(spec[0].Tags)); d != "" {
		t.Errorf("tags changed on the way (-want +got):\n%s", d)
	}
}

func TestAddressOf(t *testing.T) {
	t.Parallel()
	env := engine.Owner{Environment: "shop-dev"}
	tests := []struct {
		name string
		tags map[string]string
		want engine.Address
	}{
		{"whole", map[string]string{engine.TagOwner: "env/shop-dev", engine.TagAddress: "ec2.vpc/main"},
			engine.Address{Owner: env, Type: "ec2.vpc", Name: "main"}},
		{"no owner", map[string]string{engine.TagAddress: "ec2.vpc/main"}, engine.Address{}},
		{"broken owner", map[string]string{engine.TagOwner: "shop", engine.TagAddress: "ec2.vpc/main"}, engine.Address{}},
		{"no address", map[string]string{engine.TagOwner: "env/shop-dev"}, engine.Address{}},
		{"another type", map[string]string{engine.TagOwner: "env/shop-dev", engine.TagAddress: "ec2.subnet/main"}, engine.Address{}},
		{"no tags", nil, engine.Address{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := addressOf("ec2.vpc", tt.tags); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestMayUse(t *testing.T) {
	t.Parallel()
	w := engine.Desired[Subnet]{Address: engine.Address{
		Owner: engine.Owner{Environment: "shop-dev"}, Type: "ec2.subnet", Name: "public-a",
	}}
	adopting := w
	adopting.Adopt = true
	tests := []struct {
		name    string
		desired engine.Desired[Subnet]
		tags    map[string]string
		taken   bool
	}{
		{"own", w, map[string]string{engine.TagOwner: "env/shop-dev", engine.TagAddress: "ec2.subnet/public-a"}, false},
		{"own at another address", w, map[string]string{engine.TagOwner: "env/shop-dev", engine.TagAddress: "ec2.subnet/b"}, true},
		{"another owner", w, map[string]string{engine.TagOwner: "env/x", engine.TagAddress: "ec2.subnet/public-a"}, true},
		{"unmarked", w, nil, true},
		{"adopted", adopting, nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := mayUse(tt.desired, "10.0.0.0/20", "subnet-1", tt.tags)
			var taken *engine.TakenError
			if errors.As(err, &taken) != tt.taken {
				t.Errorf("got %v, want taken %t", err, tt.taken)
			}
		})
	}
}
