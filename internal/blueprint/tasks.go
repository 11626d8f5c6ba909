package blueprint

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
)

// addTask adds the task definition of a workload with its role and log group.
func (b *builder) addTask(w app.Workload) error {
	if needsTaskRole(w) {
		role, err := b.addTaskRole(w)
		if err != nil {
			return err
		}
		b.roles[w.Name] = role
	}
	if group := b.addLogs(w); group != nil {
		b.logs[w.Name] = group
	}
	architecture, err := architectureOf(w)
	if err != nil {
		return err
	}
	task := ecs.TaskDefinition{
		Family: Family(b.app, b.facts.Region, w.Name),
		CPU:    w.CPU, Memory: w.Memory, EphemeralGiB: w.DiskGiB,
		Architecture:  architecture,
		ExecutionRole: b.executionRoleOf(w), TaskRole: b.taskRoleOf(w),
		Containers: []ecs.Container{b.container(w)}, Siblings: b.siblingHosts(w),
		Volumes: b.volumes(w),
	}
	b.addFiles(&task, w)
	b.tasks[w.Name] = b.graph.Add(b.stack, w.Name, task).Label(w.Labels)
	return nil
}

func architectureOf(w app.Workload) (string, error) {
	switch w.Architecture {
	case "amd64":
		return "X86_64", nil
	case "arm64":
		return "ARM64", nil
	}
	return "", fmt.Errorf("architecture %q: want amd64 or arm64", w.Architecture)
}

func (b *builder) container(w app.Workload) ecs.Container {
	_, service := b.app.Service(w.Name)
	c := ecs.Container{
		Name: ContainerName(w.Name), Image: b.image(w), Essential: true,
		Command: w.Command, EntryPoint: w.Entrypoint, User: w.User, WorkingDir: w.WorkingDir,
		Environment: b.environment(w),
		Ports:       b.portMappings(w),
		Health:      containerCheck(w, service),
		StopSeconds: w.StopSeconds, ReadOnly: w.ReadOnly, Init: w.Init,
		Interactive: w.Interactive, TTY: w.TTY,
		Mounts: mounts(w), SystemControls: w.Sysctls, CapAdd: w.CapAdd, CapDrop: w.CapDrop,
	}
	if service {
		c.Labels = b.siblingsLabel(w)
	}
	if w.Model != "" {
		c.Command, c.Environment = b.gatewayCommand(w), b.gatewayEnv(w)
	}
	for _, u := range w.Ulimits {
		c.Ulimits = append(c.Ulimits, ecs.Ulimit{Name: u.Name, Soft: u.Soft, Hard: u.Hard})
	}
	b.addSecrets(&c, w)
	b.addHosts(&c, w)
	if !w.Logging.Off {
		c.LogGroup, c.LogRegion, c.LogPrefix = LogGroupName(b.app, w.Name), b.facts.Region, LogPrefix
		c.LogOptions = w.Logging.Options
	}
	return c
}

// environment is the literal environment, with the siblings' addresses where
// a job could not find them by name.
func (b *builder) environment(w app.Workload) map[string]string {
	_, job := b.app.Job(w.Name)
	if !job || !b.connects() {
		return w.Env
	}
	env := b.hostsOf(b.siblings(w))
	maps.Copy(env, w.Env)
	return env
}

// mostSiblings is how many siblings a task is told of: a task definition takes
// 64 KiB in all.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
const mostSiblings = 200

// siblingHosts are the full names of a workload's siblings. A short name needs
// the search domain of the VPC; the full one does not.
func (b *builder) siblingHosts(w app.Workload) map[string]string {
	siblings := b.siblings(w)
	if b.connects() || len(siblings) == 0 || len(siblings) > mostSiblings {
		return nil
	}
	return b.hostsOf(siblings)
}

func (b *builder) hostsOf(siblings []app.Service) map[string]string {
	hosts := map[string]string{}
	for _, s := range siblings {
		hosts[hostVariable(s.Name)] = s.Name + "." + Domain(b.app)
	}
	return hosts
}

// portMappings are the single ports that siblings and the balancer reach. The
// names and what is spoken matter to Service Connect only.
func (b *builder) portMappings(w app.Workload) []ecs.PortMapping {
	byPort := map[string]ecs.PortMapping{}
	add := func(port int, protocol, speaks string) {
		m := ecs.PortMapping{Port: port, Protocol: protocol}
		key := protocol + "-" + strconv.Itoa(port)
		if b.connects() {
			m.Name = key
			switch speaks {
			case app.AppHTTP, app.AppHTTP2, app.AppGRPC:
				m.AppProtocol = speaks
			}
		}
		if byPort[key].AppProtocol == "" {
			byPort[key] = m
		}
	}
	for _, p := range w.Ports {
		add(p.Container, p.Protocol, p.App)
	}
	for _, e := range w.Exposed {
		if e.From == e.To {
			add(e.From, e.Protocol, e.App)
		}
	}
	keys := slices.Sorted(maps.Keys(byPort))
	var out []ecs.PortMapping
	for _, k := range keys {
		out = append(out, byPort[k])
	}
	return out
}
