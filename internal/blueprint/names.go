package blueprint

import (
	"hash/fnv"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine/naming"
)

// The longest names that AWS allows, by the API reference of each type.
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

// ServiceName is the name of a service in ECS.
func ServiceName(a *app.App, region, service string) string {
	return naming.Name(Stack(a), region, service, maxName)
}

// Family is the task definition family of a service or job.
func Family(a *app.App, region, workload string) string {
	return naming.Name(Stack(a), region, workload, maxName)
}

// balancerName is the word from which a load balancer's name is made. AWS reserves
// names that begin with internal-:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
func balancerName(environment string) string {
	if rest, ok := strings.CutPrefix(environment, "internal"); ok && (rest == "" || strings.ContainsAny(rest[:1], "-_")) {
		return "lb-" + environment
	}
	return environment
}

// ContainerName is the name of a workload's container. ECS does not allow dots, and
// one name is for berth's own container.
func ContainerName(workload string) string {
	if workload == ecs.FilesContainer || strings.HasPrefix(workload, ecs.FilesContainer+"-") {
		return "service-" + workload
	}
	return strings.ReplaceAll(workload, ".", "-")
}

// rolePath is the path of a stack's roles in IAM, which identifies their owner.
func rolePath(a *app.App) string { return "/berth/" + a.Environment + "/" + a.Name + "/" }

// groupPrefix begins the addresses of membership groups.
const groupPrefix = "net-"

// executionRole is the address of the role that starts tasks. The role of a workload
// with secrets adds a slash and the workload's name.
const executionRole = "execution"

// ownName is a workload's name among security groups and roles. A service may be
// called "execution" or "net-front", which are names that berth uses there.
func ownName(workload string) string {
	const evade = "service-"
	if workload == executionRole || strings.HasPrefix(workload, groupPrefix) || strings.HasPrefix(workload, evade) {
		return evade + workload
	}
	return workload
}

// rulePriority is the priority of a rule that matches everything in its listener. It
// comes after the rules with hosts, and differs between services, so that one
// service can take over a port from another.
func rulePriority(service string) int {
	const first, last = 40001, 50000
	h := fnv.New32a()
	_, _ = h.Write([]byte(service)) // a hash takes everything
	return first + int(h.Sum32()%(last-first+1))
}
