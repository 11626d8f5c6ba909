package ecs

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// Cluster is an ECS cluster. Outputs: id (the name), arn, status, and as
// numbers instances, running, pending and services.
type Cluster struct {
	Name string `attr:"name,replace,own"`
	// CapacityProviders are FARGATE, FARGATE_SPOT or the account's own.
	CapacityProviders []string `attr:"capacity_providers,set,silent"`
	// Open says that further capacity providers, which others attach, stay.
	Open            bool
	DefaultStrategy []StrategyItem `attr:"default_strategy,set,silent"`
	// Insights is the containerInsights setting: disabled, enabled, enhanced.
	Insights string `attr:"insights,silent"`
	// Exec is how sessions of ECS Exec are encrypted and logged.
	Exec *ExecConfig `attr:"exec,silent"`
	// Connect is the default Service Connect namespace: a name or an ARN.
	Connect string `attr:"connect,silent"`
}

// StrategyItem is one line of a capacity provider strategy.
type StrategyItem struct {
	Provider     string
	Base, Weight int
}

// ExecConfig is a cluster's configuration of ECS Exec.
type ExecConfig struct {
	// KMSKey encrypts the session; if it is empty, only AWS's TLS does.
	KMSKey string
	// Logging is NONE, DEFAULT (to the task's awslogs) or OVERRIDE (to Logs).
	// Empty counts as DEFAULT, or as OVERRIDE if Logs is set.
	Logging string
	Logs    ExecLogs
}

// ExecLogs is where the output of ECS Exec goes.
type ExecLogs struct {
	LogGroup          string
	LogGroupEncrypted bool
	Bucket            string
	BucketEncrypted   bool
	BucketPrefix      string
}

// Type implements engine.Resource.
func (Cluster) Type() string { return "ecs.cluster" }

// Clusters is the type of Cluster.
type Clusters struct {
	API    *ecs.Client
	Region string
}

// Spec implements engine.Type. CreateCluster returns an existing cluster of the name
// (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html), so its
// mark is checked afterwards.
func (Clusters) Spec() engine.Spec {
	return engine.Spec{
		InUse: "its services and tasks go first",
		Name:  Cluster{}.Type(), Identity: engine.SilentName, ReadyIn: time.Second,
		DeletesAfter: []string{Service{}.Type(), Job{}.Type(), GroupProvider{}.Type()},
	}
}

// List implements engine.Type.
func (t Clusters) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	var names []string
	for _, o := range q.Owners {
		if o.IsEnvironment() {
			names = append(names, ClusterName(o, t.Region))
		}
	}
	found, err := t.described(ctx, q, names)
	if err != nil {
		return nil, err
	}
	return shownClusters(found, q.Wanted, true), nil
}

// described reads clusters once for all types of a reading.
func (t Clusters) described(ctx context.Context, q engine.Query, names []string) ([]types.Cluster, error) {
	slices.Sort(names)
	names = slices.Compact(names)
	return memory.Once(q.Memory, "ecs.clusters "+strings.Join(names, " "), func() ([]types.Cluster, error) { return t.describe(ctx, names) })
}

// Find implements engine.Finder.
func (t Clusters) Find(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	var names []string
	for _, w := range q.Wanted {
		if c, ok := w.Resource.(Cluster); ok {
			names = append(names, c.Name)
		}
	}
	return t.named(ctx, names, q.Wanted, false)
}

// named reads clusters by their names; marked leaves out those without a mark.
func (t Clusters) named(ctx context.Context, names []string, wanted []engine.Wanted, marked bool) ([]engine.Object, error) {
	found, err := t.describe(ctx, names)
	if err != nil {
		return nil, err
	}
	return shownClusters(found, wanted, marked), nil
}

func shownClusters(found []types.Cluster, wanted []engine.Wanted, marked bool) []engine.Object {
	words := map[string]Cluster{}
	for _, w := range wanted {
		if c, ok := w.Resource.(Cluster); ok {
			words[c.Name] = c
		}
	}
	var objects []engine.Object
	for _, c := range found {
		object, ok := clusterObject(c, words[aws.ToString(c.ClusterName)])
		if ok || !marked {
			objects = append(objects, object)
		}
	}
	return objects
}

// clustersAtOnce is how many clusters one call describes.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeClusters.html
const clustersAtOnce = 100

// describe leaves out clusters that are deleted: ECS shows them as INACTIVE
// for a while.
func (t Clusters) describe(ctx context.Context, names []string) ([]types.Cluster, error) {
	return concurrent.Gather(names, clustersAtOnce, func(batch []string) ([]types.Cluster, error) {
		out, err := t.API.DescribeClusters(ctx, &ecs.DescribeClustersInput{
			Clusters: batch,
			Include:  []types.ClusterField{types.ClusterFieldTags, types.ClusterFieldSettings, types.ClusterFieldConfigurations, types.ClusterFieldAttachments},
		})
		if err != nil {
			return nil, fmt.Errorf("reading the cluster: %w", err)
		}
		for _, f := range out.Failures {
			if reason := aws.ToString(f.Reason); reason != "MISSING" {
				return nil, fmt.Errorf("reading cluster %s: %s", LastPart(aws.ToString(f.Arn)), reason)
			}
		}
		return slices.DeleteFunc(out.Clusters, func(c types.Cluster) bool { return aws.ToString(c.Status) == "INACTIVE" }), nil
	})
}

// Poll implements engine.Poller.
func (t Clusters) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	var names []string
	for _, l := range objects {
		names = append(names, l.ID)
	}
	return t.named(ctx, names, nil, false)
}

// Create implements engine.Type.
func (t Clusters) Create(ctx context.Context, w engine.Desired[Cluster]) (engine.Object, error) {
	out, err := t.API.CreateCluster(ctx, &ecs.CreateClusterInput{
		ClusterName: aws.String(w.Want.Name), Tags: tagsOf(w.Tags),
		CapacityProviders: w.Want.CapacityProviders, DefaultCapacityProviderStrategy: strategyInput(w.Want.DefaultStrategy),
		Settings: insights(w.Want), Configuration: configuration(w.Want.Exec), ServiceConnectDefaults: connect(w.Want.Connect, false),
	})
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating cluster %s: %w", w.Want.Name, missingProvider(err, w.Want))
	}
	object, marked := clusterObject(*out.Cluster, w.Want)
	if !marked {
		// Either ECS left the tags out of its answer, or the cluster belongs to
		// somebody else.
		found, err := t.describe(ctx, []string{w.Want.Name})
		if err != nil {
			return engine.Object{}, err
		}
		if len(found) > 0 {
			object, _ = clusterObject(found[0], w.Want)
		} else {
			object.Address = w.Address // too new to be described, so it is berth's
		}
	}
	if err := w.Claim(engine.Mark{Address: object.Address}, w.Want.Name, object.Output("arn")); err != nil {
		return engine.Object{}, err
	}
	if object.LastApplied == w.Tags[engine.TagLastApplied] {
		return object, nil
	}
	return t.Update(ctx, w, object, gate.Differing(w.Want, object))
}

// Update implements engine.Type.
func (t Clusters) Update(ctx context.Context, w engine.Desired[Cluster], object engine.Object, changed []string) (engine.Object, error) {
	err := t.change(ctx, w.Want, changed)
	if err != nil {
		return object, fmt.Errorf("updating cluster %s: %w", w.Want.Name, missingProvider(err, w.Want))
	}
	if err := setTags(ctx, t.API, object.Output("arn"), object.Tags, w.Tags); err != nil {
		return object, err
	}
	updated := engine.AsDesired(w, object.ID, object.Outputs)
	updated.State, updated.Detail = object.State, object.Detail
	return updated, nil
}

// change makes the calls that the changed attributes need.
func (t Clusters) change(ctx context.Context, want Cluster, changed []string) error {
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(changed, n) })
	}
	// Both calls set everything at once, so the present values are read of what the
	// desired state leaves out.
	var now types.Cluster
	if has("exec") || has("capacity_providers", "default_strategy") && (want.Open || want.CapacityProviders == nil || want.DefaultStrategy == nil) {
		found, err := t.describe(ctx, []string{want.Name})
		if err != nil {
			return err
		}
		if len(found) > 0 {
			now = found[0]
		}
	}
	if has("insights", "exec", "connect") {
		in := &ecs.UpdateClusterInput{Cluster: aws.String(want.Name)}
		if has("insights") {
			in.Settings = insights(want)
		}
		if has("exec") {
			in.Configuration = changedConfiguration(want.Exec, now.Configuration)
		}
		if has("connect") {
			in.ServiceConnectDefaults = connect(want.Connect, true)
		}
		if _, err := t.API.UpdateCluster(ctx, in); err != nil {
			return err
		}
	}
	if !has("capacity_providers", "default_strategy") {
		return nil
	}
	providers, strategy := capacity(want, now, has("capacity_providers"), has("default_strategy"))
	_, err := t.API.PutClusterCapacityProviders(ctx, &ecs.PutClusterCapacityProvidersInput{
		Cluster: aws.String(want.Name), CapacityProviders: orEmpty(providers), DefaultCapacityProviderStrategy: orEmpty(strategy),
	})
	return err
}

// Delete implements engine.Type.
func (t Clusters) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteCluster(ctx, &ecs.DeleteClusterInput{Cluster: aws.String(object.ID)})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting cluster %s: %w", object.ID, err)
	}
	return nil
}

var (
	_ engine.Type[Cluster] = Clusters{}
	_ engine.Poller        = Clusters{}
	_ engine.Finder        = Clusters{}
)
