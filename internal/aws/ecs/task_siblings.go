package ecs

import (
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// SiblingPrefix begins the names of the variables that tell a container where
// others are.
const SiblingPrefix = "BERTH_HOST_"

// withSiblings are a container's variables with those of its siblings, which
// essential containers get. What the container sets itself stays.
func (d TaskDefinition) withSiblings(c Container) map[string]string {
	all := variables(c)
	if len(d.Siblings) == 0 || !c.Essential {
		return all
	}
	more := maps.Clone(d.Siblings)
	maps.Copy(more, all)
	return more
}

// takeSiblings takes the variables of siblings out of live containers: those
// with the prefix that the desired state's container does not set itself.
func takeSiblings(object []types.ContainerDefinition, want TaskDefinition) (rest []types.ContainerDefinition, siblings map[string]string) {
	for _, c := range object {
		own := map[string]string{}
		for _, w := range want.Containers {
			if c.Name != nil && w.Name == *c.Name {
				own = variables(w)
			}
		}
		var kept []types.KeyValuePair
		for _, e := range c.Environment {
			if e.Name == nil || e.Value == nil {
				continue
			}
			if _, isOwn := own[*e.Name]; isOwn || !strings.HasPrefix(*e.Name, SiblingPrefix) {
				kept = append(kept, e)
				continue
			}
			if siblings == nil {
				siblings = map[string]string{}
			}
			siblings[*e.Name] = *e.Value
		}
		c.Environment = kept
		rest = append(rest, c)
	}
	return rest, siblings
}
