package app

import (
	"fmt"

	"github.com/berthdev/berth/internal/app/scaling"
	"github.com/berthdev/berth/internal/app/settings"
	"github.com/berthdev/berth/internal/project"
)

// settingsOf decides every setting: the file's value, else the preset's.
func settingsOf(r reading, o Options) Settings {
	x := r.project.XBerth
	chosen := Setting[string]{Value: PresetAffordable, Origin: "default"}
	set(r, &chosen, "preset", x.Preset)
	if o.Preset != "" {
		chosen = Setting[string]{Value: o.Preset, Origin: "flag --preset"}
	}
	s, ok := settings.Of(chosen)
	if !ok {
		if o.Preset != "" { // the schema refuses those of the file
			r.problems.Add(Problem{What: fmt.Sprintf("there is no preset %q", o.Preset), Remedy: "the presets are affordable, balanced and high_availability"})
		}
		s, _ = settings.Of(Setting[string]{Value: PresetAffordable, Origin: "default"})
	}
	set(r, &s.Zones, "network.zones", x.Network.Zones)
	set(r, &s.NAT, "network.nat", x.Network.NAT)
	set(r, &s.TaskSubnets, "network.tasks", x.Network.Tasks)
	set(r, &s.CIDR, "network.cidr", x.Network.CIDR)
	set(r, &s.VPC, "network.vpc", x.Network.VPC)
	if x.Network.PublicSubnets != nil {
		set(r, &s.PublicSubnets, "network.public_subnets", &x.Network.PublicSubnets)
	}
	if x.Network.PrivateSubnets != nil {
		set(r, &s.PrivateSubnets, "network.private_subnets", &x.Network.PrivateSubnets)
	}
	setExisting(r, &s)
	set(r, &s.Discovery, "discovery", x.Discovery)
	if spot := settings.SpotOf(x.Spot); spot != "" {
		set(r, &s.Spot, "spot", &spot)
	}
	set(r, &s.Capacity, "capacity", x.Capacity)
	set(r, &s.Exec, "exec", x.Exec)
	set(r, &s.ExecAudit, "exec_audit", x.ExecAudit)
	if _, bucket := settings.AuditBucket(s.ExecAudit.Value); s.Cluster.Value != "" && (bucket || s.ExecAudit.Value == settings.ExecNone) {
		r.problems.Add(Problem{
			At: ParsePosition(s.ExecAudit.Origin), What: "exec_audit is a setting of the cluster, and the cluster exists already",
			Remedy: "leave it out and set it there: aws ecs update-cluster --configuration; berth changes nothing of the cluster",
		})
	}
	set(r, &s.Events, "events", x.Events)
	set(r, &s.Notify, "notify", x.Notify)
	set(r, &s.Sleep, "sleep", x.Sleep)
	if _, err := scaling.ParseSleep(s.Sleep.Value); s.Sleep.Value != "" && err != nil {
		r.problems.Add(Problem{At: ParsePosition(s.Sleep.Origin), What: err.Error(), Remedy: scaling.SleepRemedy})
	}
	set(r, &s.Insights, "insights", x.Insights)
	set(r, &s.Builder, "builder", x.Builder)
	set(r, &s.LogRetentionDays, "logs.retention_days", x.Logs.RetentionDays)
	set(r, &s.HealthInterval, "health.interval", x.Health.Interval)
	set(r, &s.HealthTimeout, "health.timeout", x.Health.Timeout)
	set(r, &s.Healthy, "health.healthy", x.Health.Healthy)
	set(r, &s.Unhealthy, "health.unhealthy", x.Health.Unhealthy)
	set(r, &s.DrainSeconds, "drain_seconds", x.DrainSeconds)
	set(r, &s.IdleSeconds, "idle_seconds", x.IdleSeconds)
	set(r, &s.BackupDays, "backup_days", x.BackupDays)
	set(r, &s.DeletionProtection, "deletion_protection", x.DeletionProtection)
	setNames(r, &s)
	set(r, &s.DatabaseMultiAZ, "databases.multi_az", x.Databases.MultiAZ)
	set(r, &s.DatabaseProtection, "databases.deletion_protection", x.Databases.DeletionProtection)
	return s
}

// set takes the file's value of a setting, if there is one.
func set[T any](r reading, setting *Setting[T], key string, value *T) {
	if value != nil {
		*setting = Setting[T]{Value: *value, Origin: r.at(project.Child("x-berth", key)).String()}
	}
}
