package capacity

// Fargate is AWS's managed capacity: each task has a virtual machine that AWS
// maintains.
func Fargate() Capacity {
	return Capacity{
		name: "Fargate",
		// The table for Linux on platform version 1.4.0.
		// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
		sizes: []sizes{
			{256, 512, 2048, 1024}, {512, 1024, 4096, 1024}, {1024, 2048, 8192, 1024}, {2048, 4096, 16384, 1024},
			{4096, 8192, 30720, 1024}, {8192, 16384, 61440, 4096}, {16384, 32768, 122880, 8192},
		},
		largest:       "16 vCPU and 120 GiB",
		architectures: architectures(),
		capabilities:  []string{"SYS_PTRACE"},
		ulimits:       []string{"nofile"},
		// Parameters of the network belong to the task; all others are those of
		// AWS's machine.
		// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_SystemControl.html
		sysctls:    []string{"net."},
		namespaces: namespaces(),
		// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
		stop:       Range{2, 120},
		gpus:       "Fargate has no GPUs and gives tasks no devices",
		privileged: "Fargate runs no privileged containers",
		disk:       Range{21, 200},
	}
}

func architectures() []architecture {
	return []architecture{{"amd64", []string{"x86_64", "amd64/v2", "amd64/v3"}}, {"arm64", []string{"arm64/v8", "aarch64"}}}
}

// namespaces are those that a task with its own network interface has.
func namespaces() map[string][]string {
	return map[string][]string{
		"network_mode": {"", "bridge", "default", "awsvpc"},
		"pid":          {"", "private"},
		"ipc":          {"", "private", "shareable", "none"},
	}
}
