package app

// Setting is one setting with the place that its value came from: a file:line, a
// flag, or "preset affordable".
type Setting[T any] struct {
	Value  T
	Origin string
}

// Settings are the effective settings of an environment and a stack. The tag is
// the key under x-berth.
type Settings struct {
	// Preset is affordable, balanced or high_availability.
	Preset Setting[string] `knob:"preset"`
	// Zones is the number of availability zones: 1 to 3.
	Zones Setting[int] `knob:"network.zones"`
	// NAT is none, single or per_zone.
	NAT Setting[string] `knob:"network.nat"`
	// TaskSubnets is where tasks run: public or private.
	TaskSubnets Setting[string] `knob:"network.tasks"`
	// CIDR is the range of the VPC, a /16; empty chooses one.
	CIDR Setting[string] `knob:"network.cidr"`
	// VPC is an existing VPC to use and never change; empty makes one.
	VPC Setting[string] `knob:"network.vpc"`
	// PublicSubnets and PrivateSubnets are the subnets to use in VPC.
	PublicSubnets  Setting[[]string] `knob:"network.public_subnets"`
	PrivateSubnets Setting[[]string] `knob:"network.private_subnets"`
	// SecurityGroups are existing groups that every task is in besides its own.
	SecurityGroups Setting[[]string] `knob:"network.security_groups"`
	// ElasticIPs are the allocations that the NAT gateways use, in the order of
	// the zones; empty allocates addresses.
	ElasticIPs Setting[[]string] `knob:"network.elastic_ips"`
	// Cluster is the name or ARN of an existing ECS cluster, LoadBalancer the
	// ARN of an existing application load balancer; empty makes them.
	Cluster      Setting[string] `knob:"cluster"`
	LoadBalancer Setting[string] `knob:"load_balancer"`
	// ExecutionRole and TaskRole are the ARNs of existing roles for all tasks;
	// empty makes them.
	ExecutionRole Setting[string] `knob:"execution_role_arn"`
	TaskRole      Setting[string] `knob:"task_role_arn"`
	// PermissionsBoundary is the ARN of the managed policy that bounds every
	// role that berth makes; empty for none.
	PermissionsBoundary Setting[string] `knob:"permissions_boundary"`
	// Discovery is how siblings find each other: dns or connect.
	Discovery Setting[string] `knob:"discovery"`
	// Spot lets replicas beyond the first run on Spot capacity.
	Spot Setting[bool] `knob:"spot"`
	// Insights is Container Insights: disabled, enabled or enhanced.
	Insights Setting[string] `knob:"insights"`
	// Builder is where images are built: auto, local or codebuild.
	Builder Setting[string] `knob:"builder"`
	// LogRetentionDays is one of the values that CloudWatch Logs knows.
	LogRetentionDays Setting[int] `knob:"logs.retention_days"`
	// HealthInterval and HealthTimeout of the balancer's checks, in seconds.
	HealthInterval Setting[int] `knob:"health.interval"`
	HealthTimeout  Setting[int] `knob:"health.timeout"`
	// Healthy and Unhealthy are the checks in a row that change a state.
	Healthy   Setting[int] `knob:"health.healthy"`
	Unhealthy Setting[int] `knob:"health.unhealthy"`
	// DrainSeconds is how long a task that leaves keeps its open requests: the
	// deregistration delay, 0 to 3600.
	DrainSeconds Setting[int] `knob:"drain_seconds"`
	// IdleSeconds is after how long the balancer closes a silent connection.
	IdleSeconds Setting[int] `knob:"idle_seconds"`
	// BackupDays is for how many days backups of databases are kept, 0 to 35; 0
	// is none. File systems have backups of 35 days, or none.
	BackupDays Setting[int] `knob:"backup_days"`
	// DeletionProtection makes AWS refuse to delete the balancer.
	DeletionProtection Setting[bool] `knob:"deletion_protection"`
	// Ingress is how the internet reaches services: balancer or direct.
	Ingress Setting[string] `knob:"ingress"`
	// DNSProvider is who answers for the hosts' domains: route53, cloudflare or
	// none.
	DNSProvider Setting[string] `knob:"dns.provider"`
	// DNSZone is the name or id of the zone; empty finds it.
	DNSZone Setting[string] `knob:"dns.zone"`
	// DNSAutoCreate makes a zone at the provider where there is none.
	DNSAutoCreate Setting[bool] `knob:"dns.auto_create"`
	// DNSRole is the role to use for Route 53; empty uses the caller's rights.
	DNSRole Setting[string] `knob:"dns.role"`
	// Certificate is the ARN of an existing one; empty finds or requests one.
	Certificate Setting[string] `knob:"certificate"`
	// DatabaseMultiAZ keeps a standby of each managed database in another zone.
	DatabaseMultiAZ Setting[bool] `knob:"databases.multi_az"`
	// DatabaseProtection makes AWS refuse to delete managed databases.
	DatabaseProtection Setting[bool] `knob:"databases.deletion_protection"`
}

// Values of Settings.
const (
	PresetAffordable       = "affordable"
	PresetBalanced         = "balanced"
	PresetHighAvailability = "high_availability"

	NATNone    = "none"
	NATSingle  = "single"
	NATPerZone = "per_zone"

	SubnetsPublic  = "public"
	SubnetsPrivate = "private"

	DiscoveryDNS     = "dns"
	DiscoveryConnect = "connect"

	IngressBalancer = "balancer"
	IngressDirect   = "direct"

	DNSRoute53    = "route53"
	DNSCloudflare = "cloudflare"
	DNSNone       = "none"
)
