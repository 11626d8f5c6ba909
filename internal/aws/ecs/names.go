package ecs

import (
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

// maxName is the longest name of a cluster, a service or a family.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
const maxName = 255

// ClusterName is the name of an environment's own cluster, for the environment
// and for the stacks in it. Services and jobs are looked for there even if no
// file mentions them.
func ClusterName(o engine.Owner, region string) string {
	env := engine.Owner{Environment: o.Environment}
	return naming.Name(env, region, env.Environment, maxName)
}

// clusterNames returns the clusters that the owners' services and jobs can be
// in: their environments' own, and existing ones.
func clusterNames(owners []engine.Owner, region string, existing []engine.Ref) []string {
	var names []string
	for _, o := range owners {
		names = append(names, ClusterName(o, region))
	}
	for _, ref := range existing {
		if ref.Known() && ref.Value() != "" {
			names = append(names, LastPart(ref.Value()))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// LastPart returns the part after the last slash: an ARN's name or id.
func LastPart(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// clusterOf is the cluster's name in the ARN of a service or a task, such as
// arn:aws:ecs:eu-central-1:111122223333:service/CLUSTER/NAME.
func clusterOf(arn string) string {
	parts := strings.Split(arn, "/")
	if len(parts) < 3 {
		return ""
	}
	return parts[1]
}
