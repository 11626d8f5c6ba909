package project

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/berthdev/berth/schema"
)

const xBerth = "x-berth"

// XBerth is x-berth at the top level. A nil field is not in the files.
type XBerth struct {
	Environment string   `json:"environment"`
	Region      string   `json:"region"`
	Preset      *string  `json:"preset"`
	Network     XNetwork `json:"network"`
	Discovery   *string  `json:"discovery"`
	// Spot is true, false or "prefer".
	Spot     any     `json:"spot"`
	Capacity *string `json:"capacity"`
	// Instances are those of capacity: managed and ec2.
	Instances *XInstances `json:"instances"`
	Exec      *bool       `json:"exec"`
	Insights  *string     `json:"insights"`
	ExecAudit *string     `json:"exec_audit"`
	Events    *bool       `json:"events"`
	Notify    *string     `json:"notify"`
	Builder   *string     `json:"builder"`
	Sleep     *string     `json:"sleep"`
	Logs      XLogs       `json:"logs"`
	Health    struct {
		Interval  *int `json:"interval"`
		Timeout   *int `json:"timeout"`
		Healthy   *int `json:"healthy"`
		Unhealthy *int `json:"unhealthy"`
	} `json:"health"`
	DrainSeconds       *int    `json:"drain_seconds"`
	IdleSeconds        *int    `json:"idle_seconds"`
	DeletionProtection *bool   `json:"deletion_protection"`
	BackupDays         *int    `json:"backup_days"`
	Cluster            *string `json:"cluster"`
	LoadBalancer       *string `json:"load_balancer"`
	ExecutionRoleARN   *string `json:"execution_role_arn"`
	TaskRoleARN        *string `json:"task_role_arn"`
	// PermissionsBoundary is the ARN of a managed policy.
	PermissionsBoundary *string `json:"permissions_boundary"`
	// Volumes are the settings of volumes by their name in the Compose file.
	Volumes map[string]XVolume `json:"volumes"`
	DNS     XDNS               `json:"dns"`
	// Certificate is the ARN of an existing certificate.
	Certificate *string `json:"certificate"`
	// Ingress is balancer or direct.
	Ingress *string `json:"ingress"`
	// Databases are settings of all managed databases.
	Databases struct {
		MultiAZ            *bool `json:"multi_az"`
		DeletionProtection *bool `json:"deletion_protection"`
	} `json:"databases"`
}

// XVolume is x-berth.volumes.NAME.
type XVolume struct {
	Backup      *bool  `json:"backup"`
	Bucket      string `json:"bucket"`
	FileSystem  string `json:"file_system"`
	AccessPoint string `json:"access_point"`
	Path        string `json:"path"`
	UID         *int   `json:"uid"`
	GID         *int   `json:"gid"`
	// TaskLocal puts the volume on the disk of the task whose containers mount it.
	TaskLocal bool `json:"task_local"`
}

// XDNS is x-berth.dns.
type XDNS struct {
	Provider   *string `json:"provider"`
	AutoCreate *bool   `json:"auto_create"`
	Zone       *string `json:"zone"`
	Role       *string `json:"role"`
}

// XNetwork is x-berth.network.
type XNetwork struct {
	Zones          *int     `json:"zones"`
	NAT            *string  `json:"nat"`
	Tasks          *string  `json:"tasks"`
	CIDR           *string  `json:"cidr"`
	VPC            *string  `json:"vpc"`
	PublicSubnets  []string `json:"public_subnets"`
	PrivateSubnets []string `json:"private_subnets"`
	SecurityGroups []string `json:"security_groups"`
	ElasticIPs     []string `json:"elastic_ips"`
}

// XLogs is x-berth.logs.
type XLogs struct {
	RetentionDays *int `json:"retention_days"`
}

// XService is x-berth in a service. A nil field is not in the files.
type XService struct {
	// Public is true, false or "internal".
	Public   any    `json:"public"`
	Protocol string `json:"protocol"`
	// Policies is a text, or a list of texts and IAM statements.
	Policies any `json:"policies"`
	Health   struct {
		Path         string `json:"path"`
		Port         int    `json:"port"`
		GraceSeconds int    `json:"grace_seconds"`
	} `json:"health"`
	DrainSeconds *int `json:"drain_seconds"`
	// Spot is true, false or "prefer".
	Spot    any     `json:"spot"`
	Exec    *bool   `json:"exec"`
	DiskGiB int     `json:"disk_gib"`
	Logs    XLogs   `json:"logs"`
	Update  XUpdate `json:"update"`
	// Secrets are ARNs, paths or names of secrets, by variable.
	Secrets map[string]string `json:"secrets"`
	// PullCredentials is the ARN of a secret of AWS Secrets Manager.
	PullCredentials string `json:"pull_credentials"`
	// Host is a text or a list of texts; Path applies to the hosts without a path.
	Host any    `json:"host"`
	Path string `json:"path"`
	// ExecutionRoleARN and TaskRoleARN are existing roles, SecurityGroups existing
	// groups.
	ExecutionRoleARN string   `json:"execution_role_arn"`
	TaskRoleARN      string   `json:"task_role_arn"`
	SecurityGroups   []string `json:"security_groups"`
	// Subnets are existing subnets, and AssignPublicIP whether tasks have public addresses
	// there; nil is what the environment has, and so it is for Capacity.
	Subnets        []string `json:"subnets"`
	AssignPublicIP *bool    `json:"assign_public_ip"`
	Capacity       *string  `json:"capacity"`
	// Instances are those of capacity: managed, for this service alone.
	Instances *XInstances `json:"instances"`
	// Managed asks for a managed database instead of the container: a boolean, a
	// kind, or an object like XManaged.
	Managed any `json:"managed"`
	// SidecarOf is the service in whose tasks the container runs; Essential says whether
	// a task ends with it.
	SidecarOf string `json:"sidecar_of"`
	Essential *bool  `json:"essential"`
	// Schedule is an expression, or an object like XSchedule.
	Schedule any `json:"schedule"`
	// Autoscaling lets the load decide how many tasks run: a boolean, or an object
	// like XAutoscaling.
	Autoscaling any `json:"autoscaling"`
	// RolloutValue is a strategy, or an object like XRollout.
	RolloutValue any `json:"rollout"`
}

// XInstances is x-berth.instances. Zero values are not set.
type XInstances struct {
	VCPU      int      `json:"vcpu"`
	MemoryGiB int      `json:"memory_gib"`
	Types     []string `json:"types"`
	DiskGiB   int      `json:"disk_gib"`
	// Max is the most instances of capacity: ec2.
	Max int `json:"max"`
}

// XUpdate is x-berth.update of a service. Nil and zero values are not set.
type XUpdate struct {
	MinPercent *int `json:"min_percent"`
	MaxPercent *int `json:"max_percent"`
	Failures   int  `json:"failures"`
	// EarlySuccess says that a deployment does not wait for the end of the old tasks.
	EarlySuccess bool `json:"early_success"`
}

// XSchedule is x-berth.schedule of a service, read from its short and long forms.
type XSchedule struct {
	// Text is the short form. Cron, Rate and At are the long one's, of which one is set.
	Text     string `json:"-"`
	Cron     string `json:"cron"`
	Rate     string `json:"rate"`
	At       string `json:"at"`
	Timezone string `json:"timezone"`
	// JitterMinutes, Retries and MaxAgeMinutes are nil if they are not in the files.
	JitterMinutes *int   `json:"jitter_minutes"`
	Retries       *int   `json:"retries"`
	MaxAgeMinutes *int   `json:"max_age_minutes"`
	DeadLetter    string `json:"dead_letter"`
	// Input are variables: texts, numbers and booleans.
	Input   map[string]any `json:"input"`
	Enabled *bool          `json:"enabled"`
	Overlap string         `json:"overlap"`
}

// Scheduled is Schedule in its long form; nil if the service has no schedule.
func (s XService) Scheduled() *XSchedule {
	switch v := s.Schedule.(type) {
	case string:
		return &XSchedule{Text: v}
	case map[string]any:
		return long[XSchedule](v)
	}
	return nil
}

// XManaged is x-berth.managed of a service, read from its short and long forms.
type XManaged struct {
	// Kind is postgres, mysql, redis or valkey; empty is that of the image.
	Kind string `json:"kind"`
	// Class is an instance class; if it is empty, berth chooses one by the service's
	// resources.
	Class              string `json:"class"`
	StorageGiB         int    `json:"storage_gib"`
	MultiAZ            *bool  `json:"multi_az"`
	DeletionProtection *bool  `json:"deletion_protection"`
	BackupDays         *int   `json:"backup_days"`
	FromSnapshot       string `json:"from_snapshot"`
	AllowDowntime      bool   `json:"allow_downtime"`
	// TLS is required or preferred; if it is empty, berth decides.
	TLS string `json:"tls"`
}

// Database is Managed in its long form; nil if the service is not a managed
// database.
func (s XService) Database() *XManaged {
	switch v := s.Managed.(type) {
	case bool:
		if v {
			return &XManaged{}
		}
	case string:
		return &XManaged{Kind: v}
	case map[string]any:
		return long[XManaged](v)
	}
	return nil
}

// long decodes the long form of a key that has a short one; nil if a value is of the
// wrong type, which the schema has reported.
func long[T any](v map[string]any) *T {
	out := new(T)
	data, err := json.Marshal(v)
	if err != nil || json.Unmarshal(data, out) != nil {
		return nil
	}
	return out
}

// readXBerth validates and decodes x-berth and the keys of other tools with the
// same meaning.
func (p *Project) readXBerth() {
	k := keyReader{Project: p}
	top := k.translated("", p.Compose.Extensions, topAliases)
	k.read("#/$defs/environment", xBerth, top, "", &p.XBerth)
	for _, name := range slices.Sorted(maps.Keys(p.Compose.Services)) {
		path := Child("services", name)
		values := k.translated(path, p.Compose.Services[name].Extensions, serviceAliases)
		k.nested(path, p.Compose.Services[name], values)
		var s XService
		k.read("#/$defs/service", Child(path, xBerth), values, " of service "+name, &s)
		p.Services[name] = s
	}
}

// keyReader reads the x-berth keys of one project.
type keyReader struct {
	*Project
	// schemas are compiled when first needed, by their place in the schema.
	schemas map[string]*checkedSchema
}

// read validates values against a part of the schema and decodes them.
func (k *keyReader) read(ref, path string, values map[string]any, owner string, into any) {
	if len(values) == 0 {
		return
	}
	s, err := k.schema(ref)
	if err != nil {
		k.Problems = append(k.Problems, Problem{What: "the schema of x-berth cannot be read", Why: err.Error(), Remedy: "this is a bug in berth: please report it"})
		return
	}
	problems := s.check(values, path, k.Positions)
	k.Problems = append(k.Problems, problems...)
	k.later(s, path, values, owner)
	data, err := json.Marshal(values)
	if err != nil {
		return
	}
	// Values of the wrong type were reported above; the others are decoded.
	if err := json.Unmarshal(data, into); err != nil && len(problems) == 0 {
		k.Problems = append(k.Problems, Problem{At: k.Positions.At(path), What: path + " cannot be read", Why: err.Error(), Remedy: "correct the value"})
	}
}

func (k *keyReader) schema(ref string) (*checkedSchema, error) {
	if s, ok := k.schemas[ref]; ok {
		return s, nil
	}
	s, err := compileSchema(schema.XBerth, ref)
	if err != nil {
		return nil, err
	}
	if k.schemas == nil {
		k.schemas = map[string]*checkedSchema{}
	}
	k.schemas[ref] = s
	return s, nil
}

// later notes the keys that the schema marks as not supported yet.
func (k *keyReader) later(s *checkedSchema, path string, values map[string]any, owner string) {
	doc, _ := s.text.(map[string]any)
	defs, _ := doc["$defs"].(map[string]any)
	part := "environment"
	if owner != "" {
		part = "service"
	}
	def, _ := defs[part].(map[string]any)
	props, _ := def["properties"].(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(values)) {
		prop, _ := props[key].(map[string]any)
		comes, ok := prop["x-later"].(string)
		if !ok || values[key] == false || values[key] == nil {
			continue
		}
		k.Later = append(k.Later, Later{
			At: k.Positions.At(Child(path, key)), What: fmt.Sprintf("x-berth.%s%s", key, owner), Comes: comes,
		})
	}
}

// own are the values of x-berth among the extensions, without those with unset
// variables, which have been reported.
func own(extensions map[string]any) (map[string]any, bool) {
	v, ok := extensions[xBerth]
	if !ok || v == nil {
		return map[string]any{}, true
	}
	m, ok := v.(map[string]any)
	if !ok {
		return map[string]any{}, false
	}
	return withoutUnset(m), true
}

func withoutUnset(m map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range m {
		switch v := v.(type) {
		case string:
			if strings.Contains(v, unsetOpen) {
				continue
			}
			out[k] = v
		case map[string]any:
			out[k] = withoutUnset(v)
		default:
			out[k] = v
		}
	}
	return out
}
