package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/project"
)

// preset is a flat set of knobs.
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
			// The cheapest that is safe: tasks in public subnets, which nothing
			// can reach from outside, cost no NAT.
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

// settings works out every knob: the file's value, else the preset's.
func (t *translator) settings() {
	x, s := t.project.XBerth, &t.app.Settings
	s.Preset = Setting[string]{PresetAffordable, "default"}
	set(t, &s.Preset, "preset", x.Preset)
	if t.options.Preset != "" {
		s.Preset = Setting[string]{t.options.Preset, "flag --preset"}
	}
	all := presets()
	i := slices.IndexFunc(all, func(p preset) bool { return p.name == s.Preset.Value })
	if i < 0 {
		if t.options.Preset != "" { // the schema refuses those of the file
			t.problems.Add(Problem{What: fmt.Sprintf("there is no preset %q", t.options.Preset), Remedy: "the presets are affordable, balanced and high_availability"})
		}
		i = 0
	}
	t.fromPreset(all[i])
	set(t, &s.Zones, "network.zones", x.Network.Zones)
	set(t, &s.NAT, "network.nat", x.Network.NAT)
	set(t, &s.TaskSubnets, "network.tasks", x.Network.Tasks)
	set(t, &s.CIDR, "network.cidr", x.Network.CIDR)
	set(t, &s.VPC, "network.vpc", x.Network.VPC)
	if x.Network.PublicSubnets != nil {
		set(t, &s.PublicSubnets, "network.public_subnets", &x.Network.PublicSubnets)
	}
	if x.Network.PrivateSubnets != nil {
		set(t, &s.PrivateSubnets, "network.private_subnets", &x.Network.PrivateSubnets)
	}
	t.existing()
	set(t, &s.Discovery, "discovery", x.Discovery)
	set(t, &s.Spot, "spot", x.Spot)
	set(t, &s.Insights, "insights", x.Insights)
	set(t, &s.Builder, "builder", x.Builder)
	set(t, &s.LogRetentionDays, "logs.retention_days", x.Logs.RetentionDays)
	set(t, &s.HealthInterval, "health.interval", x.Health.Interval)
	set(t, &s.HealthTimeout, "health.timeout", x.Health.Timeout)
	set(t, &s.Healthy, "health.healthy", x.Health.Healthy)
	set(t, &s.Unhealthy, "health.unhealthy", x.Health.Unhealthy)
	set(t, &s.DrainSeconds, "drain_seconds", x.DrainSeconds)
	set(t, &s.IdleSeconds, "idle_seconds", x.IdleSeconds)
	set(t, &s.BackupDays, "backup_days", x.BackupDays)
	set(t, &s.DeletionProtection, "deletion_protection", x.DeletionProtection)
	t.nameSettings()
	set(t, &s.DatabaseMultiAZ, "databases.multi_az", x.Databases.MultiAZ)
	set(t, &s.DatabaseProtection, "databases.deletion_protection", x.Databases.DeletionProtection)
}

// set takes the file's value of a knob, if there is one.
func set[T any](t *translator, setting *Setting[T], key string, value *T) {
	if value != nil {
		*setting = Setting[T]{*value, t.at(project.Child("x-berth", key)).String()}
	}
}

func (t *translator) fromPreset(p preset) {
	from := "preset " + p.name
	t.app.Settings = Settings{
		Preset: t.app.Settings.Preset,
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

// crossChecks refuses knobs that do not go together.
func (t *translator) crossChecks() {
	s := t.app.Settings
	existing := s.VPC.Value != ""
	if s.TaskSubnets.Value == SubnetsPrivate && s.NAT.Value == NATNone && !existing {
		t.refuse("x-berth.network.nat", "private tasks without NAT cannot pull their images", "nothing leads from a private subnet to the internet", "write nat: single, or tasks: public")
	}
	if s.Zones.Value == 1 {
		for _, w := range t.app.Services {
			if len(w.PublicPorts()) > 0 {
				t.refuse("x-berth.network.zones", "one zone is not enough for service "+w.Name, "its public ports need a load balancer, which AWS puts into two zones", "write zones: 2")
				break
			}
		}
		for _, d := range t.app.Databases {
			t.refuse("x-berth.network.zones", "one zone is not enough for the managed database "+d.Name, "AWS asks for subnets in two zones", "write zones: 2")
		}
	}
	if t.app.Shared || existing {
		for _, d := range t.app.Databases {
			t.notice(project.Child("services", d.Name), "service %s: siblings reach it by the host in %s: its short name works in a VPC of the project's own", d.Name, HostVariable(d.Name))
		}
	}
	if existing && len(t.app.Databases) > 0 && len(s.PrivateSubnets.Value) == 0 {
		t.refuse("x-berth.network.vpc", "a managed database needs private subnets of the given VPC", "berth puts databases into private subnets only", "add network.private_subnets, in two zones")
	}
	if s.HealthTimeout.Value >= s.HealthInterval.Value {
		t.refuse("x-berth.health", "health.timeout is not shorter than health.interval", fmt.Sprintf("%d s and %d s", s.HealthTimeout.Value, s.HealthInterval.Value), "write a shorter timeout or a longer interval")
	}
	if existing && len(s.PublicSubnets.Value)+len(s.PrivateSubnets.Value) == 0 {
		t.refuse("x-berth.network.vpc", "a given VPC needs subnets", "berth makes none in it", "add network.public_subnets, and network.private_subnets for private tasks")
	}
	if !existing && len(s.PublicSubnets.Value)+len(s.PrivateSubnets.Value) > 0 {
		t.refuse("x-berth.network", "subnets are given without their VPC", "", "add network.vpc")
	}
	t.checkExistingNetwork()
	if cidr := s.CIDR.Value; cidr != "" && !privateRange(cidr) {
		t.refuse("x-berth.network.cidr", cidr+" is not a private range", "addresses of the internet would not be reached any more", "use one within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16")
	}
}

func privateRange(cidr string) bool {
	var a, b int
	if n, err := fmt.Sscanf(cidr, "%d.%d.0.0/16", &a, &b); err != nil || n != 2 || b > 255 {
		return false
	}
	return a == 10 || a == 172 && b >= 16 && b < 32 || a == 192 && b == 168
}

// comesLater adds the placeholders of x-berth's own keys.
func (t *translator) comesLater() {
	for _, l := range t.project.Later {
		t.app.Placeholders = append(t.app.Placeholders, Placeholder{What: l.What, Where: l.At.String(), Comes: l.Comes})
	}
	slices.SortStableFunc(t.app.Placeholders, func(a, b Placeholder) int { return strings.Compare(a.What, b.What) })
}
