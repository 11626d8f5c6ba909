package sandbox

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

func (p *ecsPart) Dump(d *dumper) {
	for _, c := range p.s.Clusters.all() {
		if c.Status == active {
			d.add("ecs.cluster", c.ARN, c.Name, clusterDump(c))
		}
	}
	for _, def := range p.s.Definitions.all() {
		add := d.add
		if def.Shown.Status == types.TaskDefinitionStatusDeleteInProgress {
			add = d.keep
		}
		add("ecs.task-definition", *def.Shown.TaskDefinitionArn, *def.Shown.Family, map[string]any{
			"status": def.Shown.Status, "cpu": def.Shown.Cpu, "memory": def.Shown.Memory, "tags": tagMap(def.Tags),
			"roles": []*string{def.Shown.ExecutionRoleArn, def.Shown.TaskRoleArn}, "containers": def.Shown.ContainerDefinitions,
		})
	}
	for _, s := range p.s.Services.all() {
		if s.Status != inactive {
			p.dumpService(d, s)
		}
	}
	for _, t := range p.s.Tasks.all() {
		if t.Last != stopped {
			d.add("ecs.task", t.ARN, t.Group, map[string]any{"definition": t.Definition, "last": t.Last})
		}
	}
}

func clusterDump(c *cluster) map[string]any {
	attrs := map[string]any{
		"providers": sortedTexts(c.Providers), "strategy": c.Strategy, "settings": c.Settings, "tags": tagMap(c.Tags),
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

func (p *ecsPart) dumpService(d *dumper, s *service) {
	config := *clone(&s.Config)
	config.ARN, config.Digests = "", nil
	state := ""
	if len(s.Deployments) > 0 {
		state = string(s.Deployments[0].Rollout)
	}
	d.add("ecs.service", s.ARN, s.Name, map[string]any{
		"status": s.Status, "desired": s.Desired, "config": config, "deployment": s.Deployment, "grace": s.Grace,
		"tags": tagMap(s.Tags), "rollout": state,
	})
}

func sortedTexts(s []string) []string { return slices.Sorted(slices.Values(s)) }

// FamilyAt is the family of the task with a network interface, with a space
// before it: in which order tasks start means nothing.
func (p *ecsPart) FamilyAt(eni string) string {
	for _, t := range p.s.Tasks.all() {
		if t.ENI == eni {
			return " " + t.family()
		}
	}
	return ""
}

// index implements indexed. What is inactive is not in the index.
func (p *ecsPart) index(f indexFunc) {
	indexRows(&p.s.Clusters, f, func(c *cluster) (string, map[string]string) {
		return ifActive(c.Status, c.ARN), tagMap(c.Tags)
	})
	indexRows(&p.s.Definitions, f, func(d *taskDefinition) (string, map[string]string) {
		return ifActive(string(d.Shown.Status), aws.ToString(d.Shown.TaskDefinitionArn)), tagMap(d.Tags)
	})
	indexRows(&p.s.Services, f, func(s *service) (string, map[string]string) {
		return ifActive(s.Status, s.ARN), tagMap(s.Tags)
	})
}

func ifActive(status, arn string) string {
	if status == inactive {
		return ""
	}
	return arn
}
