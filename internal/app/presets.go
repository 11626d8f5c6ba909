package app

import (
	"fmt"
	"slices"

	"github.com/berthdev/berth/internal/project"
)

// preset is a flat set of settings.
type preset struct {
	name             string
	zones            int
	nat, tasks       string
	spot             bool
	insights         string
	logDays          int
	interval         int
	timeout          int
	healthy          int
	unhealthy        int
	drain            int
	deleteProtection bool
	backupDays       int
	safeDatabases    bool
}

// presets are the three sets. Whatever the preset, a VPC has public and
// private subnets in all its zones.
func presets() []preset {
	return []preset{
		{
			// The cheapest that is safe: tasks in public subnets need no NAT gateway, and
			// their security groups let nothing in from outside.
			name: PresetAffordable, zones: 2, nat: NATNone, tasks: SubnetsPublic, spot: true,
			insights: "disabled", logDays: 7, interval: 5, timeout: 4, healthy: 2, unhealthy: 6, drain: 5, backupDays: 1,
		},
		{
			name: PresetBalanced, zones: 2, nat: NATSingle, tasks: SubnetsPrivate, spot: true,
			insights: "disabled", logDays: 30, interval: 5, timeout: 4, healthy: 2, unhealthy: 6, drain: 15, backupDays: 7,
		},
		{
			name: PresetHighAvailability, zones: 3, nat: NATPerZone, tasks: SubnetsPrivate, spot: false,
			insights: "enabled", logDays: 90, interval: 5, timeout: 4, healthy: 2, unhealthy: 6, drain: 30, backupDays: 35, safeDatabases: true,
		},
	}
}

// settingsOf decides every setting: the file's value, else the preset's.
func settingsOf(r reading, o Options) Settings {
	x := r.project.XBerth
	chosen := Setting[string]{PresetAffordable, "default"}
	set(r, &chosen, "preset", x.Preset)
	if o.Preset != "" {
		chosen = Setting[string]{o.Preset, "flag --preset"}
	}
	all := presets()
	i := slices.IndexFunc(all, func(p preset) bool { return p.name == chosen.Value })
	if i < 0 {
		if o.Preset != "" { // the schema refuses those of the file
			r.problems.Add(Problem{What: fmt.Sprintf("there is no preset %q", o.Preset), Remedy: "the presets are affordable, balanced and high_availability"})
		}
		i = 0
	}
	s := all[i].settings(chosen)
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
	set(r, &s.Spot, "spot", x.Spot)
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
		*setting = Setting[T]{*value, r.at(project.Child("x-berth", key)).String()}
	}
}

// settings are those of the preset, and the defaults that all presets share.
func (p preset) settings(chosen Setting[string]) Settings {
	from := "preset " + p.name
	return Settings{
		Preset: chosen,
		Zones:  Setting[int]{p.zones, from}, NAT: Setting[string]{p.nat, from}, TaskSubnets: Setting[string]{p.tasks, from},
		CIDR: Setting[string]{"", "default"}, VPC: Setting[string]{"", "default"},
		PublicSubnets: Setting[[]string]{nil, "default"}, PrivateSubnets: Setting[[]string]{nil, "default"},
		SecurityGroups: Setting[[]string]{nil, "default"}, ElasticIPs: Setting[[]string]{nil, "default"},
		Cluster: Setting[string]{"", "default"}, LoadBalancer: Setting[string]{"", "default"},
		ExecutionRole: Setting[string]{"", "default"}, TaskRole: Setting[string]{"", "default"},
		PermissionsBoundary: Setting[string]{"", "default"},
		Discovery:           Setting[string]{DiscoveryDNS, "default"}, Spot: Setting[bool]{p.spot, from},
		Insights: Setting[string]{p.insights, from}, Builder: Setting[string]{"auto", "default"}, LogRetentionDays: Setting[int]{p.logDays, from},
		HealthInterval: Setting[int]{p.interval, from}, HealthTimeout: Setting[int]{p.timeout, from},
		Healthy: Setting[int]{p.healthy, from}, Unhealthy: Setting[int]{p.unhealthy, from},
		DrainSeconds: Setting[int]{p.drain, from}, IdleSeconds: Setting[int]{60, "default"},
		BackupDays:         Setting[int]{p.backupDays, from},
		DeletionProtection: Setting[bool]{p.deleteProtection, from},
		Ingress:            Setting[string]{IngressBalancer, "default"},
		DNSProvider:        Setting[string]{DNSRoute53, "default"}, DNSZone: Setting[string]{"", "default"},
		DNSAutoCreate: Setting[bool]{false, "default"}, DNSRole: Setting[string]{"", "default"},
		Certificate:     Setting[string]{"", "default"},
		DatabaseMultiAZ: Setting[bool]{p.safeDatabases, from}, DatabaseProtection: Setting[bool]{p.safeDatabases, from},
	}
}
