package elasticache

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/berthdev/berth/internal/engine"
)

// groupObject is a group as an engine.Object, without its address and without the
// attributes that only its nodes show.
func groupObject(g types.ReplicationGroup) engine.Object {
	shown := ReplicationGroup{
		Name: aws.ToString(g.ReplicationGroupId), Engine: strings.ToLower(aws.ToString(g.Engine)), NodeType: aws.ToString(g.CacheNodeType),
		Nodes: len(g.MemberClusters), TLS: string(g.TransitEncryptionMode), BackupDays: int(aws.ToInt32(g.SnapshotRetentionLimit)),
		MultiAZ: g.MultiAZ == types.MultiAZStatusEnabled,
	}
	if shown.TLS == "" && aws.ToBool(g.TransitEncryptionEnabled) {
		shown.TLS = string(types.TransitEncryptionModeRequired) // a version without modes
	}
	hidden := []string{"version", "subnet_group", "security_groups", "from_snapshot", "port"}
	for _, h := range []struct {
		name  string
		empty bool
	}{
		{"engine", shown.Engine == ""}, {"node_type", shown.NodeType == ""}, {"nodes", shown.Nodes == 0}, {"tls", shown.TLS == ""},
		{"backup_days", g.SnapshotRetentionLimit == nil},
	} {
		if h.empty {
			hidden = append(hidden, h.name)
		}
	}
	if p := g.PendingModifiedValues; p != nil && p.TransitEncryptionMode != "" {
		shown.TLS = string(p.TransitEncryptionMode)
	}
	l := engine.Object{
		ID: shown.Name, Attrs: engine.Shown(shown, hidden...), Outputs: map[string]string{"arn": aws.ToString(g.ARN)},
		Created: aws.ToTime(g.ReplicationGroupCreateTime),
	}
	for _, n := range g.NodeGroups {
		if n.PrimaryEndpoint != nil && aws.ToString(n.PrimaryEndpoint.Address) != "" {
			l.Outputs["endpoint"] = *n.PrimaryEndpoint.Address
			l.Outputs["port"] = strconv.Itoa(int(aws.ToInt32(n.PrimaryEndpoint.Port)))
		}
	}
	if l.Outputs["port"] != "" {
		l.Attrs["port"] = l.Outputs["port"]
	}
	l.State, l.Detail = stateOf(aws.ToString(g.Status))
	if l.State == engine.StateReady && l.Outputs["endpoint"] == "" {
		l.State = engine.StatePending // dependents need its address
	}
	return l
}

// stateOf sorts the statuses of a group: creating, available, modifying,
// deleting, create-failed, snapshotting.
func stateOf(status string) (engine.State, string) {
	switch status {
	case "available", "snapshotting":
		return engine.StateReady, status
	case "deleting":
		return engine.StateDeleting, status
	case "create-failed":
		return engine.StateFailed, status
	}
	return engine.StatePending, status
}

// addNodes adds to groups the attributes that only their nodes show. Versions are
// written as the desired state writes them: 7.1 for 7.1.0.
func (t ReplicationGroups) addNodes(ctx context.Context, q engine.Query, objects []engine.Object) error {
	if len(objects) == 0 {
		return nil
	}
	want := map[engine.Address]string{}
	for _, w := range q.Wanted {
		if g, ok := w.Resource.(ReplicationGroup); ok {
			want[w.Address] = g.Version
		}
	}
	nodes := map[string]types.CacheCluster{}
	pages := elasticache.NewDescribeCacheClustersPaginator(t.API, &elasticache.DescribeCacheClustersInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("listing the nodes of caches: %w", err)
		}
		for _, c := range page.CacheClusters {
			nodes[aws.ToString(c.ReplicationGroupId)] = c
		}
	}
	for _, l := range objects {
		c, ok := nodes[l.ID]
		if !ok {
			continue
		}
		shown := ReplicationGroup{Version: aws.ToString(c.EngineVersion), SubnetGroup: engine.Lit(aws.ToString(c.CacheSubnetGroupName))}
		if p := c.PendingModifiedValues; p != nil && p.EngineVersion != nil {
			shown.Version = *p.EngineVersion
		}
		if v := want[l.Address]; v != "" && strings.HasPrefix(shown.Version+".", v+".") {
			shown.Version = v
		}
		for _, g := range c.SecurityGroups {
			shown.SecurityGroups = append(shown.SecurityGroups, engine.Lit(aws.ToString(g.SecurityGroupId)))
		}
		attrs := engine.Shown(shown)
		for _, name := range []string{"version", "subnet_group", "security_groups"} {
			if attrs[name] != "" {
				l.Attrs[name] = attrs[name]
			}
		}
	}
	return nil
}
