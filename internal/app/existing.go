package app

import (
	"slices"
	"strings"
)

// setExistingParts takes over the roles and groups of a workload that exist
// already. It comes last: what the workload does decides what they must allow.
func setExistingParts(of subject, w *Workload) {
	s := of.settings
	w.ExecutionRole = orElse(of.x.ExecutionRoleARN, s.ExecutionRole.Value)
	w.TaskRole = orElse(of.x.TaskRoleARN, s.TaskRole.Value)
	w.Places = map[string]string{}
	for _, key := range []string{
		"image", "x-berth.policies", "x-berth.pull_credentials", "x-berth.execution_role_arn", "x-berth.task_role_arn", "x-berth.security_groups",
	} {
		w.Places[strings.TrimPrefix(key, "x-berth.")] = of.origin(key)
	}
	if w.TaskRole != "" && !w.Policies.Empty() {
		of.refuse("x-berth.policies", "policies cannot be added to a given task role", "berth never changes "+w.TaskRole,
			"add them to that role yourself, or take task_role_arn out")
	}
	if w.TaskRole != "" && w.Policies.Empty() && w.ActsInAWS() {
		of.notice("x-berth.task_role_arn", "the given role %s must allow what berth would have allowed: berth changes nothing of it", w.TaskRole)
	}
	w.SecurityGroups = slices.Concat(s.SecurityGroups.Value, of.x.SecurityGroups)
	slices.Sort(w.SecurityGroups)
	w.SecurityGroups = slices.Compact(w.SecurityGroups)
	const most = 5 // groups of a network interface, one of them the service's own
	own := 1 + len(w.Networks)
	if of.mountsOwn(of.compose) {
		own++
	}
	if len(w.SecurityGroups) > 0 && own+len(w.SecurityGroups) > most {
		of.refuse("", "its tasks would be in too many security groups: "+strings.Join(w.SecurityGroups, ", ")+" besides berth's own",
			"AWS allows 5: one of the service, one for each of its networks, one for volumes, and given ones", "take some out, or put it into fewer networks")
	}
}

// ActsInAWS says whether the workload's own code uses AWS in a way that needs
// permissions.
func (w Workload) ActsInAWS() bool {
	mounts := slices.ContainsFunc(w.Mounts, func(m Mount) bool { return m.Volume != "" })
	return !w.Policies.Empty() || w.Model != "" || mounts
}
