package compute

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/strategy"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// Clusters are the clusters, with their container instances and capacity providers.
type Clusters struct {
	account  *world.Account
	s        *state
	needs    *Needs
	machines *machines
}

func (p *Clusters) clusterRoutes(r *world.Router) {
	world.On(r, p.createCluster)
	world.On(r, p.describeClusters)
	world.On(r, p.listClusters)
	world.On(r, p.updateCluster)
	world.On(r, p.updateClusterSettings)
	world.On(r, p.putClusterCapacityProviders)
	world.On(r, p.deleteCluster)
}

// serviceARN is the ARN of a service of the cluster.
func (c *cluster) serviceARN(name string) string {
	return strings.Replace(c.ARN, ":cluster/", ":service/", 1) + "/" + name
}

func noCluster() error {
	return &types.ClusterNotFoundException{Message: aws.String("Cluster not found.")}
}

// clusterOf returns the ACTIVE cluster that a call names; "default" if the call
// names none.
func (s *state) clusterOf(rq *world.Request, nameOrARN *string) (*cluster, error) {
	name := cmp.Or(world.LastPart(aws.ToString(nameOrARN)), "default")
	if c := s.Clusters.Find(rq, name); c != nil && c.Status == active {
		return c, nil
	}
	return nil, noCluster()
}

func (p *Clusters) createCluster(rq *world.Request, in *ecs.CreateClusterInput) (*ecs.CreateClusterOutput, error) {
	name := cmp.Or(aws.ToString(in.ClusterName), "default")
	// An existing cluster is returned unchanged, even if the call asks for
	// other settings.
	if c := p.s.Clusters.Get(name); c != nil && c.Status == active {
		return &ecs.CreateClusterOutput{Cluster: p.shownCluster(c, true)}, nil
	}
	if err := strategy.CheckProviders(in.CapacityProviders, in.DefaultCapacityProviderStrategy, p.s.providers("")); err != nil {
		return nil, err
	}
	if err := p.needs.linkedRole(rq); err != nil {
		return nil, err
	}
	c := &cluster{
		ARN: p.account.ARN("ecs", "cluster/"+name), Name: name, Status: active, Providers: in.CapacityProviders,
		Strategy: in.DefaultCapacityProviderStrategy, Settings: in.Settings, Configuration: in.Configuration, Tags: in.Tags,
	}
	if len(c.Settings) == 0 {
		c.Settings = []types.ClusterSetting{{Name: types.ClusterSettingNameContainerInsights, Value: aws.String("disabled")}}
	}
	p.connect(c, in.ServiceConnectDefaults)
	p.s.Clusters.Put(p.account, rq.Now, name, c)
	return &ecs.CreateClusterOutput{Cluster: p.shownCluster(c, true)}, nil
}

func (p *Clusters) describeClusters(rq *world.Request, in *ecs.DescribeClustersInput) (*ecs.DescribeClustersOutput, error) {
	names := in.Clusters
	if len(names) == 0 {
		names = []string{"default"}
	}
	out := &ecs.DescribeClustersOutput{Clusters: []types.Cluster{}, Failures: []types.Failure{}}
	for _, n := range names {
		c := p.s.Clusters.Find(rq, world.LastPart(n))
		if c == nil {
			out.Failures = append(out.Failures, missingItem(p.account.ARN("ecs", "cluster/"+world.LastPart(n))))
			continue
		}
		shown := p.shownCluster(c, slices.Contains(in.Include, types.ClusterFieldTags))
		if !slices.Contains(in.Include, types.ClusterFieldSettings) {
			shown.Settings = nil
		}
		if !slices.Contains(in.Include, types.ClusterFieldConfigurations) {
			shown.Configuration = nil
		}
		if !slices.Contains(in.Include, types.ClusterFieldAttachments) {
			shown.AttachmentsStatus = nil
		}
		out.Clusters = append(out.Clusters, *shown)
	}
	return out, nil
}

func (p *Clusters) shownCluster(c *cluster, tags bool) *types.Cluster {
	out := &types.Cluster{
		ClusterArn: aws.String(c.ARN), ClusterName: aws.String(c.Name), Status: aws.String(c.Status),
		CapacityProviders: c.Providers, DefaultCapacityProviderStrategy: c.Strategy, Settings: c.Settings,
		Configuration: c.Configuration, ServiceConnectDefaults: c.Connect,
		RegisteredContainerInstancesCount: int32(len(p.instances(c))),
	}
	if tags {
		out.Tags = c.Tags
	}
	if !c.Busy.IsZero() {
		out.AttachmentsStatus = aws.String("UPDATE_COMPLETE")
		if p.account.Now().Before(c.Busy) {
			out.AttachmentsStatus = aws.String("UPDATE_IN_PROGRESS")
		}
	}
	for _, s := range p.s.Services.All() {
		if s.Cluster == c.ARN && s.Status == active {
			out.ActiveServicesCount++
		}
	}
	for _, t := range p.s.Tasks.All() {
		switch {
		case t.Cluster != c.ARN:
		case t.Last == running:
			out.RunningTasksCount++
		case t.Last == provisioning, t.Last == pending, t.Last == activating:
			out.PendingTasksCount++
		}
	}
	return out
}

func (p *Clusters) listClusters(rq *world.Request, in *ecs.ListClustersInput) (*ecs.ListClustersOutput, error) {
	var arns []string
	for _, c := range p.s.Clusters.List(rq) {
		if c.Status == active {
			arns = append(arns, c.ARN)
		}
	}
	page, next, err := listPage(arns, in.NextToken, in.MaxResults, 100)
	return &ecs.ListClustersOutput{ClusterArns: page, NextToken: next}, err
}

func (p *Clusters) updateCluster(rq *world.Request, in *ecs.UpdateClusterInput) (*ecs.UpdateClusterOutput, error) {
	c, err := p.s.clusterOf(rq, in.Cluster)
	if err != nil {
		return nil, err
	}
	p.set(c, in.Settings)
	c.Configuration = cmp.Or(in.Configuration, c.Configuration)
	p.connect(c, in.ServiceConnectDefaults)
	return &ecs.UpdateClusterOutput{Cluster: p.shownCluster(c, true)}, nil
}

func (p *Clusters) updateClusterSettings(rq *world.Request, in *ecs.UpdateClusterSettingsInput) (*ecs.UpdateClusterSettingsOutput, error) {
	c, err := p.s.clusterOf(rq, in.Cluster)
	if err != nil {
		return nil, err
	}
	p.set(c, in.Settings)
	return &ecs.UpdateClusterSettingsOutput{Cluster: p.shownCluster(c, true)}, nil
}

func (p *Clusters) set(c *cluster, settings []types.ClusterSetting) {
	for _, s := range settings {
		c.Settings = slices.DeleteFunc(c.Settings, func(have types.ClusterSetting) bool { return have.Name == s.Name })
		c.Settings = append(c.Settings, s)
	}
}

func (p *Clusters) putClusterCapacityProviders(rq *world.Request, in *ecs.PutClusterCapacityProvidersInput) (*ecs.PutClusterCapacityProvidersOutput, error) {
	c, err := p.s.clusterOf(rq, in.Cluster)
	if err != nil {
		return nil, err
	}
	if err := strategy.CheckProviders(in.CapacityProviders, in.DefaultCapacityProviderStrategy, p.s.providers(c.ARN)); err != nil {
		return nil, err
	}
	if rq.Now.Before(c.Busy) {
		return nil, &types.UpdateInProgressException{Message: aws.String("The specified cluster is in a busy state. Cluster attachments must be in UPDATE_COMPLETE or UPDATE_FAILED state before they can be updated. Wait and try again.")}
	}
	for _, name := range c.Providers {
		if o := p.s.Capacities.Get(name); o != nil && o.Managed != nil && !slices.Contains(in.CapacityProviders, name) {
			return nil, badInput("The capacity provider %s belongs to the cluster: delete it instead of removing it.", name)
		}
		if !slices.Contains(in.CapacityProviders, name) && (p.s.usesProvider(c, name) || p.s.Capacities.Get(name) != nil && p.s.names(c, name)) {
			return nil, &types.ResourceInUseException{Message: aws.String(fmt.Sprintf(
				"The capacity provider %s is in use by a service or task of the cluster and cannot be removed.", name))}
		}
	}
	if err := p.needs.linkedRole(rq); err != nil {
		return nil, err
	}
	for _, o := range p.s.Capacities.All() {
		if o.Group != nil && slices.Contains(c.Providers, o.Name) != slices.Contains(in.CapacityProviders, o.Name) {
			c.Busy = rq.Now.Add(p.account.Takes(world.ProviderMade))
		}
	}
	c.Providers, c.Strategy = in.CapacityProviders, in.DefaultCapacityProviderStrategy
	return &ecs.PutClusterCapacityProvidersOutput{Cluster: p.shownCluster(c, true)}, nil
}

func (s *state) usesProvider(c *cluster, name string) bool {
	return slices.ContainsFunc(s.Tasks.All(), func(t *task) bool {
		return t.Cluster == c.ARN && t.Provider == name && t.Last != stopped
	})
}

func (p *Clusters) deleteCluster(rq *world.Request, in *ecs.DeleteClusterInput) (*ecs.DeleteClusterOutput, error) {
	c := p.s.Clusters.Get(world.LastPart(aws.ToString(in.Cluster)))
	if c == nil {
		return nil, noCluster()
	}
	shown := p.shownCluster(c, true)
	if shown.ActiveServicesCount > 0 {
		return nil, &types.ClusterContainsServicesException{Message: aws.String("The Cluster cannot be deleted while Services are active.")}
	}
	if slices.ContainsFunc(p.s.Tasks.All(), func(t *task) bool { return t.Cluster == c.ARN && t.Last != stopped }) {
		return nil, &types.ClusterContainsTasksException{Message: aws.String("The Cluster cannot be deleted while Tasks are active.")}
	}
	if len(p.instances(c)) > 0 {
		return nil, &types.ClusterContainsContainerInstancesException{
			Message: aws.String("The Cluster cannot be deleted while Container Instances are active or draining."),
		}
	}
	if slices.ContainsFunc(p.s.Capacities.All(), func(o *provider) bool { return o.Cluster == c.ARN }) {
		return nil, &types.ClusterContainsCapacityProviderException{Message: aws.String("The Cluster cannot be deleted while it has capacity providers of its own.")}
	}
	c.Status = inactive
	shown.Status = aws.String(inactive)
	return &ecs.DeleteClusterOutput{Cluster: shown}, nil
}

// itoa formats a number for an id of ECS.
func itoa[T int | int32 | int64](n T) string { return strconv.FormatInt(int64(n), 10) }
