package keys

import "slices"

const service = "services.*."

// topKeys are the keys of the top level that belong to no other file.
func topKeys() []Key {
	return slices.Concat(
		mapped("", "names",
			[2]string{"name", "the stack's name, and part of the environment's"},
			[2]string{"services", "each is an ECS service or a job"},
		),
		remedy(rows("", Refused,
			[2]string{"jobs", "in berth a job is a service that ends"},
		), "make it a service with restart: \"no\" and without ports"),
		rows("", Ignored, [2]string{"version", "Compose ignores it, too"}),
	)
}

// containerKeys are the keys of a service that define what runs.
func containerKeys() []Key {
	return slices.Concat(
		mapped(service, "image", [2]string{"image", "the image of the task definition"}),
		mapped(service, "command",
			[2]string{"command", "the container's command"},
			[2]string{"entrypoint", "the container's entry point"},
		),
		mapped(service, "process",
			[2]string{"user", "the container's user"},
			[2]string{"working_dir", "the container's working directory"},
			[2]string{"init", "an init process as PID 1"},
			[2]string{"read_only", "a read-only root file system"},
			[2]string{"stdin_open", "standard input stays open"},
			[2]string{"tty", "a terminal"},
			[2]string{"sysctls", "kernel parameters of the task's network: net.*"},
		),
		noticed(service, "process", [2]string{"stop_grace_period", "the time from SIGTERM to SIGKILL, 2 to 120 seconds on Fargate"}),
		mapped(service, "environment", [2]string{"environment", "literal variables; one without a value is a secret"}),
		mapped(service, "env-file",
			[2]string{"env_file", "its variables are literals of the task"},
			[2]string{"env_file[].path", "the file"},
			[2]string{"env_file[].required", "whether the file must exist"},
			[2]string{"env_file[].format", "the format of the file"},
		),
		mapped(service, "labels",
			[2]string{"labels", "tags of the service and its task definition"},
			[2]string{"label_file", "its labels are tags"},
		),
		mapped(service, "platform", [2]string{"platform", "linux/amd64 or linux/arm64"}),
		mapped(service, "profiles", [2]string{"profiles", "services whose profiles are not enabled are not deployed"}),
		mapped(service, "extends",
			[2]string{"extends", "the other service's keys"},
			[2]string{"extends.file", "a local file"},
			[2]string{"extends.service", "the other service"},
		),
		mapped(service, "restart", [2]string{"restart", "\"no\" without ports and healthcheck makes a job; ECS restarts everything else; of a sidecar, the restart policy of its container"}),
		mapped(service, "depends-on",
			[2]string{"depends_on", "the order of the deployment"},
			[2]string{"depends_on.*.condition", "healthy waits for a healthy deployment, completed for a job; between the containers of a task, a condition of ECS"},
			[2]string{"depends_on.*.required", "whether the other service must be enabled"},
		),
		rows(service, Ignored, [2]string{"depends_on.*.restart", "a service that is replaced keeps its name, so other services need no restart"}),
		mapped(service, "logging",
			[2]string{"logging", "CloudWatch Logs"},
			[2]string{"logging.driver", "none drops the output; all others become awslogs"},
			[2]string{"logging.options", "options of awslogs"},
		),
		mapped(service, "domainname", [2]string{"domainname", "the host name of the service, like x-berth.host"}),
		mapped(service, "disk", [2]string{"storage_opt", "size is the task's ephemeral disk"}),
		noticed(service, "sidecars", [2]string{"network_mode", "service:NAME runs the container in the tasks of NAME; host and container:ID are refused"}),
		noticed(service, "links", [2]string{"links", "an order, like depends_on; an alias is a name for all siblings"}),
		noticed(service, "aliases",
			[2]string{"container_name", "a further name for siblings; ECS names the container"},
			[2]string{"hostname", "a further name for siblings; AWS names the host"},
		),
	)
}

// runtimeKeys are the keys of a service that give a container more, or fewer,
// permissions and devices than a container engine's default.
func runtimeKeys() []Key {
	return slices.Concat(
		mapped(service, "ulimits",
			[2]string{"ulimits", "nofile; Fargate has no others"},
			[2]string{"ulimits.*.single", "soft and hard limit"},
			[2]string{"ulimits.*.soft", "soft limit"},
			[2]string{"ulimits.*.hard", "hard limit"},
		),
		noticed(service, "capabilities",
			[2]string{"cap_add", "SYS_PTRACE; Fargate allows no others"},
			[2]string{"cap_drop", "capabilities that the container does not have"},
		),
		remedy(rows(service, Refused,
			[2]string{"devices", "Fargate gives tasks no devices"},
			[2]string{"device_cgroup_rules", "Fargate gives tasks no devices"},
			[2]string{"group_add", "ECS cannot add groups"},
			[2]string{"runtime", "Fargate has one runtime"},
			[2]string{"credential_spec", "berth runs Linux containers"},
			[2]string{"use_api_socket", "a task on Fargate has no container engine"},
			[2]string{"pre_start", "ECS has no such hook; use a job, and depends_on with service_completed_successfully"},
			[2]string{"post_start", "ECS has no such hook"},
			[2]string{"pre_stop", "ECS has no such hook; the container gets SIGTERM"},
			[2]string{"external_links", "there are no containers outside of the project"},
			[2]string{"net", "it is a key of an old Compose format"},
			[2]string{"dockerfile", "it is a key of an old Compose format"},
			[2]string{"log_driver", "it is a key of an old Compose format"},
			[2]string{"log_opt", "it is a key of an old Compose format"},
			[2]string{"volume_driver", "it is a key of an old Compose format"},
			[2]string{"dns", "tasks use the VPC's resolver"},
			[2]string{"dns_search", "tasks use the stack's domain as the search domain"},
		), ""),
		byValue(remedy(rows(service, Refused,
			[2]string{"pid", "each service runs in its own tasks"},
			[2]string{"ipc", "each service runs in its own tasks"},
			[2]string{"extra_hosts", "tasks on Fargate cannot add host names"},
		), "")),
	)
}

// modelKeys are the keys of models, top level and services.
func modelKeys() []Key {
	return slices.Concat(
		mapped("", "models",
			[2]string{"models", "each is a gateway to a model of Amazon Bedrock"},
			[2]string{"models.*.model", "the id of a model of Bedrock, or a name for which berth chooses one"},
			[2]string{service + "models", "variables tell the service the model's URL and name"},
			[2]string{service + "models.*.endpoint_var", "the variable with the gateway's URL"},
			[2]string{service + "models.*.model_var", "the variable with the model's name"},
		),
		rows("models.*.", Ignored,
			[2]string{"name", "the gateway has the name of the model"},
			[2]string{"context_size", "Bedrock decides"},
			[2]string{"runtime_flags", "Bedrock decides"},
		),
		noticed(service, "model-provider",
			[2]string{"provider", "a gateway to a model of Amazon Bedrock, if the type is model"},
			[2]string{"provider.type", "berth supports the type model only"},
			[2]string{"provider.options", "model names the model"},
		),
	)
}

// ignoredKeys are the keys of a service that have no meaning on Fargate.
func ignoredKeys() []Key {
	return rows(service, Ignored,
		[2]string{"attach", "it is for the terminal of docker compose"},
		[2]string{"mac_address", "AWS assigns addresses"},
		[2]string{"annotations", "ECS has labels only"},
		[2]string{"develop", "it is for docker compose watch"},
		[2]string{"dns_opt", "tasks use the VPC's resolver"},
		[2]string{"pull_policy", "each task pulls its image"},
		[2]string{"pull_refresh_after", "each task pulls its image"},
		[2]string{"stop_signal", "ECS sends the image's STOPSIGNAL, or SIGTERM"},
		[2]string{"security_opt", "Fargate isolates each task in a virtual machine and has no such options"},
		[2]string{"userns_mode", "Fargate isolates each task in a virtual machine"},
		[2]string{"uts", "Fargate isolates each task in a virtual machine"},
		[2]string{"isolation", "Fargate isolates each task in a virtual machine"},
		[2]string{"cgroup", "Fargate manages control groups"},
		[2]string{"cgroup_parent", "Fargate manages control groups"},
		[2]string{"umask", "ECS does not set a umask; set it in the image"},
		[2]string{"shm_size", "/dev/shm has a fixed size on Fargate"},
		[2]string{"blkio_config", "Fargate does not share disks"},
		[2]string{"cpu_count", "the size of a task is set by cpus or deploy.resources"},
		[2]string{"cpu_percent", "the size of a task is set by cpus or deploy.resources"},
		[2]string{"cpu_period", "the size of a task is set by cpus or deploy.resources"},
		[2]string{"cpu_quota", "the size of a task is set by cpus or deploy.resources"},
		[2]string{"cpu_rt_period", "the size of a task is set by cpus or deploy.resources"},
		[2]string{"cpu_rt_runtime", "the size of a task is set by cpus or deploy.resources"},
		[2]string{"cpu_shares", "a task does not share its processors"},
		[2]string{"cpuset", "a task does not share its processors"},
		[2]string{"memswap_limit", "Fargate has no swap"},
		[2]string{"mem_swappiness", "Fargate has no swap"},
		[2]string{"oom_kill_disable", "a task that needs more memory than it has is stopped"},
		[2]string{"oom_score_adj", "a task that needs more memory than it has is stopped"},
		[2]string{"pids_limit", "Fargate does not limit the number of processes"},
	)
}

// healthKeys are the keys of a healthcheck.
func healthKeys() []Key {
	return slices.Concat(
		mapped(service, "health",
			[2]string{"healthcheck", "the container's health check, and the path of the load balancer's"},
			[2]string{"healthcheck.test", "the command; a local URL in it sets the path of the load balancer's check"},
		),
		noticed(service, "health",
			[2]string{"healthcheck.interval", "5 to 300 seconds"},
			[2]string{"healthcheck.timeout", "2 to 60 seconds"},
			[2]string{"healthcheck.retries", "1 to 10"},
			[2]string{"healthcheck.start_period", "up to 300 seconds, and the grace period of the load balancer's check"},
		),
		mapped(service, "health-off", [2]string{"healthcheck.disable", "no health check of the container"}),
		rows(service, Ignored, [2]string{"healthcheck.start_interval", "ECS has one interval for all checks"}),
	)
}

// portKeys are the keys of ports.
func portKeys() []Key {
	return slices.Concat(
		mapped(service, "ports",
			[2]string{"ports", "a published HTTP port becomes a listener of the load balancer; siblings reach all ports"},
			[2]string{"ports[].target", "the container's port"},
			[2]string{"ports[].published", "the listener's port"},
			[2]string{"ports[].mode", "host makes the port reachable for siblings only"},
			[2]string{"ports[].host_ip", "a local address keeps the port private"},
			[2]string{"ports[].protocol", "tcp or udp"},
			[2]string{"ports[].app_protocol", "http, http2 or grpc makes it public"},
			[2]string{"expose", "siblings may reach the port"},
		),
		rows(service, Ignored, [2]string{"ports[].name", "it is a comment for readers of the file"}),
	)
}
