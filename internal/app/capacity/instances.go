package capacity

// Instances are EC2 instances behind an existing capacity provider. A task has the size
// that it asks for, and shares the disk of its instance with other tasks.
func Instances(provider string) Capacity {
	return Capacity{
		name: "the capacity provider " + provider,
		// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
		free:          &free{least: Size{CPU: 128, Memory: 6}, usual: Size{CPU: 256, Memory: 512}, most: Size{CPU: 196608, Memory: 24 << 20}},
		largest:       "192 vCPU and 24 TiB",
		architectures: architectures(),
		capabilities:  []string{all},
		ulimits:       []string{all},
		// Those of the namespaces that a task with its own network interface has.
		// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_SystemControl.html
		sysctls: []string{
			"net.", "fs.mqueue.", "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced",
		},
		namespaces: namespaces(),
		stop:       Range{2, 120},
		shared:     "remove it; the provider's instances decide it",
	}
}

// Managed are ECS Managed Instances. The volume of an instance is for all of its tasks.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-instances-tasks-services.html
func Managed() Capacity {
	c := Instances("")
	c.name = "Managed Instances"
	c.shared = "remove it; x-berth.instances.disk_gib is the volume that the tasks of an instance share"
	return c
}

// EC2 are the instances of an Auto Scaling group that berth makes. Their tasks share the
// volume, too.
func EC2() Capacity {
	c := Managed()
	c.name = "EC2 instances"
	return c
}

// free is a capacity without fixed sizes: what a task has at least and at most, and what
// it has of CPU or memory if it asks for none.
type free struct{ least, usual, most Size }

// fit is the size that is wanted, with what is not asked for.
func (f free) fit(want Size) (Size, bool) {
	if want.CPU == 0 {
		want.CPU = f.usual.CPU
	}
	if want.Memory == 0 {
		want.Memory = f.usual.Memory
	}
	return want.Max(f.least), want.CPU <= f.most.CPU && want.Memory <= f.most.Memory
}
