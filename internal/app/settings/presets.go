package settings

import "slices"

// preset is a flat set of settings.
type preset struct {
	name             string
	zones            int
	nat, tasks       string
	spot             Spot
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
			name: PresetAffordable, zones: 2, nat: NATNone, tasks: SubnetsPublic, spot: SpotFurther,
			insights: "disabled", logDays: 7, interval: 5, timeout: 4, healthy: 2, unhealthy: 6, drain: 5, backupDays: 1,
		},
		{
			name: PresetBalanced, zones: 2, nat: NATSingle, tasks: SubnetsPrivate, spot: SpotFurther,
			insights: "disabled", logDays: 30, interval: 5, timeout: 4, healthy: 2, unhealthy: 6, drain: 15, backupDays: 7,
		},
		{
			name: PresetHighAvailability, zones: 3, nat: NATPerZone, tasks: SubnetsPrivate, spot: SpotNever,
			insights: "enabled", logDays: 90, interval: 5, timeout: 4, healthy: 2, unhealthy: 6, drain: 30, backupDays: 35, safeDatabases: true,
		},
	}
}

// Of are the settings of a preset, and the defaults that all presets share. ok is
// false if there is no preset of that name.
func Of(chosen Setting[string]) (s Settings, ok bool) {
	all := presets()
	i := slices.IndexFunc(all, func(p preset) bool { return p.name == chosen.Value })
	if i < 0 {
		return Settings{}, false
	}
	return all[i].settings(chosen), true
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
		Discovery:           Setting[string]{DiscoveryDNS, "default"}, Spot: Setting[Spot]{p.spot, from}, Capacity: Setting[string]{CapacityFargate, "default"}, Exec: Setting[bool]{false, "default"}, ExecAudit: Setting[string]{"", "default"},
		Events:   Setting[bool]{false, "default"},
		Notify:   Setting[string]{"", "default"},
		Sleep:    Setting[string]{"", "default"},
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
