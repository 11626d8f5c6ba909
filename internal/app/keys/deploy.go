package keys

import "slices"

// deployKeys are the keys of deploy, and older keys with the same meaning.
func deployKeys() []Key {
	const (
		d      = service + "deploy."
		update = d + "update_config."
	)
	return slices.Concat(
		mapped(service, "deploy",
			[2]string{"deploy", "the number and size of the tasks, and how they are replaced"},
			[2]string{"deploy.replicas", "the number of tasks"},
			[2]string{"deploy.update_config", "the bounds of a deployment, and what to do if it fails"},
			[2]string{"deploy.update_config.order", "start-first or stop-first"},
			[2]string{"deploy.update_config.parallelism", "how many tasks are replaced at a time"},
			[2]string{"deploy.update_config.failure_action", "rollback, pause or continue"},
		),
		mapped(service, "scale", [2]string{"scale", "the number of tasks"}),
		mapped(d, "labels", [2]string{"labels", "tags of the service and its task definition"}),
		noticed(d, "global", [2]string{"mode", "global is one task on each instance of x-berth.capacity: ec2; refused elsewhere"}),
		rows(update, Ignored,
			[2]string{"delay", "ECS continues as soon as the new tasks are healthy"},
			[2]string{"monitor", "the circuit breaker watches a deployment to its end"},
			[2]string{"max_failure_ratio", "the circuit breaker has its own threshold"},
		),
		rows(d, Ignored,
			[2]string{"rollback_config", "a rollback is a deployment, to which update_config applies too"},
			[2]string{"placement", "Fargate has no nodes"},
			[2]string{"endpoint_mode", "a service's name resolves to the addresses of its tasks"},
		),
		byValue(rows(d, Ignored,
			[2]string{"restart_policy.delay", "ECS waits longer each time"},
			[2]string{"restart_policy.max_attempts", "ECS restarts until the circuit breaker ends the deployment"},
		)),
		noticed(d, "sidecars", [2]string{"restart_policy.window", "of a sidecar, how long it must have run to be restarted; for all others the circuit breaker decides when a task has failed"}),
		mapped(d, "restart-policy",
			[2]string{"restart_policy", "condition none makes a job, as restart: \"no\" does"},
			[2]string{"restart_policy.condition", "none makes a job; ECS restarts everything else"},
		),
	)
}

// sizeKeys are the keys that set the size of a task.
func sizeKeys() []Key {
	const (
		d   = service + "deploy."
		res = d + "resources."
	)
	return slices.Concat(
		mapped(res, "resources",
			[2]string{"limits", "the size of a task"},
			[2]string{"reservations", "the minimum size of a task"},
		),
		mapped(d, "resources", [2]string{"resources", "the size of a task"}),
		noticed(res, "resources",
			[2]string{"limits.cpus", "rounded up to a size that Fargate has"},
			[2]string{"limits.memory", "rounded up to a size that Fargate has"},
			[2]string{"reservations.cpus", "rounded up to a size that Fargate has"},
			[2]string{"reservations.memory", "rounded up to a size that Fargate has"},
		),
		noticed(service, "size",
			[2]string{"cpus", "rounded up to a size that Fargate has"},
			[2]string{"mem_limit", "rounded up to a size that Fargate has"},
		),
		noticed(service, "reservation", [2]string{"mem_reservation", "rounded up to a size that Fargate has"}),
		rows(res, Ignored,
			[2]string{"limits.pids", "Fargate does not limit the number of processes"},
			[2]string{"reservations.pids", "Fargate does not limit the number of processes"},
		),
		remedy(rows(res, Refused,
			[2]string{"limits.devices", "Fargate has no GPUs and gives tasks no devices"},
			[2]string{"limits.generic_resources", "Fargate has no further resources"},
			[2]string{"reservations.generic_resources", "Fargate has no further resources"},
		), gpuRemedy),
		gpuKeys(res+"reservations.devices"), gpuKeys(service+"gpus"),
		byValue(mapped(service, "gpus", [2]string{"privileged", "all rights on the instance, on x-berth.capacity: managed, ec2 or a capacity provider; refused on Fargate"})),
	)
}

// gpuKeys are the keys of a list of devices.
func gpuKeys(list string) []Key {
	says := "GPUs, on x-berth.capacity: managed, ec2 or a capacity provider; refused on Fargate, which has none"
	keys := slices.Concat(
		byValue(mapped(list, "gpus", [2]string{"", says}, [2]string{"[].count", "how many; one without it"})),
		byValue(rows(list, Refused, [2]string{"[].device_ids", "ECS chooses which GPUs of an instance a task has"})),
		byValue(rows(list, Ignored, [2]string{"[].driver", "the GPUs are NVIDIA's"}, [2]string{"[].options", "the driver is that of the instance"})),
	)
	if list == service+"gpus" {
		return append(keys, byValue(rows(list, Ignored, [2]string{"[].capabilities", "every device of gpus is a GPU"}))...)
	}
	return append(keys, byValue(mapped(list, "gpus", [2]string{"[].capabilities", "must have gpu"}))...)
}

const gpuRemedy = "remove it, or call a model that runs elsewhere: x-berth.policies lets a service use Amazon Bedrock"
