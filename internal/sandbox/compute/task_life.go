package compute

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/containers"
	"github.com/berthdev/berth/internal/sandbox/startup"
	"github.com/berthdev/berth/internal/sandbox/world"
)

const (
	// activation is the time between the start of the containers and RUNNING.
	activation = time.Second
	// registryTimeout is how long one attempt to reach a registry takes,
	// pullTries the number of attempts. Assumption: such tasks stop after about
	// two minutes.
	registryTimeout = 30 * time.Second
	pullTries       = 4
	// helperTime is how long a container runs if others wait for its end.
	helperTime = time.Second
	// refusal is how long a registry takes to answer that there is no such
	// image.
	refusal = 5 * time.Second
	// taskMemory is how long a stopped task can be described:
	// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
	taskMemory = time.Hour
)

func (p *tasks) taskRoutes(r *world.Router) {
	world.On(r, p.runTask)
	world.On(r, p.stopTask)
	world.On(r, p.listTasks)
	world.On(r, p.describeTasks)
}

// Fargate runs tasks: from their placement through RUNNING to STOPPED.
type Fargate struct {
	account     *world.Account
	s           *state
	needs       *Needs
	deployments *deployments
	scheduler   *scheduler
	startup     *startup.Checks
	resolver    *Resolver
	machines    *machines
}

func (p *Fargate) lifeRoutes(r *world.Router) {
	r.Event("ecs.task.placed", p.placed)
	r.Event("ecs.task.pull", p.pull)
	r.Event("ecs.task.refused", p.refused)
	r.Event("ecs.task.begin", p.beginTask)
	r.Event("ecs.task.running", p.runs)
	r.Event("ecs.task.exit", p.exits)
	r.Event("ecs.task.check", p.check)
	r.Event("ecs.container.checked", p.containerChecked)
	r.Event("ecs.task.overdue", p.overdue)
	r.Event("ecs.task.term", p.term)
	r.Event("ecs.task.kill", p.kill)
	r.Event("ecs.task.forgotten", func(at time.Time, id string) { p.s.Tasks.Remove(at, id) })
}

// in returns the task if it is in this state and should run.
func (s *state) in(id, state string) *task {
	if t := s.Tasks.Get(id); t != nil && t.Last == state && t.Desired == running {
		return t
	}
	return nil
}

// placed is the event at which a task's network interface works and its images can
// be pulled.
func (p *Fargate) placed(at time.Time, id string) {
	t := p.s.in(id, provisioning)
	if t == nil {
		return
	}
	if t.ENI == "" || p.s.Held {
		p.end(at, t, types.TaskStopCodeTaskFailedToStart, startup.NoInterface(t.Subnet, p.s.Held))
		return
	}
	t.Last = pending
	t.Version++
	p.pull(at, id)
}

// pull pulls the images, or tries again if the registry cannot be reached.
func (p *Fargate) pull(at time.Time, id string) {
	t := p.s.in(id, pending)
	if t == nil {
		return
	}
	if def := p.s.Definitions.Get(t.Definition); def != nil {
		if why := cmp.Or(p.startup.Secrets(&def.Shown), p.startup.Images(&def.Shown)); why != "" {
			p.end(at, t, types.TaskStopCodeTaskFailedToStart, why)
			return
		}
	}
	if t.PullStart.IsZero() {
		t.PullStart = at
	}
	for _, c := range t.Containers {
		if p.behaviour(t, c).PullError {
			p.account.Schedule(at.Add(refusal), "ecs.task.refused", id)
			return
		}
	}
	if !p.needs.Reach.Online(t.Subnet, t.Public) || !p.needs.Reach.Leaves(t.ENI, 443) {
		t.Pulls++
		next := "ecs.task.pull"
		if t.Pulls >= pullTries {
			next = "ecs.task.refused"
		}
		p.account.Schedule(at.Add(registryTimeout), next, id)
		return
	}
	p.account.Schedule(at.Add(p.account.Takes(world.TaskPulled)-activation), "ecs.task.begin", id)
}

// behaviour is what a container of a task does.
func (p *Fargate) behaviour(t *task, c *container) containers.Behaviour {
	b := containers.Commanded(containers.Of(c.Image, t.Service == "" && c == t.Containers[0]), t.commandOf(c.Name))
	p.limits(t, c, &b)
	if !b.Ends && p.s.waitedFor(t, c) {
		b.Ends, b.After = true, helperTime
	}
	if _, ok := p.needs.Registry.Pullable(c.Image); !ok || p.s.Limited && containers.OnHub(c.Image) {
		b.PullError = true
	}
	return b
}

// refused stops a task that has an image which could not be pulled.
func (p *Fargate) refused(at time.Time, id string) {
	t := p.s.in(id, pending)
	if t == nil {
		return
	}
	c := t.Containers[0]
	for _, o := range t.Containers {
		if p.behaviour(t, o).PullError {
			c = o
		}
	}
	ref := containers.Reference(c.Image)
	if _, ok := p.needs.Registry.Pullable(c.Image); !ok {
		c.Reason = "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref " + c.Image + ": " + c.Image + ": not found"
		p.end(at, t, types.TaskStopCodeTaskFailedToStart, c.Reason)
		return
	}
	if why := p.refusal(t, c); why != "" {
		c.Reason = why
		p.end(at, t, types.TaskStopCodeTaskFailedToStart, why)
		return
	}
	c.Reason = fmt.Sprintf("CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref %s: "+
		"pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: "+
		"authorization failed", ref)
	if !p.behaviour(t, c).PullError {
		host, _, _ := strings.Cut(ref, "/")
		c.Reason = fmt.Sprintf("CannotPullContainerError: The task cannot pull %s from the registry %s. There is a connection issue "+
			"between the task and the registry. Check your task network configuration. : failed to do request: "+
			"dial tcp: i/o timeout", ref, host)
	}
	p.end(at, t, types.TaskStopCodeTaskFailedToStart, c.Reason)
}

// beginTask starts the containers.
func (p *Fargate) beginTask(at time.Time, id string) {
	t := p.s.in(id, pending)
	if t == nil {
		return
	}
	t.PullStop = at
	def := p.s.Definitions.Get(t.Definition)
	if def == nil {
		p.end(at, t, types.TaskStopCodeTaskFailedToStart, "ResourceInitializationError: the task definition is gone")
		return
	}
	if why := p.needs.mount(t, def); why != "" {
		p.end(at, t, types.TaskStopCodeTaskFailedToStart, why)
		return
	}
	for i, c := range t.Containers {
		options := map[string]string{}
		if l := def.Shown.ContainerDefinitions[i].LogConfiguration; l != nil {
			options = l.Options
		}
		if why := p.startup.Logs(at, &def.Shown, c.LogGroup, c.LogStream, options["awslogs-create-group"] == "true"); why != "" {
			p.end(at, t, types.TaskStopCodeTaskFailedToStart, why)
			return
		}
		has := def.Shown.ContainerDefinitions[i]
		if why := containers.Unstartable(c.Image, slices.Concat(has.EntryPoint, has.Command)); why != "" {
			c.Reason = why
			p.end(at, t, types.TaskStopCodeTaskFailedToStart, why)
			return
		}
	}
	t.Began = at
	t.Version++
	p.startContainers(at, t)
	if t.Last == pending {
		p.account.Schedule(t.Created.Add(pendingTime), "ecs.task.overdue", id)
	}
}

// runs makes a task RUNNING and puts it into its target groups and under its names.
func (p *Fargate) runs(at time.Time, id string) {
	t := p.s.in(id, activating)
	if t == nil {
		return
	}
	t.Last, t.Started = running, at
	t.Version++
	p.changed(at, t)
	if s := p.s.Services.Get(t.Service); s != nil {
		p.join(at, s, t)
	}
	p.check(at, id)
}

// join puts a task of a service into its target groups and under its names.
func (p *Fargate) join(at time.Time, s *service, t *task) {
	d := s.deploymentOf(t)
	if d == nil {
		return
	}
	for _, lb := range d.Revision.LoadBalancers {
		var answers containers.Answers
		if c := t.container(aws.ToString(lb.ContainerName)); c != nil {
			b := p.behaviour(t, c)
			answers = b.Answers(c.Began)
		}
		group := d.groupOf(lb)
		if a := lb.AdvancedConfiguration; a != nil && !p.needs.Roles.RoleAllows(aws.ToString(a.RoleArn), "elasticloadbalancing:RegisterTargets", group) {
			p.deployments.say(at, s, "failed to register targets in (target-group %s) with (error %s is not authorized to perform: elasticloadbalancing:RegisterTargets)", group, *a.RoleArn)
			continue
		}
		key, ok := p.needs.Targets.Register(at, group, t.ENI, aws.ToInt32(lb.ContainerPort), answers)
		if !ok {
			// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
			p.deployments.say(at, s, "failed to register targets in (target-group %s) with (error One or more target groups not found)", group)
			continue
		}
		t.Targets = append(t.Targets, taskTarget{Group: group, Key: key})
		p.deployments.say(at, s, "registered 1 targets in (target-group %s)", group)
	}
	for _, r := range d.Revision.Registries {
		name, ok := p.needs.Names.Join(r.RegistryArn, t.ID, p.s.hasCheck(t), map[string]string{
			"AWS_INSTANCE_IPV4": t.IP, "AVAILABILITY_ZONE": p.needs.Network.Zone(t.Subnet), "REGION": p.account.Region(),
			"ECS_CLUSTER_NAME": world.LastPart(t.Cluster), "ECS_SERVICE_NAME": s.Name,
			"ECS_TASK_DEFINITION_FAMILY": t.family(),
		})
		if ok {
			t.Names = append(t.Names, name)
		}
	}
}

func (s *service) deploymentOf(t *task) *deployment {
	for _, d := range s.Deployments {
		if d.ID == t.Deployment {
			return d
		}
	}
	return nil
}

func (t *task) container(name string) *container {
	for _, c := range t.Containers {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// family is the family of a task's definition.
func (t *task) family() string {
	name, _, _ := strings.Cut(world.LastPart(t.Definition), ":")
	return name
}

// exits ends a container that ends by itself. id is TASK/NUMBER.
func (p *Fargate) exits(at time.Time, id string) {
	taskID, index, _ := strings.Cut(id, "/")
	t, i := p.s.Tasks.Get(taskID), 0
	if n, err := strconv.Atoi(index); err == nil {
		i = n
	}
	if t == nil || t.Last == stopped || i >= len(t.Containers) || t.Containers[i].Last == stopped {
		return
	}
	c := t.Containers[i]
	b := p.behaviour(t, c)
	ip := ""
	if b.Name != "" {
		ips := p.resolver.resolve(t, b.Name)
		if len(ips) > 0 {
			ip = ips[0]
		}
		if ip == "" || b.Port != 0 && !p.resolver.reaches(t, ip, b.Port) {
			b.Code = 1
		} else if b.Stays {
			return
		}
	}
	if b.Memory > p.memoryOf(t, c) {
		c.Reason = outOfMemory
	}
	p.exit(at, c, b.Code, containers.LastWords(b, ip))
	if p.s.restarts(at, t, c, b.Code) {
		p.startContainer(at, t, i)
		return
	}
	others := slices.ContainsFunc(t.Containers, func(o *container) bool { return o.Last != stopped })
	if c.Essential || !others {
		p.end(at, t, types.TaskStopCodeEssentialContainerExited, "Essential container in task exited")
		return
	}
	p.startContainers(at, t)
}

// exit ends a container with a code and a last line.
func (p *Fargate) exit(at time.Time, c *container, code int32, words string) {
	c.Last, c.Exit = stopped, aws.Int32(code)
	var lines []string
	if words != "" {
		lines = append(lines, words)
	}
	p.needs.Logs.End(c.LogGroup, c.LogStream, at, lines...)
}
