package why

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	resource "github.com/berthdev/berth/internal/aws/ecs"
)

// rule recognises one kind of cause. Its code is a name for programs: it never changes.
type rule struct {
	code string
	find func(*Facts) (cause, bool)
}

// rules are all rules, in the order in which they are asked: what keeps ECS from
// starting tasks at all, then what ends them before their containers run, then how
// they ended, then what keeps requests from them, then what is left.
func rules() []rule {
	return []rule{
		{"not_deployed", notThere}, {"draining", draining},

		{"role_gone", roleGone}, {"role_trust", roleTrust},
		{"quota_vcpu", quotaReached}, {"no_capacity", noCapacity}, {"subnet_gone", subnetGone}, {"group_gone", groupGone},
		{"no_addresses", noAddresses}, {"target_group_gone", targetGroupGone},
		{"no_tasks_wanted", noneWanted}, {"no_room", noRoom},

		{"secret_denied", secretDenied}, {"secret_deleting", secretDeleting}, {"secret_gone", secretGone}, {"secret_key", secretKey},
		{"secret_without_value", secretWithoutValue},
		{"image_denied", imageDenied}, {"repository_gone", repositoryGone}, {"image_gone", imageGone}, {"image_platform", imagePlatform},
		{"image_rate", imageRate}, {"offline", offline}, {"egress_closed", outClosed}, {"registry_timeout", registryTimeout}, {"image_unknown", imageUnknown},
		{"logs_denied", logsDenied}, {"log_group_gone", logGroupGone},
		{"volume_unresolved", volumeUnresolved}, {"volume_timeout", volumeTimeout}, {"volume_point", volumePoint}, {"volume_denied", volumeDenied},
		{"network_interface", networkInterface},
		{"dependency_failed", dependencyFailed}, {"dependency_slow", dependencySlow}, {"command_not_found", cannotStart},

		{"out_of_memory", outOfMemory}, {"wrong_architecture", wrongArchitecture},
		{"peer_down", peerDown}, {"peer_closed", peerClosed}, {"name_unknown", nameUnknown}, {"connection_failed", connectionFailed}, {"port_taken", portTaken}, {"disk_full", diskFull},
		{"call_denied", callDenied}, {"read_only", readOnly}, {"permission_denied", permissionDenied}, {"exit_126_127", notExecutable}, {"exit_139", segmentation}, {"exit_137", killed},

		{"container_check", containerCheck}, {"balancer_closed", balancerClosed}, {"rule_before", ruleBefore}, {"balancer_blocked", balancerBlocked}, {"health_status", healthStatus},
		{"health_refused", healthRefused}, {"health_timeout", healthTimeout}, {"no_listener_rule", noListenerRule},
		{"balancer_check", balancerCheck},

		{"spot_interrupted", spotInterrupted}, {"maintenance", maintenance}, {"stopped_by_hand", stoppedByHand},
		{"exit_0", exitedWell}, {"exit_143", terminated}, {"exit_code", exitCode},

		{"alarm", alarmStopped}, {"deployment_stopped", deploymentStopped}, {"rolled_back", rolledBackOnly},
		{"throttled", throttled}, {"unknown_stop", unknownStop}, {"under_way", underWay}, {"too_few", tooFew},
	}
}

// Judge names the cause in the facts.
func Judge(f *Facts) Answer {
	out := Answer{Name: f.Name, State: Well}
	if f.Task != nil {
		out.Task = resource.LastPart(aws.ToString(f.Task.TaskArn))
	}
	ill := f.ill()
	if !ill && (f.Task == nil || f.settled()) {
		out.Task, out.Cause = "", f.wellText()
		return out
	}
	for _, r := range rules() {
		c, ok := r.find(f)
		if !ok {
			continue
		}
		out.Code, out.Cause, out.Next = r.code, c.text, c.next
		out.Evidence = slices.Concat(c.shown, f.evidence())
		out.State = Wrong
		switch {
		case r.code == "not_deployed":
			out.State = Absent
		case r.code == "under_way":
			out.State = Well
		case f.Service != nil && !ill && !c.now:
			out.State, out.Cause = Was, c.text+" ("+f.ago()+", and replaced)"
		case f.rolledBack() && r.code != "rolled_back":
			out.Cause = "the last deployment was rolled back: " + c.text
		}
		if f.Task != nil {
			out.Log = f.Log
		}
		return out
	}
	out.Cause = f.wellText()
	return out
}

// settled says whether a deployment ended well after the ended task, so that the task
// says nothing any more.
func (f *Facts) settled() bool {
	if f.Deployment == nil || f.Task == nil || f.Subject.Task != "" {
		return false
	}
	return aws.ToTime(f.Task.StoppedAt).Before(aws.ToTime(f.Deployment.FinishedAt))
}

// wellText says what runs, if nothing is wrong.
func (f *Facts) wellText() string {
	switch {
	case f.Service != nil:
		return fmt.Sprintf("nothing is wrong: %d of %d tasks run", f.Service.RunningCount, f.Service.DesiredCount)
	case len(f.Running) > 0:
		return "nothing is wrong: it runs"
	case len(f.Ended) > 0:
		return "nothing is wrong: the last task ended with exit code 0"
	}
	return "nothing is known to be wrong: ECS knows no task of the last hour"
}

// ago is how long ago the task ended, in minutes.
func (f *Facts) ago() string {
	d := f.Now.Sub(aws.ToTime(f.Task.StoppedAt)).Truncate(time.Minute)
	if d < time.Minute {
		return "less than a minute ago"
	}
	return strings.TrimSuffix(d.String(), "0s") + " ago"
}

// evidence is what AWS says: about the task, the targets, the service, the deployment.
func (f *Facts) evidence() []string {
	var out []string
	if text := f.refusal(); text != "" {
		out = append(out, "ECS says: "+text)
	} else if f.Task != nil {
		text := fmt.Sprintf("task %.8s ended %s", resource.LastPart(aws.ToString(f.Task.TaskArn)), f.ago())
		if code, ok := f.code(); ok && !strings.Contains(f.reason(), "health checks") { // it was killed then
			text += fmt.Sprintf(" with exit code %d", code)
		}
		out = append(out, text+": "+f.reason())
	}
	for _, g := range f.Groups {
		if t := g.sick(); t != nil && t.Target != nil {
			out = append(out, fmt.Sprintf("target %s:%d is %s: %s", aws.ToString(t.Target.Id), aws.ToInt32(t.Target.Port),
				t.TargetHealth.State, aws.ToString(t.TargetHealth.Description)))
		}
	}
	if f.Service == nil {
		return out
	}
	counts := fmt.Sprintf("%d of %d tasks run", f.Service.RunningCount, f.Service.DesiredCount)
	for _, d := range f.Service.Deployments {
		if aws.ToString(d.Status) == "PRIMARY" && d.FailedTasks > 0 {
			counts += fmt.Sprintf("; %d failed in this deployment", d.FailedTasks)
		}
	}
	out = append(out, counts)
	if f.Unrecorded {
		out = append(out, resource.NoRecords)
	}
	if d := f.Deployment; d != nil && d.Status != types.ServiceDeploymentStatusSuccessful && d.Status != types.ServiceDeploymentStatusInProgress {
		out = append(out, strings.TrimSuffix(fmt.Sprintf("deployment %s: %s", d.Status, aws.ToString(d.StatusReason)), ": "))
	}
	if text := f.event("unable to consistently start tasks"); text != "" && f.Service.RunningCount < f.Service.DesiredCount {
		out = append(out, "ECS waits up to 15 minutes between attempts: "+text)
	}
	return out
}
