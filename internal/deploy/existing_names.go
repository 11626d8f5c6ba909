package deploy

import (
	"cmp"
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/existing"
	"github.com/berthdev/berth/internal/blueprint"
)

// givenNames are the ids in the file.
func (g *existingChecks) names() existing.Names {
	k := g.app.Settings
	n := existing.Names{
		VPC: k.VPC.Value, Public: k.PublicSubnets.Value, Private: k.PrivateSubnets.Value,
		PrivateTasks:   k.TaskSubnets.Value == app.SubnetsPrivate,
		SecurityGroups: k.SecurityGroups.Value,
		Cluster:        k.Cluster.Value, LoadBalancer: k.LoadBalancer.Value,
		Boundary:   k.PermissionsBoundary.Value,
		ElasticIPs: k.ElasticIPs.Value, Owners: g.owners(), Region: g.id.Region, Account: g.id.Account, Partition: g.id.Partition,
	}
	audit, _ := app.AuditBucket(k.ExecAudit.Value)
	n.AuditBucket = audit.Bucket
	if k.Notify.Value != "" {
		n.Topic = existing.Topic{ARN: k.Notify.Value, Rule: blueprint.NotifyRules(g.app, blueprint.Facts{Region: g.id.Region, Account: g.id.Account, Partition: g.id.Partition})}
	}
	if len(g.app.HostNames()) > 0 && !g.app.Direct() {
		n.Certificate = k.Certificate.Value
	}
	for _, v := range g.app.Volumes {
		switch {
		case v.OnBucket():
			n.Buckets = append(n.Buckets, v.Bucket)
		case v.OnS3():
			n.FileSystems = append(n.FileSystems, v.FileSystem)
		case v.Existing():
			n.Shares = append(n.Shares, v.FileSystem)
		}
		if v.AccessPoint != "" {
			n.Points = append(n.Points, existing.Point{ID: v.AccessPoint, FileSystem: v.FileSystem})
		}
	}
	for _, d := range g.app.Databases {
		if d.FromSnapshot == "" {
			continue
		}
		snapshot := existing.Snapshot{Database: d.Name, ID: d.FromSnapshot}
		if !d.IsCache() {
			snapshot.Engine = d.Kind
		}
		n.Snapshots = append(n.Snapshots, snapshot)
	}
	for _, work := range g.app.Containers() {
		n.SecurityGroups = append(n.SecurityGroups, work.SecurityGroups...)
		n.Own, n.Providers = append(n.Own, work.Subnets...), append(n.Providers, work.Provider())
		n.Roles = append(n.Roles, work.ExecutionRole, work.TaskRole)
		for _, name := range work.Policies.Managed {
			n.Policies = append(n.Policies, blueprint.PolicyARN(name, g.id.Partition))
		}
		if work.Build == nil && existing.InECR(work.Image, g.id.Account, g.id.Region) {
			n.Images = append(n.Images, work.Image)
		}
	}
	for _, j := range g.app.JobsOn(app.OnSchedule) {
		n.Queues = append(n.Queues, j.Trigger.Schedule.DeadLetter)
	}
	for _, s := range g.app.Services {
		if s.Scaling != nil {
			n.Backlogs = append(n.Backlogs, s.Scaling.Queue)
		}
		if s.Rollout != nil {
			n.Alarms, n.OwnAlarms = append(n.Alarms, s.Rollout.Alarms...), append(n.OwnAlarms, blueprint.OwnAlarms(g.app, s)...)
		}
	}
	for _, list := range []*[]string{&n.Own, &n.Providers, &n.Alarms, &n.Queues, &n.Backlogs, &n.Buckets, &n.FileSystems, &n.Shares, &n.SecurityGroups, &n.Roles, &n.Policies, &n.Images} {
		*list = distinct(*list)
	}
	n.Ports, n.Parameters = blueprint.WebPorts(g.app), blueprint.ImageParameters(g.app)
	return n
}

// distinct is the list sorted, without repetition and without what is empty.
func distinct(list []string) []string {
	list = slices.DeleteFunc(slices.Clone(list), func(v string) bool { return v == "" })
	slices.Sort(list)
	return slices.Compact(list)
}

// givenAt is where the file names the thing that a remark is about.
func (g *existingChecks) at(r existing.Remark) app.Position {
	k := g.app.Settings
	origin := map[string]string{
		existing.KeyVPC: k.VPC.Origin, existing.KeyPublic: k.PublicSubnets.Origin, existing.KeyPrivate: k.PrivateSubnets.Origin,
		existing.KeySecurityGroups: k.SecurityGroups.Origin, existing.KeyElasticIPs: k.ElasticIPs.Origin,
		existing.KeyCluster: k.Cluster.Origin, existing.KeyBalancer: k.LoadBalancer.Origin, existing.KeyRoles: k.ExecutionRole.Origin,
		existing.KeyCertificate: k.Certificate.Origin, existing.KeyBoundary: k.PermissionsBoundary.Origin, existing.KeyAuditBucket: k.ExecAudit.Origin,
		existing.KeyNotify:   k.Notify.Origin,
		existing.KeyCapacity: k.Capacity.Origin,
	}[r.Key]
	if r.ID == k.TaskRole.Value {
		origin = k.TaskRole.Origin
	}
	for _, v := range g.app.Volumes {
		if r.Key == existing.KeyBucket && v.Bucket == r.ID || r.Key == existing.KeyFileSystem && v.FileSystem == r.ID {
			origin = v.Origin
		}
		if r.Key == existing.KeyPoint && v.AccessPoint == r.ID {
			origin = v.PointOrigin
		}
	}
	for _, d := range g.app.Databases {
		if r.Key == existing.KeySnapshot && d.FromSnapshot == r.ID {
			origin = d.SnapshotOrigin
		}
	}
	for _, w := range g.app.Containers() {
		if at := g.in(w, r); at != "" {
			origin = at
		}
	}
	return app.ParsePosition(origin)
}

// givenIn is where a workload itself names the thing; empty if it does not.
func (g *existingChecks) in(w app.Workload, r existing.Remark) string {
	k := g.app.Settings
	switch r.Key {
	case existing.KeyRoles:
		if w.ExecutionRole == r.ID && w.ExecutionRole != k.ExecutionRole.Value {
			return cmp.Or(w.Places["execution_role_arn"], w.Origin)
		}
		if w.TaskRole == r.ID && w.TaskRole != k.TaskRole.Value {
			return cmp.Or(w.Places["task_role_arn"], w.Origin)
		}
	case existing.KeySecurityGroups:
		if slices.Contains(w.SecurityGroups, r.ID) && !slices.Contains(k.SecurityGroups.Value, r.ID) {
			return cmp.Or(w.Places["security_groups"], w.Origin)
		}
	case existing.KeySubnets:
		if slices.Contains(w.Subnets, r.ID) {
			return cmp.Or(w.Places["subnets"], w.Origin)
		}
	case existing.KeyCapacity:
		if w.Capacity == r.ID && w.Capacity != k.Capacity.Value {
			return cmp.Or(w.Places["capacity"], w.Origin)
		}
	case existing.KeyPolicies:
		if slices.ContainsFunc(w.Policies.Managed, func(name string) bool { return blueprint.PolicyARN(name, g.id.Partition) == r.ID }) {
			return cmp.Or(w.Places["policies"], w.Origin)
		}
	case existing.KeyDeadLetter:
		if j, ok := g.app.Job(w.Name); ok && j.Trigger.Schedule != nil && j.Trigger.Schedule.DeadLetter == r.ID {
			return cmp.Or(w.Places["schedule.dead_letter"], w.Origin)
		}
	case existing.KeyBacklog:
		if s, ok := g.app.Service(w.Name); ok && s.Scaling != nil && s.Scaling.Queue == r.ID {
			return cmp.Or(w.Places["autoscaling.queue"], w.Origin)
		}
	case existing.KeyAlarms:
		if s, ok := g.app.Service(w.Name); ok && s.Rollout != nil && slices.Contains(append(blueprint.OwnAlarms(g.app, s), s.Rollout.Alarms...), r.ID) {
			return cmp.Or(w.Places["rollout.alarms"], w.Origin)
		}
	case existing.KeyImage:
		if w.Image == r.ID {
			return cmp.Or(w.Places["image"], w.Origin)
		}
	}
	return ""
}
