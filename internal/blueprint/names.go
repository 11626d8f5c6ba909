package blueprint

import (
	"hash/fnv"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
)

// The longest names that AWS takes, by the API reference of each type.
const (
	maxBalancerName = 32
	maxRoleName     = 64
	maxName         = 255
)

// LogPrefix begins the name of every log stream: PREFIX/CONTAINER/TASK.
const LogPrefix = "task"

// Domain is the private DNS namespace of a stack, in which its services have
// their names.
func Domain(a *app.App) string { return a.Name + "." + a.Env + ".internal" }

// LogGroupName is the log group of a service or job.
func LogGroupName(a *app.App, workload string) string {
	return "/berth/" + a.Environment + "/" + a.Name + "/" + workload
}

// ServiceName is the name that ECS knows a service by.
func ServiceName(a *app.App, region, service string) string {
	return engine.Name(Stack(a), region, service, maxName)
}

// Family is the task definition family of a service or job.
func Family(a *app.App, region, workload string) string {
	return engine.Name(Stack(a), region, workload, maxName)
}

// balancerName is what a balancer's name is made from. AWS keeps names that
// begin with internal- for itself:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
func balancerName(environment string) string {
	if rest, ok := strings.CutPrefix(environment, "internal"); ok && (rest == "" || strings.ContainsAny(rest[:1], "-_")) {
		return "lb-" + environment
	}
	return environment
}

// ContainerName is the name of a workload's container. ECS takes no dots, and
// one name is berth's own.
func ContainerName(workload string) string {
	if workload == ecs.FilesContainer {
		return "service-" + workload
	}
	return strings.ReplaceAll(workload, ".", "-")
}

// rolePath says in IAM whose a role is.
func rolePath(a *app.App) string { return "/berth/" + a.Environment + "/" + a.Name + "/" }

// groupPrefix begins the addresses of membership groups.
const groupPrefix = "net-"

// executionRole is the address of the role that tasks start with. Those of
// workloads with secrets follow it with a slash and the name.
const executionRole = "execution"

// ownName is a workload's name among security groups and roles, where berth
// has names of its own: a service may be called "execution" or "net-front".
func ownName(workload string) string {
	const evade = "service-"
	if workload == executionRole || strings.HasPrefix(workload, groupPrefix) || strings.HasPrefix(workload, evade) {
		return evade + workload
	}
	return workload
}

// rulePriority is the place of a rule that matches everything in its listener:
// behind the rules with hosts, and elsewhere than the rule of another service
// that is about to leave the same port.
func rulePriority(service string) int {
	const first, last = 40001, 50000
	h := fnv.New32a()
	_, _ = h.Write([]byte(service)) // a hash takes everything
	return first + int(h.Sum32()%(last-first+1))
}
