package outline

import (
	"cmp"
	"strings"

	"github.com/berthdev/berth/internal/engine"
)

// key is what stands for an attribute in the files.
type key struct {
	// path is the key below the service, or below x-berth for a setting.
	path string
	// of is the service if it is not that of the part, but its sidecar.
	of string
	// others are further keys that may set the same.
	others []string
	// setting says that it is a setting of the project, unless the service has path.
	setting string
	// show turns a value of AWS into one of the file; nil keeps it.
	show func(string) string
	// text replaces the values.
	text string
	// unnamed leaves out the key, because several keys may have made the change.
	unnamed bool
	// interim is what a run sets the attribute of to a number of its own, until it
	// finishes.
	interim string
	// drop leaves the change out, because another one says the same.
	drop bool
}

// ofTask are the keys of attributes of a task definition.
var ofTask = map[string]key{
	"cpu":            {path: "deploy.resources.limits.cpus", others: []string{"deploy.resources.reservations.cpus", "cpus"}, show: cpus},
	"memory":         {path: "deploy.resources.limits.memory", others: []string{"deploy.resources.reservations.memory", "mem_limit", "mem_reservation"}, show: mebibytes},
	"architecture":   {path: "platform"},
	"ephemeral_gib":  {path: "x-berth.disk_gib"},
	"capacity":       {path: "x-berth.capacity", setting: "capacity", text: "changed"},
	"execution_role": {path: "x-berth.execution_role_arn", setting: "execution_role_arn"},
	"task_role":      {path: "x-berth.task_role_arn", setting: "task_role_arn"},
	"volumes":        {path: "volumes", text: "changed"},
}

// ofContainer are the keys of fields of a workload's container.
var ofContainer = map[string]key{
	"Image":           {path: "image"},
	"Command":         {path: "command"},
	"EntryPoint":      {path: "entrypoint"},
	"User":            {path: "user"},
	"WorkingDir":      {path: "working_dir"},
	"Ports":           {path: "ports", others: []string{"expose"}, text: "changed"},
	"StopSeconds":     {path: "stop_grace_period", show: seconds},
	"ReadOnly":        {path: "read_only"},
	"Init":            {path: "init"},
	"Ulimits":         {path: "ulimits", text: "changed"},
	"SystemControls":  {path: "sysctls"},
	"CapDrop":         {path: "cap_drop"},
	"CapAdd":          {path: "cap_add"},
	"GPUs":            {path: "deploy.resources.reservations.devices", others: []string{"gpus"}},
	"Privileged":      {path: "privileged"},
	"Labels":          {path: "networks", text: "its siblings have changed"},
	"Interactive":     {path: "stdin_open"},
	"TTY":             {path: "tty"},
	"Mounts":          {path: "volumes", text: "changed"},
	"Tmpfs":           {path: "tmpfs", others: []string{"volumes"}, text: "changed"},
	"MemoryMiB":       {path: "deploy.resources.limits.memory", others: []string{"mem_limit"}, show: mebibytes},
	"ReservedMiB":     {path: "deploy.resources.reservations.memory", others: []string{"mem_reservation"}, show: mebibytes},
	"CPU":             {path: "deploy.resources.limits.cpus", others: []string{"deploy.resources.reservations.cpus", "cpus"}, show: cpus},
	"Restart":         {path: "restart", others: []string{"deploy.restart_policy"}, text: "changed"},
	"Essential":       {path: "x-berth.essential"},
	"DependsOn":       {path: "depends_on", text: "changed"},
	"StartSeconds":    {drop: true},
	"LogGroup":        {path: "logging.driver", text: "changed"},
	"LogRegion":       {drop: true},
	"LogPrefix":       {drop: true},
	"LogOptions":      {path: "logging.options"},
	"PullCredentials": {path: "x-berth.pull_credentials"},
	"Hosts":           {path: "environment", text: "the host of a database changes"},
}

// ofHealth are the keys of fields of a container's check.
var ofHealth = map[string]key{
	"Command": {path: "healthcheck.test"}, "Interval": {path: "healthcheck.interval", show: seconds},
	"Timeout": {path: "healthcheck.timeout", show: seconds}, "StartPeriod": {path: "healthcheck.start_period", show: seconds},
	"Retries": {path: "healthcheck.retries"}, "": {path: "healthcheck", text: "changed"},
}

// ofOthers are the keys of attributes of other types.
var ofOthers = map[string]map[string]key{
	"ecs.service": {
		"task_definition": {drop: true},
		"desired":         {path: "deploy.replicas", others: []string{"scale"}},
		"strategy":        {path: "x-berth.capacity", others: []string{"x-berth.spot"}, setting: "spot", text: "changed"},
		"subnets":         {path: "x-berth.subnets", setting: "network.tasks", text: "other subnets"},
		"public_ip":       {path: "x-berth.assign_public_ip", setting: "network.tasks", show: subnets},
		"security_groups": {path: "networks", unnamed: true, text: "its tasks get other security groups"},
		"balancers":       {path: "ports", text: "changed"},
		"rollout":         {path: "x-berth.rollout", text: "changed"},
		"traffic":         {path: "x-berth.rollout", text: "changed"},
		"connect":         {setting: "discovery", text: "changed"},
		"min_percent":     {path: "x-berth.update.min_percent", others: []string{"deploy.update_config.order", "deploy.update_config"}},
		"failures":        {path: "x-berth.update.failures"},
		"early_success":   {path: "x-berth.update.early_success"},
		"exec":            {path: "x-berth.exec", setting: "exec"},
		"fast_metrics":    {path: "x-berth.autoscaling.resolution_seconds"},
		"prefer_spot":     {path: "x-berth.spot", setting: "spot", text: "changed"},
		"daemon":          {path: "deploy.mode", text: "changed"},
		"instances":       {path: "x-berth.capacity", setting: "capacity", text: "changed"},
		"max_percent":     {path: "x-berth.update.max_percent", others: []string{"deploy.update_config.order", "deploy.update_config"}},
		"rebalance":       {drop: true},
		"breaker":         {path: "deploy.update_config.failure_action"},
		"rollback":        {path: "deploy.update_config.failure_action"},
		"grace_seconds":   {path: "x-berth.health.grace_seconds", others: []string{"healthcheck"}, show: seconds},
	},
	"scheduler.schedule": {
		"expression":      {path: "x-berth.schedule"},
		"zone":            {path: "x-berth.schedule.timezone", others: []string{"x-berth.schedule"}},
		"jitter":          {path: "x-berth.schedule.jitter_minutes", others: []string{"x-berth.schedule"}},
		"state":           {path: "x-berth.schedule.enabled", others: []string{"x-berth.schedule"}, show: enabled},
		"retries":         {path: "x-berth.schedule.retries", others: []string{"x-berth.schedule"}},
		"max_age":         {path: "x-berth.schedule.max_age_minutes", others: []string{"x-berth.schedule"}, show: minutes},
		"dead_letter":     {path: "x-berth.schedule.dead_letter", others: []string{"x-berth.schedule"}},
		"environment":     {path: "x-berth.schedule.input", text: "changed"},
		"container":       {drop: true},
		"exec":            {path: "x-berth.exec", setting: "exec"},
		"task_definition": {drop: true},
		"provider":        {path: "x-berth.capacity", setting: "capacity"},
		"subnets":         {path: "x-berth.subnets", setting: "network.tasks", text: "other subnets"},
		"public_ip":       {path: "x-berth.assign_public_ip", setting: "network.tasks", show: subnets},
		"security_groups": {path: "networks", unnamed: true, text: "its tasks get other security groups"},
	},
	"autoscaling.target": {
		"min": {path: "x-berth.autoscaling.min", others: []string{"x-berth.autoscaling", "deploy.replicas"}},
		"max": {path: "x-berth.autoscaling.max", others: []string{"x-berth.autoscaling", "deploy.replicas"}},
	},
	"autoscaling.policy": {
		"metric": {path: "x-berth.autoscaling", text: "changed"}, "value": {path: "x-berth.autoscaling"},
		"balancer": {path: "ports", text: "changed"}, "group": {path: "ports", text: "changed"},
		"queue":       {path: "x-berth.autoscaling.queue"},
		"out_seconds": {path: "x-berth.autoscaling.out_seconds", show: seconds},
		"in_seconds":  {path: "x-berth.autoscaling.in_seconds", show: seconds},
	},
	"autoscaling.scheduled-action": {
		"expression": {path: "x-berth.autoscaling.schedule"}, "zone": {path: "x-berth.autoscaling.schedule"},
		"min": {path: "x-berth.autoscaling.schedule"}, "max": {path: "x-berth.autoscaling.schedule"},
	},
	"cloudwatch.alarm": {
		"above": {path: "x-berth.rollout"}, "metric": {path: "x-berth.rollout", text: "changed"},
		"balancer": {path: "ports", text: "changed"}, "group": {path: "ports", text: "changed"},
		"queue": {path: "x-berth.autoscaling.queue"}, "target": {drop: true}, "action": {drop: true},
		"points": {drop: true}, "minutes": {drop: true},
	},
	"events.rule":       {"target": {setting: "notify"}, "pattern": {drop: true}, "input_template": {setting: "notify", text: "another text"}},
	"ecs.job":           {"trigger": {drop: true}},
	"logs.log-group":    {"retention_days": {path: "x-berth.logs.retention_days", setting: "logs.retention_days"}},
	"ssm.parameter":     {"value": {path: "environment", text: "changed"}, "secrets": {path: "environment", text: "a secret in it has a new value"}},
	"elb.load-balancer": {"idle_seconds": {setting: "idle_seconds"}, "deletion_protection": {setting: "deletion_protection"}},
	"ecs.cluster": {
		"insights": {setting: "insights"}, "exec": {setting: "exec_audit", text: "changed"}, "default_strategy": {setting: "spot", text: "changed"},
		"capacity_providers": {setting: "capacity", text: "changed"},
	},
	"ec2.security-group": {
		"ingress": {path: "expose", others: []string{"ports", "networks"}, unnamed: true, text: "who may reach it changes"},
	},
	"elb.rule": {"groups": {path: "x-berth.rollout", text: "changed"}},
	"elb.target-group": {
		"path":          {path: "x-berth.health.path", others: []string{"healthcheck.test"}},
		"check_port":    {path: "x-berth.health.port", others: []string{"healthcheck.test"}},
		"matcher":       {path: "x-berth.health.path", others: []string{"healthcheck.test"}},
		"interval":      {setting: "health.interval", show: seconds, interim: "health check"},
		"timeout":       {setting: "health.timeout", show: seconds},
		"healthy":       {setting: "health.healthy"},
		"unhealthy":     {setting: "health.unhealthy", interim: "health check"},
		"drain_seconds": {path: "x-berth.drain_seconds", setting: "drain_seconds", show: seconds},
	},
	"ecs.capacity-provider": {
		"instances":  {path: "x-berth.instances", setting: "instances", text: "changed, for new instances"},
		"volume_gib": {path: "x-berth.instances.disk_gib", setting: "instances.disk_gib"},
		"subnets":    {path: "x-berth.subnets", setting: "network.tasks", text: "other subnets"},
	},
	"ec2.launch-template": {
		"image":         {path: "x-berth.capacity", unnamed: true, text: "another AMI, for new instances"},
		"volume_gib":    {path: "x-berth.instances.disk_gib", setting: "instances.disk_gib"},
		"user_data":     {path: "x-berth.capacity", text: "changed, for new instances"},
		"instance_tags": {path: "x-berth.capacity", text: "changed, for new instances"},
	},
	"autoscaling.group": {
		"template_version": {drop: true},
		"instances":        {path: "x-berth.instances", setting: "instances", text: "changed, for new instances"},
		"max":              {path: "x-berth.instances.max", setting: "instances.max"},
		"subnets":          {path: "x-berth.subnets", setting: "network.tasks", text: "other subnets"},
	},
	"iam.role": {
		"managed":    {path: "x-berth.policies"},
		"statements": {path: "x-berth.policies", unnamed: true, text: "what its role allows changes"},
		"inline":     {path: "x-berth.policies", unnamed: true, text: "what its role allows changes"},
		"boundary":   {setting: "permissions_boundary"},
	},
	"rds.instance": {
		"version": {path: "image", show: version}, "parameter_group": {drop: true}, "class": {path: "x-berth.managed.class", others: []string{"x-berth.managed"}},
		"max_storage_gib":     {path: "x-berth.managed.storage_gib"},
		"multi_az":            {path: "x-berth.managed.multi_az", setting: "databases.multi_az"},
		"backup_days":         {path: "x-berth.managed.backup_days", setting: "backup_days"},
		"deletion_protection": {path: "x-berth.managed.deletion_protection", setting: "databases.deletion_protection"},
		"engine":              {path: "image"}, "port": {path: "ports"},
		"user": {path: "environment"}, "database": {path: "environment"},
	},
	"elasticache.replication-group": {
		"engine": {path: "image"}, "version": {path: "image", show: version}, "node_type": {path: "x-berth.managed.class", others: []string{"x-berth.managed"}},
		"nodes": {path: "deploy.replicas"}, "multi_az": {path: "x-berth.managed.multi_az", setting: "databases.multi_az"},
		"tls": {path: "x-berth.managed.tls"}, "backup_days": {path: "x-berth.managed.backup_days", setting: "backup_days"},
	},
}

// keyOf is what stands in the files for the attribute of a reason; ok is false for
// attributes that no key sets.
func keyOf(typ string, r engine.Reason) (k key, ok bool) {
	if label, ok := strings.CutPrefix(r.Attr, engine.AttrTags+"."); ok {
		return key{path: "labels." + label}, true
	}
	if typ != typeTask {
		k, ok = ofOthers[typ][root(r.Attr)]
		return k, ok
	}
	rest, ok := strings.CutPrefix(r.Attr, "containers")
	if !ok {
		k, ok = ofTask[root(r.Attr)]
		return k, ok
	}
	_, field, _ := strings.Cut(rest, "].")
	name, inner, _ := strings.Cut(field, ".")
	name = strings.TrimSuffix(name, "[]")
	switch name {
	case "Environment", "Secrets":
		return key{path: "environment." + inner}, true
	case "Health":
		k, ok = ofHealth[strings.TrimSuffix(inner, "[]")]
		return k, ok
	case versions:
		name, _, _ := strings.Cut(cmp.Or(r.After, r.Before), " ")
		return key{path: strings.TrimSuffix("environment."+name, "."), text: newValue}, true
	case "SystemControls", "LogOptions":
		k = ofContainer[name]
		k.path += "." + inner
		return k, true
	}
	k, ok = ofContainer[name]
	return k, ok
}

// root is the name of the attribute that a path begins with.
func root(path string) string {
	if i := strings.IndexAny(path, ".["); i >= 0 {
		return path[:i]
	}
	return path
}
