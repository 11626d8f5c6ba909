package blueprint

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
)

// task is the task definition of a workload with what it needs.
type task struct {
	definition *engine.Node
	// start is the role that starts the task, role that of the workload's own code,
	// logs its log group; nil if they exist already or are not needed.
	start, role, logs *engine.Node
	// derived are the parameters of variables that combine text and secrets.
	derived []*engine.Node
}

// taskStage is the stage of the task definitions.
type taskStage struct {
	stack
	mounts    mounts
	databases databases
	starts    startRoles
	images    images
}

// newTasks adds the task definitions of all workloads, and returns them by
// workload.
func newTasks(s stack, m mounts, d databases, r startRoles, i images) (map[string]task, error) {
	stage := taskStage{stack: s, mounts: m, databases: d, starts: r, images: i}
	tasks := map[string]task{}
	for _, w := range s.app.Workloads() {
		made, err := stage.addTask(w)
		if err != nil {
			return nil, fmt.Errorf("task of %s: %w", w.Name, err)
		}
		tasks[w.Name] = made
	}
	return tasks, nil
}

// addTask adds the task definition of a workload with its role and log group.
func (t taskStage) addTask(w app.Workload) (task, error) {
	var out task
	var err error
	if needsTaskRole(w) {
		if out.role, err = t.addTaskRole(w); err != nil {
			return task{}, err
		}
	}
	out.logs = t.addLogs(w)
	architecture, err := architectureOf(w)
	if err != nil {
		return task{}, err
	}
	out.start = t.starts.of(w)
	want := ecs.TaskDefinition{
		Family: Family(t.app, t.facts.Region, w.Name),
		CPU:    w.CPU, Memory: w.Memory, EphemeralGiB: w.DiskGiB,
		Architecture:  architecture,
		ExecutionRole: roleARN(out.start, w.ExecutionRole), TaskRole: roleARN(out.role, w.TaskRole),
		Siblings: t.siblingHosts(w),
		Volumes:  t.mounts.volumes(w),
	}
	container, derived := t.container(w)
	out.derived = derived
	want.Containers = []ecs.Container{container}
	t.addFiles(&want, w)
	out.definition = t.add(w.Name, want).Label(w.Labels)
	return out, nil
}

// roleARN is the ARN of berth's role, or of the existing one.
func roleARN(own *engine.Node, existing string) engine.Ref {
	if own != nil {
		return own.ARN()
	}
	return engine.Lit(existing)
}

// needsTaskRole says whether berth makes the role of a workload's own code. Users who
// name an existing execution role often cannot make roles, so then a workload without
// permissions gets no role, which has the same effect.
func needsTaskRole(w app.Workload) bool {
	return w.TaskRole == "" && (w.ExecutionRole == "" || w.ActsInAWS())
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

// container is the workload's own container, with the parameters of its variables.
func (t taskStage) container(w app.Workload) (c ecs.Container, derived []*engine.Node) {
	_, service := t.app.Service(w.Name)
	c = ecs.Container{
		Name: ContainerName(w.Name), Image: t.images.of(w), Essential: true,
		Command: w.Command, EntryPoint: w.Entrypoint, User: w.User, WorkingDir: w.WorkingDir,
		Environment: t.environment(w),
		Ports:       t.portMappings(w),
		Health:      containerCheck(w, service),
		StopSeconds: w.StopSeconds, ReadOnly: w.ReadOnly, Init: w.Init,
		Interactive: w.Interactive, TTY: w.TTY,
		Mounts: containerMounts(w), Tmpfs: containerTmpfs(w), SystemControls: w.Sysctls, CapAdd: w.CapAdd, CapDrop: w.CapDrop,
	}
	if service {
		c.Labels = t.siblingsLabel(w)
	}
	if w.Model != "" {
		c.Command, c.Environment = t.gatewayCommand(w), t.gatewayEnv(w)
	}
	for _, u := range w.Ulimits {
		c.Ulimits = append(c.Ulimits, ecs.Ulimit{Name: u.Name, Soft: u.Soft, Hard: u.Hard})
	}
	derived = t.addSecrets(&c, w)
	t.databases.addHosts(&c, w)
	if !w.Logging.Off {
		c.LogGroup, c.LogRegion, c.LogPrefix = LogGroupName(t.app, w.Name), t.facts.Region, LogPrefix
		c.LogOptions = w.Logging.Options
	}
	return c, derived
}

// environment is the literal environment. With Service Connect, which jobs cannot
// use, a job's also has the siblings' hosts.
func (t taskStage) environment(w app.Workload) map[string]string {
	_, job := t.app.Job(w.Name)
	if !job || !t.connects() {
		return w.Env
	}
	env := t.hostsOf(t.siblings(w))
	maps.Copy(env, w.Env)
	return env
}

// mostSiblings is the most siblings whose hosts are in a task definition, which is
// limited to 64 KiB.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
const mostSiblings = 200

// siblingHosts are variables with the full names of a workload's siblings. A short
// name needs the search domain of the VPC; the full one does not.
func (t taskStage) siblingHosts(w app.Workload) map[string]string {
	siblings := t.siblings(w)
	if t.connects() || len(siblings) == 0 || len(siblings) > mostSiblings {
		return nil
	}
	return t.hostsOf(siblings)
}

func (t taskStage) hostsOf(siblings []app.Service) map[string]string {
	hosts := map[string]string{}
	for _, other := range siblings {
		hosts[hostVariable(other.Name)] = other.Name + "." + Domain(t.app)
	}
	return hosts
}

// portMappings are the single ports that siblings and the load balancer reach. Names
// and application protocols matter to Service Connect only.
func (t taskStage) portMappings(w app.Workload) []ecs.PortMapping {
	byPort := map[string]ecs.PortMapping{}
	add := func(port int, protocol, speaks string) {
		m := ecs.PortMapping{Port: port, Protocol: protocol}
		key := protocol + "-" + strconv.Itoa(port)
		if t.connects() {
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
