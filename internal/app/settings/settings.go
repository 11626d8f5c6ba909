package settings

// Setting is one setting with the origin of its value: a file:line, a flag, or
// "preset affordable".
type Setting[T any] struct {
	Value  T
	Origin string
}

// Settings are the effective settings of an environment and a stack. The tag is
// the key under x-berth.
type Settings struct {
	// Preset is affordable, balanced or high_availability.
	Preset Setting[string] `setting:"preset"`
	// Zones is the number of availability zones: 1 to 3.
	Zones Setting[int] `setting:"network.zones"`
	// NAT is none, single or per_zone.
	NAT Setting[string] `setting:"network.nat"`
	// TaskSubnets is where tasks run: public or private.
	TaskSubnets Setting[string] `setting:"network.tasks"`
	// CIDR is the range of the VPC, a /16; empty chooses one.
	CIDR Setting[string] `setting:"network.cidr"`
	// VPC is an existing VPC to use and never change; empty makes one.
	VPC Setting[string] `setting:"network.vpc"`
	// PublicSubnets and PrivateSubnets are the subnets to use in VPC.
	PublicSubnets  Setting[[]string] `setting:"network.public_subnets"`
	PrivateSubnets Setting[[]string] `setting:"network.private_subnets"`
	// SecurityGroups are existing groups that every task is in besides its own.
	SecurityGroups Setting[[]string] `setting:"network.security_groups"`
	// ElasticIPs are the allocations that the NAT gateways use, in the order of
	// the zones; empty allocates addresses.
	ElasticIPs Setting[[]string] `setting:"network.elastic_ips"`
	// Cluster is the name or ARN of an existing ECS cluster, LoadBalancer the
	// ARN of an existing application load balancer; empty makes them.
	Cluster      Setting[string] `setting:"cluster"`
	LoadBalancer Setting[string] `setting:"load_balancer"`
	// ExecutionRole and TaskRole are the ARNs of existing roles for all tasks;
	// empty makes them.
	ExecutionRole Setting[string] `setting:"execution_role_arn"`
	TaskRole      Setting[string] `setting:"task_role_arn"`
	// PermissionsBoundary is the ARN of the managed policy that bounds every
	// role that berth makes; empty for none.
	PermissionsBoundary Setting[string] `setting:"permissions_boundary"`
	// Discovery is how siblings find each other: dns or connect.
	Discovery Setting[string] `setting:"discovery"`
	// Spot lets replicas beyond the first run on Spot capacity.
	Spot Setting[Spot] `setting:"spot"`
	// Capacity is what tasks run on: fargate, managed, ec2, or an existing capacity provider.
	Capacity Setting[string] `setting:"capacity"`
	// Exec lets ECS Exec into containers.
	Exec Setting[bool] `setting:"exec"`
	// ExecAudit is where the sessions of ECS Exec are logged: ExecLogs, ExecNone, a
	// bucket as s3://BUCKET/PREFIX, or empty for what AWS does.
	ExecAudit Setting[string] `setting:"exec_audit"`
	// Events keeps what ECS says of the stack for 30 days.
	Events Setting[bool] `setting:"events"`
	// Notify is the ARN of the topic that hears of failures; empty for none.
	Notify Setting[string] `setting:"notify"`
	// Sleep is when the services of the environment have no tasks, as
	// scaling.ParseSleep reads it; empty is never.
	Sleep Setting[string] `setting:"sleep"`
	// Insights is Container Insights: disabled, enabled or enhanced.
	Insights Setting[string] `setting:"insights"`
	// Builder is where images are built: auto, local or codebuild.
	Builder Setting[string] `setting:"builder"`
	// LogRetentionDays is one of the values that CloudWatch Logs allows.
	LogRetentionDays Setting[int] `setting:"logs.retention_days"`
	// HealthInterval and HealthTimeout are those of the load balancer's checks, in
	// seconds.
	HealthInterval Setting[int] `setting:"health.interval"`
	HealthTimeout  Setting[int] `setting:"health.timeout"`
	// Healthy and Unhealthy are how many checks in a row change the state.
	Healthy   Setting[int] `setting:"health.healthy"`
	Unhealthy Setting[int] `setting:"health.unhealthy"`
	// DrainSeconds is how long a stopping task may finish its open requests: the
	// deregistration delay, 0 to 3600.
	DrainSeconds Setting[int] `setting:"drain_seconds"`
	// IdleSeconds is how long a connection may be idle before the load balancer
	// closes it.
	IdleSeconds Setting[int] `setting:"idle_seconds"`
	// BackupDays is how many days backups of databases are kept, 0 to 35; 0 makes no
	// backups. Backups of file systems are kept for 35 days, or not made.
	BackupDays Setting[int] `setting:"backup_days"`
	// DeletionProtection makes AWS refuse to delete the balancer.
	DeletionProtection Setting[bool] `setting:"deletion_protection"`
	// Ingress is how the internet reaches services: balancer or direct.
	Ingress Setting[string] `setting:"ingress"`
	// DNSProvider is where the zones of the hosts are: route53, cloudflare or none.
	DNSProvider Setting[string] `setting:"dns.provider"`
	// DNSZone is the name or id of the zone; empty finds it.
	DNSZone Setting[string] `setting:"dns.zone"`
	// DNSAutoCreate makes a zone at the provider if there is none.
	DNSAutoCreate Setting[bool] `setting:"dns.auto_create"`
	// DNSRole is the role to assume for Route 53; empty uses the caller's permissions.
	DNSRole Setting[string] `setting:"dns.role"`
	// Certificate is the ARN of an existing one; empty finds or requests one.
	Certificate Setting[string] `setting:"certificate"`
	// DatabaseMultiAZ keeps a standby of each managed database in another zone.
	DatabaseMultiAZ Setting[bool] `setting:"databases.multi_az"`
	// DatabaseProtection makes AWS refuse to delete managed databases.
	DatabaseProtection Setting[bool] `setting:"databases.deletion_protection"`
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

	CapacityFargate = "fargate"

	DNSRoute53    = "route53"
	DNSCloudflare = "cloudflare"
	DNSNone       = "none"
)

// Direct says that the internet reaches tasks without a load balancer.
func (s Settings) Direct() bool { return s.Ingress.Value == IngressDirect }
