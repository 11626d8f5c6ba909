package blueprint

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/app/sidecar"
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
		Capacity:      t.capacityOf(w),
		ExecutionRole: roleARN(out.start, w.ExecutionRole), TaskRole: roleARN(out.role, w.TaskRole),
		Siblings: t.siblingHosts(w),
		Volumes:  t.mounts.volumes(w),
	}
	out.derived = t.addContainers(&want, w)
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

// addContainers adds the containers of a workload to its task: its own first, then
// its sidecars. It returns the parameters of their variables.
func (t taskStage) addContainers(d *ecs.TaskDefinition, w app.Workload) (derived []*engine.Node) {
	_, service := t.app.Service(w.Name)
	own, derived := t.container(w, w)
	own.Health = containerCheck(w, service)
	if service {
		own.Labels = t.siblingsLabel(w)
	}
	d.Containers = append(d.Containers, own)
	for _, s := range w.Sidecars {
		c, more := t.container(s.Workload, w)
		c.Essential, c.Health = s.Essential, containerCheck(s.Workload, false)
		if s.Restart != nil {
			c.Restart = &ecs.Restart{Ignored: s.Restart.Ignored, PeriodSeconds: s.Restart.PeriodSeconds}
		}
		d.Containers, derived = append(d.Containers, c), append(derived, more...)
	}
	for i, c := range w.Containers() {
		if awaited(w, c.Name) {
			d.Containers[i].StartSeconds = startSeconds(c.Health)
		}
		t.addFiles(d, i, c, i > 0)
	}
	return derived
}

// awaited says whether another container of the task waits until this one is healthy.
func awaited(w app.Workload, name string) bool {
	return slices.ContainsFunc(w.Containers(), func(c app.Workload) bool {
		return slices.Contains(c.Waits, sidecar.Wait{For: name, Until: sidecar.Healthy})
	})
}

// mostStart is ECS's longest time-out of a start on Fargate.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
const mostStart = 120

// startSeconds is how long a container may take to become healthy: as long as its
// check allows. ECS keeps a task whose containers wait for each other PENDING for
// hours, so only a check that allows more than ECS's longest time-out has none.
func startSeconds(h *app.Health) int {
	if h == nil {
		return 0
	}
	n := h.StartPeriod + h.Interval*h.Retries + h.Timeout
	if n > mostStart {
		return 0
	}
	return n
}

// container is a container of a workload's task, with the parameters of its
// variables.
func (t taskStage) container(w, of app.Workload) (c ecs.Container, derived []*engine.Node) {
	c = ecs.Container{
		Name: ContainerName(w.Name), Image: t.images.of(w), Essential: true,
		Command: w.Command, EntryPoint: w.Entrypoint, User: w.User, WorkingDir: w.WorkingDir,
		Environment: t.environment(w, of),
		Ports:       t.portMappings(w),
		StopSeconds: w.StopSeconds, ReadOnly: w.ReadOnly, Init: w.Init,
		Interactive: w.Interactive, TTY: w.TTY,
		Mounts: containerMounts(w), Tmpfs: containerTmpfs(w), SystemControls: w.Sysctls, CapAdd: w.CapAdd, CapDrop: w.CapDrop,
	}
	c.GPUs, c.Privileged = w.GPUs, w.Privileged
	c.CPU, c.MemoryMiB, c.ReservedMiB = w.Share.CPU, w.Share.Memory, w.Share.Reserved
	for _, wait := range w.Waits {
		c.DependsOn = append(c.DependsOn, ecs.ContainerDependency{Container: ContainerName(wait.For), Condition: string(wait.Until)})
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
		c.LogGroup, c.LogRegion, c.LogPrefix = LogGroupName(t.app, of.Name), t.facts.Region, LogPrefix
		c.LogOptions = w.Logging.Options
	}
	return c, derived
}

// environment is the literal environment. With Service Connect, which jobs cannot
// use, a job's also has the siblings' hosts.
func (t taskStage) environment(w, of app.Workload) map[string]string {
	_, job := t.app.Job(of.Name)
	if !job || !t.connects() {
		return w.Env
	}
	env := t.hostsOf(t.siblings(of))
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

func (t taskStage) hostsOf(siblings []*app.Service) map[string]string {
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
		if p.In != "" {
			continue // it is that of a sidecar
		}
		add(p.Container, p.Protocol, p.App)
	}
	for _, e := range w.Exposed {
		if e.From == e.To && e.In == "" {
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
