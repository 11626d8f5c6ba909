package app

import (
	"cmp"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app/placing"
)

// setExistingParts sets the existing roles and security groups of a workload. It
// comes last: what the workload does decides what the roles must allow.
func setExistingParts(of subject, w *Workload) {
	s := of.settings
	w.ExecutionRole = cmp.Or(of.x.ExecutionRoleARN, s.ExecutionRole.Value)
	w.TaskRole = cmp.Or(of.x.TaskRoleARN, s.TaskRole.Value)
	w.Exec = execOf(of, *w)
	w.Placing = placing.Of(s, of.project.XBerth, of.x)
	if of.host == "" {
		placing.Subject{
			Placing: w.Placing, Given: of.x.Instances != nil, Reached: slices.ContainsFunc(w.Ports, func(p Port) bool { return p.Public }),
			ArmGPUs: w.Architecture == "arm64" && w.AllGPUs() > 0,
			Refuse:  func(key, what, why, remedy string) { of.refuse("x-berth."+key, what, why, remedy) },
		}.Check(s)
	}
	w.Places = map[string]string{}
	for _, key := range []string{
		"image", "x-berth.policies", "x-berth.pull_credentials", "x-berth.execution_role_arn", "x-berth.task_role_arn", "x-berth.security_groups", "x-berth.schedule.dead_letter",
		"x-berth.subnets", "x-berth.capacity", "x-berth.rollout.alarms", "x-berth.autoscaling.queue",
	} {
		w.Places[strings.TrimPrefix(key, "x-berth.")] = of.origin(key)
	}
	if w.TaskRole != "" && !w.Policies.Empty() {
		of.refuse("x-berth.policies", "policies cannot be added to an existing task role", "berth never changes "+w.TaskRole,
			"add them to that role yourself, or remove task_role_arn")
	}
	if w.TaskRole != "" && w.Policies.Empty() && w.ActsInAWS() {
		of.notice("x-berth.task_role_arn", "the existing role %s must have the permissions that this needs: berth does not change it", w.TaskRole)
	}
	w.SecurityGroups = slices.Concat(s.SecurityGroups.Value, of.x.SecurityGroups)
	slices.Sort(w.SecurityGroups)
	w.SecurityGroups = slices.Compact(w.SecurityGroups)
	const most = 5 // security groups of a network interface, including the service's own
	own := 1 + len(w.Networks)
	if of.mountsOwn(of.compose) {
		own++
	}
	if len(w.SecurityGroups) > 0 && own+len(w.SecurityGroups) > most {
		of.refuse("", "its tasks would be in too many security groups: "+strings.Join(w.SecurityGroups, ", ")+" and those that berth makes",
			"AWS allows 5: one for the service, one for each of its networks, one for volumes, and existing ones", "remove some, or put it into fewer networks")
	}
}

// execOf says whether ECS Exec reaches into a workload's containers, and which of them
// it cannot.
func execOf(of subject, w Workload) bool {
	on := *cmp.Or(of.x.Exec, &of.settings.Exec.Value)
	for _, c := range w.Containers() {
		if on && c.ReadOnly {
			of.notice("read_only", "`berth exec` cannot reach %s: the agent of ECS Exec needs files that it can write", c.Name)
		}
	}
	return on
}

// ActsInAWS says whether the workload's own code uses AWS in a way that needs
// permissions.
func (w Workload) ActsInAWS() bool {
	mounts := slices.ContainsFunc(w.AllMounts(), func(m Mount) bool { return m.Volume != "" })
	return !w.Policies.Empty() || w.Model != "" || w.Exec || mounts
}
