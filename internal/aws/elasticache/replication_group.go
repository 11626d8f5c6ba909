package elasticache

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// ReplicationGroup is a managed cache of one shard: encrypted, in private
// subnets. Outputs: id (the name), arn, endpoint, port.
type ReplicationGroup struct {
	// Name is unique in the account and region: at most 40 lower-case letters,
	// digits and hyphens.
	Name string `attr:"name,replace,own"`
	// Engine is redis or valkey; Version as in 7.1 or 8.1.
	Engine  string `attr:"engine"`
	Version string `attr:"version"`
	// NodeType is a size, as in cache.t4g.micro.
	NodeType string `attr:"node_type"`
	Port     int    `attr:"port,replace"`
	// Nodes is 1 to 6. With MultiAZ, which needs two, a node in another zone takes
	// over from one that fails.
	Nodes          int          `attr:"nodes"`
	MultiAZ        bool         `attr:"multi_az"`
	SubnetGroup    engine.Ref   `attr:"subnet_group,replace"`
	SecurityGroups []engine.Ref `attr:"security_groups,set"`
	// TLS is required, or preferred, which also accepts connections without TLS.
	TLS string `attr:"tls"`
	// BackupDays is 0, for none, to 35.
	BackupDays int `attr:"backup_days"`
	// FromSnapshot is a snapshot that a new group begins with, unless the group
	// has left a final snapshot of its own.
	FromSnapshot string `attr:"from_snapshot,create"`
	// AllowDowntime consents to changes that interrupt the cache.
	AllowDowntime bool
}

// Type implements engine.Resource.
func (ReplicationGroup) Type() string { return "elasticache.replication-group" }

// ReplicationGroups is the type of ReplicationGroup.
type ReplicationGroups struct {
	API     *elasticache.Client
	Tagging *resourcegroupstaggingapi.Client
	// Account, Region and Partition recognise names.
	Region string
}

// Typical times: a node based cache takes 5 to 10 minutes to be created.
const typical = 5 * time.Minute

// longest is the time on a bad day, with several nodes, a restore or a change of
// version, which replaces each node in turn; Terraform allows 45 and 60 minutes.
const longest = 40 * time.Minute

// Spec implements engine.Type. A group in StateFailed was never created and so
// has no data.
func (ReplicationGroups) Spec() engine.Spec {
	return engine.Spec{
		Holds: "data",
		Name:  ReplicationGroup{}.Type(), Identity: engine.UniqueName, ReadyIn: typical, GoneIn: typical,
		ReadyBy: longest, GoneBy: longest,
		Leaves: "a final snapshot keeps its data", DeadWhenFailed: true,
		// The final snapshot has to contain the last data that they write.
		DeletesAfter: []string{"ecs.service", "ecs.job"},
	}
}

// List implements engine.Type: two calls if there may be any, because some
// attributes are shown by a group's nodes only, and another for final snapshots if a
// group is missing.
func (t ReplicationGroups) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	ok, err := tagindex.MayExist(ctx, q, t.Tagging, "elasticache:replicationgroup", "elasticache:snapshot")
	if err != nil || !ok {
		return nil, err
	}
	groups, err := t.all(ctx, nil)
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	var objects []engine.Object
	for _, g := range groups {
		mark, ok := engine.ParseMark(aws.ToString(g.Description))
		if ok && mark.Address.Type == (ReplicationGroup{}).Type() && q.Has(mark.Address.Owner) {
			l := groupObject(g)
			l.Address, l.LastApplied = mark.Address, mark.LastApplied
			objects = append(objects, l)
			there[l.ID] = l.State != engine.StateDeleting
		}
	}
	if err := t.addNodes(ctx, q, objects); err != nil {
		return nil, err
	}
	if q.Deep {
		err := concurrent.Each(objects, func(i int, l engine.Object) (err error) {
			objects[i].Tags, err = tagsAt(ctx, t.API, l.Output("arn"))
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return t.withStored(ctx, q, objects, there)
}

// all are the groups of the account, or the one of a name.
func (t ReplicationGroups) all(ctx context.Context, name *string) ([]types.ReplicationGroup, error) {
	var all []types.ReplicationGroup
	pages := elasticache.NewDescribeReplicationGroupsPaginator(t.API, &elasticache.DescribeReplicationGroupsInput{ReplicationGroupId: name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if gate.IsNotFound(err) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("listing replication groups: %w", err)
		}
		all = append(all, page.ReplicationGroups...)
	}
	return all, nil
}

// Poll implements engine.Poller.
func (t ReplicationGroups) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	groups, err := t.all(ctx, nil)
	if err != nil {
		return nil, err
	}
	byName := map[string]types.ReplicationGroup{}
	for _, g := range groups {
		byName[aws.ToString(g.ReplicationGroupId)] = g
	}
	var out []engine.Object
	for _, l := range objects {
		if l.State == engine.StateStored {
			s, found, err := t.snapshot(ctx, l.ID)
			if err != nil {
				return nil, err
			}
			if found {
				l.Detail = snapshotDetail(s)
				out = append(out, l)
			}
			continue
		}
		if g, ok := byName[l.ID]; ok {
			out = append(out, groupObject(g))
		}
	}
	return out, nil
}

// Create implements engine.Type. If an earlier group of the name left a final
// snapshot, that is restored, whatever FromSnapshot says.
func (t ReplicationGroups) Create(ctx context.Context, w engine.Desired[ReplicationGroup]) (engine.Object, error) {
	from, err := t.source(ctx, w.Want)
	if err != nil {
		return engine.Object{}, err
	}
	out, err := t.API.CreateReplicationGroup(ctx, createInput(w, from))
	switch {
	case gate.IsExists(err):
		return t.existing(ctx, w)
	case err != nil:
		return engine.Object{}, fmt.Errorf("creating cache %s: %w", w.Want.Name, err)
	}
	l := groupObject(*out.ReplicationGroup)
	l.Tags, l.LastApplied = w.Tags, w.Tags[engine.TagLastApplied]
	return l, nil
}

// existing goes on with the group that has the desired name, if its mark is the
// desired one.
func (t ReplicationGroups) existing(ctx context.Context, w engine.Desired[ReplicationGroup]) (engine.Object, error) {
	groups, err := t.all(ctx, &w.Want.Name)
	if err != nil {
		return engine.Object{}, err
	}
	if len(groups) == 0 {
		return engine.Object{}, gate.Unlisted("cache " + w.Want.Name)
	}
	mark, _ := engine.ParseMark(aws.ToString(groups[0].Description))
	l := groupObject(groups[0])
	l.LastApplied = mark.LastApplied
	if err := w.Claim(mark, w.Want.Name, l.Output("arn")); err != nil {
		return engine.Object{}, err
	}
	switch {
	case l.State == engine.StateDeleting:
		return engine.Object{}, gate.Busy("cache " + w.Want.Name + " is being deleted")
	case mark.LastApplied == w.Tags[engine.TagLastApplied]:
		return l, nil
	}
	return t.Update(ctx, w, l, everything())
}

var (
	_ engine.Type[ReplicationGroup]   = ReplicationGroups{}
	_ engine.Poller                   = ReplicationGroups{}
	_ engine.Holder[ReplicationGroup] = ReplicationGroups{}
	_ engine.Eraser                   = ReplicationGroups{}
	_ engine.Keeper                   = ReplicationGroups{}
)
