package compute

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/containers"
	"github.com/berthdev/berth/internal/sandbox/strategy"
)

// outOfMemory: https://repost.aws/knowledge-center/ecs-resolve-outofmemory-errors
const outOfMemory = "OutOfMemoryError: Container killed due to memory usage"

// memoryOf is how much memory a container may use, in MiB.
func (p *Fargate) memoryOf(t *task, c *container) int {
	if m := p.s.definitionOf(t, c).Memory; m != nil {
		return int(*m)
	}
	return number(&t.Memory)
}

// arch is the architecture of a task, in Compose's words.
func (p *Fargate) arch(t *task) string {
	if armed(p.s.Definitions.Get(t.Definition)) {
		return "arm64"
	}
	return "amd64"
}

// diskOf is the disk of a task, in GiB:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html
func (p *Fargate) diskOf(t *task) int {
	if d := p.s.Definitions.Get(t.Definition); d != nil && d.Shown.EphemeralStorage != nil {
		return int(d.Shown.EphemeralStorage.SizeInGiB)
	}
	return 20
}

// listening says whether another container of a task, which shares its network, has
// listened on a port before.
func (t *task) listening(c *container, port int) bool {
	for _, o := range t.Containers {
		if o == c {
			return false
		}
		if o.Last == running && containers.Of(o.Image, false).Listens == port {
			return true
		}
	}
	return false
}

// limits changes what a container does as its task demands: its memory, its disk, the
// ports of the others and the architecture.
func (p *Fargate) limits(t *task, c *container, b *containers.Behaviour) {
	r := containers.Room{
		Memory: p.memoryOf(t, c), Disk: p.diskOf(t), Arch: p.arch(t), Taken: t.listening(c, b.Listens),
		ReadOnly: aws.ToBool(p.s.definitionOf(t, c).ReadonlyRootFilesystem),
	}
	if d := p.s.Definitions.Get(t.Definition); d != nil && b.Call != "" {
		r.Refused = p.startup.Call(aws.ToString(d.Shown.TaskRoleArn), t.ID, b.Call)
	}
	b.Within(r)
}

// refusal is why a registry does not give an image that there is; empty if it does.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html
func (p *Fargate) refusal(t *task, c *container) string {
	b := containers.Of(c.Image, false)
	switch {
	case p.s.Limited && containers.OnHub(c.Image):
		return "CannotPullContainerError: pull image manifest has been retried 5 time(s): httpReadSeeker: failed open: unexpected status code " +
			"429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit. " +
			"https://www.docker.com/increase-rate-limit"
	case b.Index && b.Arch != p.arch(t):
		return "CannotPullContainerError: pull image manifest has been retried 5 time(s): image Manifest does not contain descriptor matching " +
			"platform 'linux/" + p.arch(t) + "'"
	}
	return ""
}

// InterruptSpot takes the Spot capacity of all tasks back.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
func (p *Fargate) InterruptSpot() {
	p.stopEach(types.TaskStopCodeSpotInterruption, "Your Spot Task was interrupted.", func(t *task) bool { return t.Provider == "FARGATE_SPOT" })
}

// Maintain replaces all tasks of services, as AWS does to patch what they run on.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-maintenance.html
func (p *Fargate) Maintain() {
	p.stopEach(types.TaskStopCodeServiceSchedulerInitiated,
		"ECS is performing maintenance on the underlying infrastructure hosting the task.", func(*task) bool { return true })
}

func (p *Fargate) stopEach(code types.TaskStopCode, reason string, of func(*task) bool) {
	now := p.account.Now()
	for _, t := range p.s.Tasks.All() {
		if t.Last != stopped && alive(t) && of(t) {
			p.stop(now, t, code, reason)
			p.account.Schedule(now, "ecs.service.look", t.Service)
		}
	}
}

// Supply is for what Fargate, EC2 and registries have room.
type Supply struct{ s *state }

// Fill takes all capacity of Fargate, or gives it back.
func (p *Supply) Fill(full bool) { p.s.Full = full }

// LimitSpot leaves Spot capacity for a number of tasks; nil is for all.
func (p *Supply) LimitSpot(tasks *int) { p.s.Room = tasks }

// Hold makes EC2 give no network interfaces to tasks, or some again.
func (p *Supply) Hold(held bool) { p.s.Held = held }

// LimitPulls makes Docker Hub refuse more pulls without a login.
func (p *Supply) LimitPulls() { p.s.Limited = true }

// throttles says that the scheduler waits between attempts, once it does:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html
func (p *deployments) throttles(at time.Time, s *service, d *deployment, code types.TaskStopCode) {
	if code == types.TaskStopCodeTaskFailedToStart && d.Streak == strategy.FirstThrottled {
		p.say(at, s, "is unable to consistently start tasks successfully.")
	}
}

// sick is the text for a task whose target is unhealthy:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
func sick(t *task, group, why string) string {
	port := ""
	for _, target := range t.Targets {
		if target.Group == group {
			port = target.Key[strings.LastIndexByte(target.Key, ':')+1:]
		}
	}
	return fmt.Sprintf("(task %s) (port %s) is unhealthy in (target-group %s) due to (reason %s).", t.ID, port, group, why)
}

// stuck says that a deployment can neither start a task nor stop one: it may have no more
// tasks than it has, and no fewer healthy ones.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
func (p *deployments) stuck(at time.Time, s *service, d *deployment, mine, upper int) {
	lower := (int(s.Desired)*int(*s.Deployment.MinimumHealthyPercent) + 99) / 100
	all, healthy := p.s.count(s, nil, alive), p.s.count(s, nil, well)
	if mine > 0 || d.Stuck || s.Desired == 0 || all < upper || healthy < all || healthy > lower {
		return
	}
	d.Stuck = true
	p.say(at, s, "was unable to stop or start tasks during a deployment because of the service deployment configuration. "+
		"Update the minimumHealthyPercent or maximumPercent value and try again.")
}
