package why

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	resource "github.com/berthdev/berth/internal/aws/ecs"
)

// Facts are AWS's answers about a subject at one time.
type Facts struct {
	Subject
	Now time.Time
	// Service is nil for a job, and for a service that is not there.
	Service *types.Service
	// Deployment is the service's last deployment; nil if it is not known.
	Deployment *types.ServiceDeployment
	// Unrecorded says that the endpoint has no records of deployments.
	Unrecorded bool
	// Definition is what the task that tells most ran, or what the service is to run.
	Definition *types.TaskDefinition
	// Running are the tasks that run or start; Ended those that have ended and that
	// ECS still knows, the last one first.
	Running, Ended []types.Task
	// Task is the ended task that tells most, Container the one because of which it
	// ended; nil if none tells anything.
	Task      *types.Task
	Container *types.Container
	// Log are the last lines of that task.
	Log []string
	// Fronts are the listeners that lead to the service.
	Fronts []Front
	Around
}

// Around is what tasks need besides ECS. It is read only if something is wrong.
type Around struct {
	// Groups are the target groups of the service.
	Groups []Group
	// Roles are the roles by ARN.
	Roles map[string]Role
	// Subnets are those of the service, Rules those of its security groups.
	Subnets []Subnet
	Rules   []ec2types.SecurityGroupRule
	// Missing are objects that the definition names and that are not there: log
	// groups, parameters, secrets and images by their names.
	Missing map[string]Absence
	// Peer is what the program wanted to talk to when it ended; nil if that is not why.
	Peer *Peer
	// Routed says that the routes of the subnets were read.
	Routed bool
}

// Absence says how something is not there.
type Absence string

// How something is not there.
const (
	// Gone says that there is no such object.
	Gone Absence = "gone"
	// Deleting says that AWS is about to delete it.
	Deleting Absence = "deleting"
	// NoRepository says that not even the image's repository is there.
	NoRepository Absence = "no repository"
)

// Role is a role of the tasks.
type Role struct {
	Gone bool
	// Trusts says that ECS may assume it.
	Trusts bool
}

// Group is a target group with the tasks in it.
type Group struct {
	elbtypes.TargetGroup
	Targets []elbtypes.TargetHealthDescription
	// Port is the container's port that it leads to.
	Port int32
	// Gone says that it does not exist.
	Gone bool
	// BalancerGroups are the security groups of the load balancer in front.
	BalancerGroups []string
}

// Subnet is a subnet of the tasks.
type Subnet struct {
	ID   string
	Gone bool
	// Free are its free addresses.
	Free int32
	// Gateway is where its default route leads: igw-..., nat-... or another id; empty
	// without one. Broken says that it leads to something that is gone.
	Gateway string
	Broken  bool
}

// reason is why the task ended, in ECS's words: of the task, then of the container.
func (f *Facts) reason() string {
	if f.Task == nil {
		return ""
	}
	text := aws.ToString(f.Task.StoppedReason)
	if f.Container != nil && !strings.Contains(text, aws.ToString(f.Container.Reason)) {
		text += ": " + aws.ToString(f.Container.Reason)
	}
	return text
}

// refusal is ECS's newest event about why it starts no task, if no task was started
// since; empty if there is none.
func (f *Facts) refusal() string {
	if f.Service == nil {
		return ""
	}
	for _, e := range f.Service.Events {
		text := aws.ToString(e.Message)
		if strings.Contains(text, " has started ") || strings.Contains(text, "reached a steady state") {
			return ""
		}
		if strings.Contains(text, "unable to place a task") || strings.Contains(text, "failed to launch") ||
			strings.Contains(text, "unable to assume") || strings.Contains(text, "failed to register targets") {
			return text
		}
	}
	return ""
}

// event is the newest event of the service that contains a text, not older than the
// last deployment.
func (f *Facts) event(text string) string {
	if f.Service == nil {
		return ""
	}
	since := time.Time{}
	if f.Deployment != nil {
		since = aws.ToTime(f.Deployment.CreatedAt)
	}
	for _, e := range f.Service.Events {
		if strings.Contains(aws.ToString(e.Message), text) && !aws.ToTime(e.CreatedAt).Before(since) {
			return aws.ToString(e.Message)
		}
	}
	return ""
}

// code is the exit code of the container because of which the task ended.
func (f *Facts) code() (int32, bool) {
	if f.Container == nil || f.Container.ExitCode == nil || resource.Unresolved(*f.Container) {
		return 0, false
	}
	return *f.Container.ExitCode, true
}

// of is the name of a container in a text: empty for the only one of a task.
func (f *Facts) of() string {
	if f.Container == nil || f.Task == nil {
		return ""
	}
	containers := slices.DeleteFunc(slices.Clone(f.Task.Containers), resource.IsHelper)
	if name := aws.ToString(f.Container.Name); len(containers) > 1 && name != f.Subject.Container {
		return " of container " + name
	}
	return ""
}

// container is the definition of the container because of which the task ended, else
// of the subject's own.
func (f *Facts) container() types.ContainerDefinition {
	name := f.Subject.Container
	if f.Container != nil {
		name = aws.ToString(f.Container.Name)
	}
	if f.Definition == nil || len(f.Definition.ContainerDefinitions) == 0 {
		return types.ContainerDefinition{}
	}
	for _, c := range f.Definition.ContainerDefinitions {
		if aws.ToString(c.Name) == name {
			return c
		}
	}
	return f.Definition.ContainerDefinitions[0]
}

// rolledBack says whether ECS went back, or is going back, to an earlier revision.
func (f *Facts) rolledBack() bool {
	if f.Deployment == nil {
		return false
	}
	switch f.Deployment.Status {
	case types.ServiceDeploymentStatusRollbackRequested, types.ServiceDeploymentStatusRollbackInProgress,
		types.ServiceDeploymentStatusRollbackSuccessful, types.ServiceDeploymentStatusRollbackFailed:
		return true
	default:
		return false
	}
}

// ill says whether something is wrong with the service as it is now.
func (f *Facts) ill() bool {
	s := f.Service
	if s == nil {
		return f.Subject.Service != "" || f.Task != nil
	}
	for _, d := range s.Deployments {
		if aws.ToString(d.Status) == "PRIMARY" && d.RolloutState != types.DeploymentRolloutStateCompleted && d.RolloutState != "" {
			return true
		}
	}
	if f.rolledBack() || s.RunningCount < s.DesiredCount || s.DesiredCount == 0 || f.refusal() != "" {
		return true
	}
	return f.astray() || slices.ContainsFunc(f.Groups, func(g Group) bool { return g.Gone || g.sick() != nil })
}

// sick is a target that gets no requests, though it should; nil if there is none.
func (g Group) sick() *elbtypes.TargetHealthDescription {
	for i, t := range g.Targets {
		if h := t.TargetHealth; h != nil && (h.State == elbtypes.TargetHealthStateEnumUnhealthy || h.State == elbtypes.TargetHealthStateEnumUnused) {
			return &g.Targets[i]
		}
	}
	return nil
}
