package engine

import "testing"

func TestCopiedFrom(t *testing.T) {
	t.Parallel()
	name := Name(stackOwner, "eu-central-1", "web", 63)
	other := Name(stackOwner, "eu-central-1", "web", 63, "another version")
	g := NewGraph()
	g.Add(stackOwner, "web", box{Kind: "box", Size: name})
	asked := Asked([]Attr{{Name: "size", Value: name, Known: true}})
	for _, c := range []struct {
		name  string
		live  Live
		graph *Graph
		want  string
	}{
		{"its own name", Live{Asked: asked, Attrs: map[string]string{"size": name}}, g, ""},
		{"the tags of one with another name", Live{Asked: asked, Attrs: map[string]string{"size": "aaa-restored"}}, g, "size"},
		{"and nothing is wanted", Live{Asked: asked, Attrs: map[string]string{"size": "aaa-restored"}}, nil, "size"},
		{"not shown", Live{Asked: asked}, g, ""},
		{"the data of one that is gone", Live{Asked: asked, State: StateStored, Attrs: map[string]string{"size": "x"}}, g, ""},
		{"half made for another wish", Live{Attrs: map[string]string{"size": other}}, g, ""},
		{"half made, of somebody's", Live{Attrs: map[string]string{"size": "aaa-restored"}}, g, "size"},
		{"half made, and nothing is wanted", Live{Attrs: map[string]string{"size": "aaa-restored"}}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.live.Address = at(stackOwner, "box", "web")
			if got := copiedFrom([]string{"size"}, c.live, c.graph, nil); got != c.want {
				t.Errorf("told by %q, want %q", got, c.want)
			}
		})
	}
}
