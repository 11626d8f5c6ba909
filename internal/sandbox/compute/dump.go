package compute

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Dump implements world.Service.
func (p *ECS) Dump(d *world.Dumper) {
	for _, c := range p.s.Clusters.All() {
		if c.Status == active {
			d.Add("ecs.cluster", c.ARN, c.Name, clusterDump(c))
		}
	}
	for _, def := range p.s.Definitions.All() {
		add := d.Add
		if def.Shown.Status == types.TaskDefinitionStatusDeleteInProgress {
			add = d.Keep
		}
		add("ecs.task-definition", *def.Shown.TaskDefinitionArn, *def.Shown.Family, map[string]any{
			"status": def.Shown.Status, "cpu": def.Shown.Cpu, "memory": def.Shown.Memory, "tags": world.TagMap(def.Tags),
			"roles": []*string{def.Shown.ExecutionRoleArn, def.Shown.TaskRoleArn}, "containers": def.Shown.ContainerDefinitions,
		})
	}
	for _, s := range p.s.Services.All() {
		if s.Status != inactive {
			p.dumpService(d, s)
		}
	}
	for _, o := range p.s.Capacities.All() {
		d.Add("ecs.capacity-provider", o.ARN, o.Name, map[string]any{"managed": o.Managed, "status": o.Status, "tags": world.TagMap(o.Tags)})
	}
	for _, m := range p.s.Machines.All() {
		d.Add("ecs.machine", m.ARN, m.EC2, map[string]any{"provider": m.Provider, "type": m.Kind})
	}
	for _, t := range p.s.Tasks.All() {
		if t.Last != stopped {
			d.Add("ecs.task", t.ARN, t.Group, map[string]any{"definition": t.Definition, "last": t.Last})
		}
	}
}

func clusterDump(c *cluster) map[string]any {
	attrs := map[string]any{
		"providers": sortedTexts(c.Providers), "strategy": c.Strategy, "settings": c.Settings, "tags": world.TagMap(c.Tags),
	}
	if c.Configuration != nil {
		attrs["configuration"] = c.Configuration
	}
	if c.Connect != nil {
		attrs["connect"] = c.Connect
	}
	if len(c.Instances) > 0 {
		attrs["instances"] = c.Instances
	}
	return attrs
}

func (p *ECS) dumpService(d *world.Dumper, s *service) {
	config := *world.Clone(&s.Config)
	config.ARN, config.Digests = "", nil
	state := ""
	if len(s.Deployments) > 0 {
		state = string(s.Deployments[0].Rollout)
	}
	d.Add("ecs.service", s.ARN, s.Name, map[string]any{
		"status": s.Status, "desired": s.Desired, "config": config, "deployment": s.Deployment, "grace": s.Grace,
		"tags": world.TagMap(s.Tags), "rollout": state, "scheduling": s.Scheduling,
	})
}

func sortedTexts(s []string) []string { return slices.Sorted(slices.Values(s)) }

// FamilyAt returns the family of the task with a network interface, with a
// space before it. It names the family because the order in which tasks start
// has no meaning.
func (p *ECS) FamilyAt(eni string) string {
	for _, t := range p.s.Tasks.All() {
		if t.ENI == eni {
			return " " + t.family()
		}
	}
	return ""
}

// Index implements world.Indexed. Inactive objects are not in the index.
func (p *ECS) Index(f world.IndexFunc) {
	world.IndexRows(&p.s.Clusters, f, func(c *cluster) (string, map[string]string) {
		return ifActive(c.Status, c.ARN), world.TagMap(c.Tags)
	})
	world.IndexRows(&p.s.Definitions, f, func(d *taskDefinition) (string, map[string]string) {
		return ifActive(string(d.Shown.Status), aws.ToString(d.Shown.TaskDefinitionArn)), world.TagMap(d.Tags)
	})
	world.IndexRows(&p.s.Capacities, f, func(o *provider) (string, map[string]string) { return o.ARN, world.TagMap(o.Tags) })
	world.IndexRows(&p.s.Services, f, func(s *service) (string, map[string]string) {
		return ifActive(s.Status, s.ARN), world.TagMap(s.Tags)
	})
}

func ifActive(status, arn string) string {
	if status == inactive {
		return ""
	}
	return arn
}
