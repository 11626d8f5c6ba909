package hardware

import (
	"path"
	"slices"
)

// Kind is an instance type; Memory is in MiB.
type Kind struct {
	Name               string
	VCPU, Memory, GPUs int
	Arm                bool
	// Interfaces is how many network interfaces it has. One is the instance's own; each
	// task with a network interface of its own takes one of the others.
	// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AvailableIpPerENI.html
	Interfaces int
}

// Kinds are a few instance types, the cheapest first.
// https://aws.amazon.com/ec2/instance-types/
func Kinds() []Kind {
	return []Kind{
		{"m7g.large", 2, 8192, 0, true, 3}, {"m7i.large", 2, 8192, 0, false, 3}, {"m7g.xlarge", 4, 16384, 0, true, 4}, {"m7i.xlarge", 4, 16384, 0, false, 4},
		{"m7g.2xlarge", 8, 32768, 0, true, 4}, {"m7i.2xlarge", 8, 32768, 0, false, 4}, {"m7i.4xlarge", 16, 65536, 0, false, 8},
		{"m7g.8xlarge", 32, 131072, 0, true, 8}, {"m7i.8xlarge", 32, 131072, 0, false, 8}, {"m7i.24xlarge", 96, 393216, 0, false, 15},
		{"g5g.xlarge", 4, 8192, 1, true, 4}, {"g4dn.xlarge", 4, 16384, 1, false, 3}, {"g5.2xlarge", 8, 32768, 1, false, 4},
		{"g4dn.12xlarge", 48, 196608, 4, false, 8}, {"p4d.24xlarge", 96, 1179648, 8, false, 60},
	}
}

// Find is the instance type of a name; ok is false for one that the sandbox does not have.
func Find(name string) (k Kind, ok bool) {
	i := slices.IndexFunc(Kinds(), func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return Kinds()[i], true
}

// reserve is the part of an instance's memory that its own processes take. Assumption:
// the agent registers about 95 per cent of it.
const reserve = 20

// Registered is the memory that the agent of an instance registers.
func (k Kind) Registered() int { return k.Memory - k.Memory/reserve }

// Range bounds a number; a Max of 0 is no bound.
type Range struct{ Min, Max int }

func (r Range) has(n int) bool { return n >= r.Min && (r.Max == 0 || n <= r.Max) }

// Requirements are the attributes of instance types that Amazon EC2 Auto Scaling and
// Managed Instances choose from.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_InstanceRequirementsRequest.html
type Requirements struct {
	VCPU, MemoryMiB Range
	// GPUs is nil if the number of accelerators is not asked for.
	GPUs *Range
	// Types are names with wildcards, Makers those of the processors; empty allows all.
	Types, Makers []string
	// Nvidia says that only accelerators of NVIDIA will do.
	Nvidia bool
}

// Meets says whether an instance type meets requirements.
func (r Requirements) Meets(k Kind) bool {
	named := len(r.Types) > 0
	if named && !slices.ContainsFunc(r.Types, func(pattern string) bool { ok, err := path.Match(pattern, k.Name); return ok && err == nil }) {
		return false
	}
	maker := "intel"
	if k.Arm {
		maker = "amazon-web-services"
	}
	if len(r.Makers) > 0 && !slices.Contains(r.Makers, maker) || r.Nvidia && k.GPUs == 0 {
		return false
	}
	if r.GPUs != nil && !r.GPUs.has(k.GPUs) || r.GPUs == nil && k.GPUs > 0 && !named {
		return false
	}
	return r.VCPU.has(k.VCPU) && r.MemoryMiB.has(k.Memory)
}
