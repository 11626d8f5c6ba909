package ecs

import (
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// SiblingPrefix is the prefix of the variables with the hosts of other
// services.
const SiblingPrefix = "BERTH_HOST_"

// withSiblings returns a container's variables, with those of its siblings unless
// it only writes files. The container's own values take precedence.
func (d TaskDefinition) withSiblings(c Container) map[string]string {
	all := variables(c)
	if len(d.Siblings) == 0 || writesFiles(c.Name) {
		return all
	}
	more := maps.Clone(d.Siblings)
	maps.Copy(more, all)
	return more
}

// takeSiblings removes the variables of siblings from the containers that ECS
// shows: those with the prefix that the desired container does not set itself.
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
