package engine

import (
	"testing"

	"github.com/berthdev/berth/internal/engine/naming"
)

func TestCopiedFrom(t *testing.T) {
	t.Parallel()
	name := naming.Name(stackOwner, "eu-central-1", "web", 63)
	other := naming.Name(stackOwner, "eu-central-1", "web", 63, "another version")
	g := NewGraph()
	g.Add(stackOwner, "web", box{Kind: "box", Size: name})
	lastApplied := LastApplied([]Attr{{Name: "size", Value: name, Known: true}})
	for _, c := range []struct {
		name   string
		object Object
		graph  *Graph
		want   string
	}{
		{"its own name", Object{LastApplied: lastApplied, Attrs: map[string]string{"size": name}}, g, ""},
		{"the tags of one with another name", Object{LastApplied: lastApplied, Attrs: map[string]string{"size": "aaa-restored"}}, g, "size"},
		{"and nothing is wanted", Object{LastApplied: lastApplied, Attrs: map[string]string{"size": "aaa-restored"}}, nil, "size"},
		{"not shown", Object{LastApplied: lastApplied}, g, ""},
		{"the data of one that is gone", Object{LastApplied: lastApplied, State: StateStored, Attrs: map[string]string{"size": "x"}}, g, ""},
		{"half made for another desired state", Object{Attrs: map[string]string{"size": other}}, g, ""},
		{"half made, of somebody's", Object{Attrs: map[string]string{"size": "aaa-restored"}}, g, "size"},
		{"half made, and nothing is wanted", Object{Attrs: map[string]string{"size": "aaa-restored"}}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.object.Address = at(stackOwner, "box", "web")
			if got := copiedFrom([]string{"size"}, c.object, c.graph, nil); got != c.want {
				t.Errorf("told by %q, want %q", got, c.want)
			}
		})
	}
}
