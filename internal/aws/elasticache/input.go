package elasticache

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/version"
	"github.com/berthdev/berth/internal/engine"
)

func createInput(w engine.Desired[ReplicationGroup], snapshot string) *elasticache.CreateReplicationGroupInput {
	g := w.Want
	return &elasticache.CreateReplicationGroupInput{
		ReplicationGroupId: &g.Name, ReplicationGroupDescription: aws.String(w.Mark().String()), Engine: &g.Engine,
		EngineVersion: gate.Optional(g.Version), CacheNodeType: &g.NodeType, NumCacheClusters: number(g.Nodes), Port: port(g.Port),
		AutomaticFailoverEnabled: &g.MultiAZ, MultiAZEnabled: &g.MultiAZ, CacheSubnetGroupName: aws.String(g.SubnetGroup.Value()),
		SecurityGroupIds: engine.Values(g.SecurityGroups), AtRestEncryptionEnabled: aws.Bool(true),
		TransitEncryptionEnabled: aws.Bool(true), TransitEncryptionMode: modeInput(g),
		SnapshotRetentionLimit: number(g.BackupDays), SnapshotName: gate.Optional(snapshot), Tags: tagList(w.Tags),
		AutoMinorVersionUpgrade: aws.Bool(true),
	}
}

// firstWithMode is the first version that has a setting for the mode of TLS. Earlier
// versions have TLS that is always required, and refuse the setting:
// https://github.com/cloudposse/terraform-aws-elasticache-redis/pull/231
const firstWithMode = "7.0.5"

func takesMode(engineVersion string) bool { return !version.Older(engineVersion, firstWithMode) }

func modeInput(g ReplicationGroup) types.TransitEncryptionMode {
	if !takesMode(g.Version) {
		return ""
	}
	return types.TransitEncryptionMode(g.TLS)
}

// everything are all attributes that can be changed in place.
func everything() []string {
	return []string{"engine", "version", "node_type", "nodes", "multi_az", "security_groups", "tls", "backup_days"}
}

// Update implements engine.Type. One call changes the number of nodes; a second one
// changes the rest, and the mark with it.
func (t ReplicationGroups) Update(ctx context.Context, w engine.Desired[ReplicationGroup], object engine.Object, changed []string) (engine.Object, error) {
	if slices.Contains(changed, "nodes") || slices.Contains(changed, "multi_az") {
		if err := t.resize(ctx, w.Want, object.ID); err != nil {
			return object, err
		}
	}
	if slices.Contains(changed, "tls") && !takesMode(object.Attrs["version"]) {
		if err := t.upgrade(ctx, w.Want, object); err != nil {
			return object, err
		}
	}
	if err := setTags(ctx, t.API, object.Output("arn"), object.Tags, w.Tags); err != nil {
		return object, err
	}
	in := &elasticache.ModifyReplicationGroupInput{
		ReplicationGroupId: &object.ID, ApplyImmediately: aws.Bool(true), ReplicationGroupDescription: aws.String(w.Mark().String()),
	}
	set := map[string]func(){
		"engine":          func() { in.Engine, in.EngineVersion = &w.Want.Engine, gate.Optional(w.Want.Version) },
		"version":         func() { in.EngineVersion = gate.Optional(w.Want.Version) },
		"node_type":       func() { in.CacheNodeType = &w.Want.NodeType },
		"security_groups": func() { in.SecurityGroupIds = engine.Values(w.Want.SecurityGroups) },
		"backup_days":     func() { in.SnapshotRetentionLimit = number(w.Want.BackupDays) },
		"tls": func() {
			in.TransitEncryptionEnabled, in.TransitEncryptionMode = aws.Bool(true), modeInput(w.Want)
		},
		"multi_az": func() { in.AutomaticFailoverEnabled, in.MultiAZEnabled = &w.Want.MultiAZ, &w.Want.MultiAZ },
	}
	for _, name := range changed {
		if f, ok := set[name]; ok {
			f()
		}
	}
	if _, err := t.API.ModifyReplicationGroup(ctx, in); err != nil {
		return object, fmt.Errorf("changing cache %s: %w", object.ID, err)
	}
	done := engine.AsDesired(w, object.ID, object.Outputs)
	done.State, done.Detail = engine.StatePending, "modifying"
	return done, nil
}

// resize brings the group to the wanted number of nodes. Nothing else can be changed
// while AWS does that: the error is then a gate.Busy, and the update is tried again.
// A single node has no replica to fail over to, so failover is switched off first.
func (t ReplicationGroups) resize(ctx context.Context, g ReplicationGroup, name string) error {
	groups, err := t.all(ctx, &name)
	if err != nil {
		return err
	}
	if len(groups) == 0 {
		return gate.Unlisted("cache " + name)
	}
	if status := aws.ToString(groups[0].Status); status != "available" {
		return gate.Busy("cache " + name + " is " + status)
	}
	have, replicas := len(groups[0].MemberClusters), number(g.Nodes-1)
	switch {
	case have == g.Nodes:
		return nil
	case have < g.Nodes:
		_, err = t.API.IncreaseReplicaCount(ctx, &elasticache.IncreaseReplicaCountInput{
			ReplicationGroupId: &name, ApplyImmediately: aws.Bool(true), NewReplicaCount: replicas,
		})
	default:
		if !g.MultiAZ && groups[0].AutomaticFailover == types.AutomaticFailoverStatusEnabled {
			_, err = t.API.ModifyReplicationGroup(ctx, &elasticache.ModifyReplicationGroupInput{
				ReplicationGroupId: &name, ApplyImmediately: aws.Bool(true), AutomaticFailoverEnabled: aws.Bool(false), MultiAZEnabled: aws.Bool(false),
			})
		}
		if err == nil {
			_, err = t.API.DecreaseReplicaCount(ctx, &elasticache.DecreaseReplicaCountInput{
				ReplicationGroupId: &name, ApplyImmediately: aws.Bool(true), NewReplicaCount: replicas,
			})
		}
	}
	if err != nil {
		return fmt.Errorf("changing the nodes of cache %s: %w", name, err)
	}
	return gate.Busy(fmt.Sprintf("cache %s is changing from %d to %d nodes", name, have, g.Nodes))
}

// upgrade brings the group to the wanted version, because its present version has no
// setting for the mode of TLS. Like resize, it returns a gate.Busy meanwhile.
func (t ReplicationGroups) upgrade(ctx context.Context, g ReplicationGroup, object engine.Object) error {
	if !takesMode(g.Version) {
		return nil
	}
	now := []engine.Object{{ID: object.ID, Attrs: map[string]string{}}}
	if err := t.addNodes(ctx, engine.Query{}, now); err != nil {
		return err
	}
	if shown := now[0].Attrs["version"]; shown == "" || takesMode(shown) {
		return nil
	}
	_, err := t.API.ModifyReplicationGroup(ctx, &elasticache.ModifyReplicationGroupInput{
		ReplicationGroupId: &object.ID, ApplyImmediately: aws.Bool(true), Engine: &g.Engine, EngineVersion: gate.Optional(g.Version),
	})
	if err != nil {
		return fmt.Errorf("upgrading cache %s: %w", object.ID, err)
	}
	return gate.Busy("cache " + object.ID + " is being upgraded to version " + g.Version)
}

// Hold implements engine.Holder. A change that would lose data is never made; one
// that interrupts the cache needs the user's consent.
func (ReplicationGroups) Hold(want ReplicationGroup, object engine.Object, attr string) string {
	const consent = "set x-berth.managed.allow_downtime: true to allow it"
	switch attr {
	case "name", "port", "subnet_group":
		return "a change would need a new, empty cache; to get one, add a service with another name"
	case "engine":
		if object.Attrs["engine"] == "valkey" {
			return "a Valkey cache cannot be changed to " + want.Engine
		}
		if !want.AllowDowntime {
			return "the change to " + want.Engine + " may interrupt the cache: " + consent
		}
	case "version":
		if shown := object.Attrs["version"]; want.Engine == object.Attrs["engine"] && version.Older(want.Version, shown) {
			return "a cache cannot be downgraded"
		}
		if !want.AllowDowntime {
			return fmt.Sprintf("the upgrade to %s may interrupt the cache: %s", want.Version, consent)
		}
	case "tls":
		if shown := object.Attrs["version"]; shown != "" && !takesMode(shown) && !want.AllowDowntime {
			return "allowing connections without TLS needs version " + firstWithMode + ", and the upgrade may interrupt the cache: " + consent
		}
	case "node_type":
		if !want.AllowDowntime {
			return fmt.Sprintf("the change to %s may interrupt the cache: %s", want.NodeType, consent)
		}
	}
	return ""
}

// port is nil for 0, so that AWS takes its default.
func port(n int) *int32 {
	if n == 0 {
		return nil
	}
	return number(n)
}

func number(n int) *int32 { return aws.Int32(int32(n)) } //nolint:gosec // counts and days are small
