package why

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	resource "github.com/berthdev/berth/internal/aws/ecs"
)

// ecsEvents are the texts of service events:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html

// quotaReached: the quota is of vCPUs, for on-demand and Spot each.
func quotaReached(f *Facts) (cause, bool) {
	return cause{
		text: "the account's quota of vCPUs on Fargate is reached",
		next: "`aws service-quotas list-service-quotas --service-code fargate` shows it; ask AWS for more, or lower replicas or cpus",
	}, strings.Contains(f.refusal()+f.reason(), "limit on the number of vCPUs")
}

func noCapacity(f *Facts) (cause, bool) {
	text := f.refusal()
	spot := f.Service != nil && len(f.Service.CapacityProviderStrategy) > 0
	cure := "wait, or add zones with x-berth.network.zones"
	if spot {
		cure = "wait, or set x-berth.spot: false and run `berth up`"
	}
	return cause{text: "AWS has no capacity on Fargate in these zones", next: cure}, strings.Contains(text, "Capacity is unavailable")
}

func subnetGone(f *Facts) (cause, bool) {
	for _, s := range f.Subnets {
		if s.Gone {
			return cause{
				text: "the subnet " + s.ID + " of the tasks does not exist any more", next: "`berth up` makes the network again",
			}, f.refusal() != ""
		}
	}
	return cause{}, false
}

func groupGone(f *Facts) (cause, bool) {
	_, rest, ok := strings.Cut(f.refusal(), "The security group '")
	id, _, _ := strings.Cut(rest, "'")
	return cause{text: "the security group " + id + " of the tasks does not exist any more", next: "`berth up` makes it again"}, ok
}

func noAddresses(f *Facts) (cause, bool) {
	text := f.refusal() + f.reason()
	full := strings.Contains(text, "InsufficientFreeAddressesInSubnet") || strings.Contains(text, "not enough free addresses") ||
		strings.Contains(text, "does not have enough free addresses")
	c := cause{
		text: "a subnet of the tasks has no free addresses",
		next: "remove network interfaces that nobody needs, or use larger subnets: `aws ec2 describe-network-interfaces --filters Name=subnet-id,Values=SUBNET`",
	}
	for _, s := range f.Subnets {
		if s.Free == 0 && !s.Gone {
			c.text = "the subnet " + s.ID + " of the tasks has no free addresses"
			c.next = strings.Replace(c.next, "SUBNET", s.ID, 1)
		}
	}
	return c, full
}

func targetGroupGone(f *Facts) (cause, bool) {
	for _, g := range f.Groups {
		if g.Gone {
			return cause{
				text: "the target group " + name(aws.ToString(g.TargetGroupArn)) + " of the load balancer does not exist any more", now: true,
				next: "`berth up` makes it again",
			}, true
		}
	}
	return cause{}, false
}

// name is the name in the ARN of a target group.
func name(arn string) string {
	parts := strings.Split(arn, "/")
	return parts[max(len(parts)-2, 0)]
}

func logGroupGone(f *Facts) (cause, bool) {
	text := f.reason()
	failed := strings.Contains(text, "failed to validate logger args") || strings.Contains(text, "failed to initialize logging driver")
	group := ""
	if l := f.container().LogConfiguration; l != nil {
		group = l.Options["awslogs-group"]
	}
	return cause{
		text: "the log group " + group + " does not exist any more", next: "`berth up` makes it again",
	}, failed && (f.Missing[group] == Gone || strings.Contains(text, "log group does not exist"))
}

// The texts about volumes are those of amazon-efs-utils:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
func (f *Facts) mounting() bool {
	text := f.reason()
	return strings.Contains(text, "EFS utils") || strings.Contains(text, "mount.nfs4") || strings.Contains(text, "failed to mount")
}

func volumeUnresolved(f *Facts) (cause, bool) {
	_, rest, ok := strings.Cut(f.reason(), `Failed to resolve "`)
	id, _, _ := strings.Cut(rest, ".")
	return cause{
		text: "the file system " + id + " or its mount target in the tasks' zone does not exist any more",
		next: "`berth plan` shows what is missing, `berth up` makes the mount target again",
	}, ok
}

func volumeTimeout(f *Facts) (cause, bool) {
	return cause{
		text: "the tasks do not reach the file system: its security group lets nothing in from them on port 2049",
		next: "`berth plan --deep` shows what was changed, `berth up` mends it",
	}, f.mounting() && strings.Contains(f.reason(), "timed out")
}

func volumePoint(f *Facts) (cause, bool) {
	_, point, ok := strings.Cut(f.reason(), "there is no access point ")
	point = strings.TrimSuffix(point, ")")
	return cause{text: "the access point " + point + " of a volume does not exist any more", next: "`berth up` makes it again"}, ok
}

func volumeDenied(f *Facts) (cause, bool) {
	return cause{
		text: "the file system refuses the tasks: the task role or the file system's policy does not allow them to mount it",
		next: "`berth plan --deep` shows what was changed, `berth up` mends it",
	}, f.mounting() && strings.Contains(f.reason(), "access denied")
}

// networkInterface: "Timeout waiting for network interface provisioning to complete" and
// "Network interface provision complete error timeout wait for network interface provision".
// https://repost.aws/knowledge-center/fargate-network-interface-errors
func networkInterface(f *Facts) (cause, bool) {
	return cause{
		text: "AWS made no network interface for the task in time", next: "this passes: ECS tries again; `berth why " + f.Name + "` says whether it did",
	}, strings.Contains(f.reason(), "for network interface provision")
}

// The texts about dependencies are those of the agent:
// https://github.com/aws/amazon-ecs-agent/blob/master/agent/engine/dependencygraph/graph.go
func dependencySlow(f *Facts) (cause, bool) {
	other, target, ok := f.dependency()
	return cause{
		text: "container " + other + ", which " + target + " waits for, did not become healthy in time",
		next: "run the command of its healthcheck in the image, or give it more time: healthcheck.start_period",
	}, ok && strings.Contains(f.dependencyText(), "timed out")
}

func dependencyFailed(f *Facts) (cause, bool) {
	other, target, ok := f.dependency()
	return cause{
		text: "container " + other + ", which " + target + " waits for, failed",
		next: "`berth logs " + other + "` shows what it wrote",
	}, ok && !strings.Contains(f.dependencyText(), "timed out")
}

// dependencyText is what ECS says about a container that it gave up.
func (f *Facts) dependencyText() string {
	if f.Task == nil {
		return ""
	}
	for _, c := range f.Task.Containers {
		if resource.Unresolved(c) {
			return aws.ToString(c.Reason)
		}
	}
	return ""
}

func (f *Facts) dependency() (other, target string, ok bool) {
	_, rest, ok := strings.Cut(f.dependencyText(), "dependency [")
	other, rest, _ = strings.Cut(rest, "]")
	_, rest, _ = strings.Cut(rest, "target [")
	target, _, _ = strings.Cut(rest, "]")
	return other, target, ok
}

// cannotStart: runc's text for a command that is not in the image.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CannotCreateContainer.html
func cannotStart(f *Facts) (cause, bool) {
	text := f.reason()
	_, rest, _ := strings.Cut(text, `exec: "`)
	command, _, _ := strings.Cut(rest, `"`)
	return cause{
		text: "the command " + command + f.of() + " is not in the image or cannot be executed",
		next: "correct command or entrypoint in the file, then `berth up`",
	}, strings.Contains(text, "executable file not found") || strings.Contains(text, "CannotStartContainerError") && command != ""
}
