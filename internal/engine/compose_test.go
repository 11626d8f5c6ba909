package engine

import (
	"strings"
	"testing"
)

func TestComposeGraphs(t *testing.T) {
	t.Parallel()
	first, second := NewGraph(), NewGraph()
	net := first.Add(Owner{Environment: "e"}, "net", box{Kind: "thing"})
	second.Add(Owner{Environment: "e", Project: "p"}, "web", box{Kind: "thing", Home: net.ID()})
	if err := second.Check(); err == nil {
		t.Error("a graph that refers to another one is whole by itself")
	}
	both := Compose(first, second)
	if err := both.Check(); err != nil {
		t.Errorf("both: %v", err)
	}
	if nodes := both.Nodes(); len(nodes) != 2 || nodes[0] != net {
		t.Errorf("the nodes are %v", nodes)
	}
	if err := Compose(first, first).Check(); err == nil || !strings.Contains(err.Error(), "two resources") {
		t.Errorf("one graph twice: %v", err)
	}
}
