package capacity

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Capacity is what tasks run on. Its methods answer the questions that come up
// when a Compose file is translated.
type Capacity struct {
	// name is what messages call it.
	name string
	// sizes are the sizes that a task can have, ascending; with free a task has the size
	// that it asks for. largest is the largest one in words.
	sizes   []sizes
	free    *free
	largest string
	// architectures are those of its machines, by Docker's names; the first is the
	// default.
	architectures []architecture
	// capabilities are the Linux capabilities that a container can have, ulimits the
	// limits that it can set, and sysctls the prefixes of the kernel parameters that a
	// task can set. all stands for every one.
	capabilities, ulimits, sysctls []string
	// namespaces are the values of keys that match what every task has.
	namespaces map[string][]string
	// stop bounds the time to stop, in seconds, disk the size of a task's disk in GiB
	// if a size is set; without one it is 1 GiB less than the minimum. Tasks that have no
	// disk of their own have the zero Range.
	stop, disk Range
	// gpus and privileged are why a container cannot have GPUs, or all rights on its
	// machine; empty if it can.
	gpus, privileged string
	// shared is what to do instead of setting the size of such a disk.
	shared string
}

// all stands for every capability, or every limit.
const all = "*"

// sizes are the memory sizes that one CPU size can have, in steps.
type sizes struct{ cpu, low, high, step int }

// architecture is a kind of processor with all of its names.
type architecture struct {
	name  string
	alias []string
}

// Range bounds a number, both ends included.
type Range struct{ Low, High int }

// Refusal says what a capacity cannot do, why, and what to do about it.
type Refusal struct{ What, Why, Remedy string }

// Fit is the smallest size that has at least the wanted CPU and memory.
func (c Capacity) Fit(want Size) (Size, *Refusal) {
	if c.free != nil {
		if got, ok := c.free.fit(want); ok {
			return got, nil
		}
	}
	for _, row := range c.sizes {
		if row.cpu < want.CPU || row.high < want.Memory {
			continue
		}
		memory := row.low
		for memory < want.Memory {
			// 512 MiB is the one size that is not a multiple of its step.
			memory = (memory/row.step + 1) * row.step
		}
		return Size{CPU: row.cpu, Memory: memory}, nil
	}
	return Size{}, &Refusal{
		What: fmt.Sprintf("%s does not fit on %s", want, c.name), Why: "the largest task has " + c.largest, Remedy: "ask for less, or split the service",
	}
}

// Rounded says that a task got a larger size than the file asks for.
func (c Capacity) Rounded(want, got Size) string {
	return fmt.Sprintf("a task has %s, the smallest size on %s with at least %s", got, c.name, want)
}

// Architecture is Docker's name for the processors of a platform; the empty
// platform has the default.
func (c Capacity) Architecture(platform string) (string, *Refusal) {
	if platform == "" {
		return c.architectures[0].name, nil
	}
	asked := strings.TrimPrefix(platform, "linux/")
	var names, platforms []string
	for _, a := range c.architectures {
		if asked == a.name || slices.Contains(a.alias, asked) {
			return a.name, nil
		}
		names, platforms = append(names, a.name), append(platforms, "linux/"+a.name)
	}
	return c.architectures[0].name, &Refusal{
		What: c.name + " does not have the platform " + platform, Why: "it has Linux on " + strings.Join(names, " and "),
		Remedy: "write " + strings.Join(platforms, " or "),
	}
}

// AddCapability refuses the Linux capabilities that a container cannot have.
func (c Capacity) AddCapability(name string) *Refusal {
	if has(c.capabilities, name) {
		return nil
	}
	return &Refusal{
		What: "the capability " + name + " cannot be added", Why: c.name + " allows " + strings.Join(c.capabilities, ", ") + " only",
		Remedy: "remove it, or remove it for this environment with an overlay",
	}
}

func has(list []string, name string) bool {
	return slices.Contains(list, name) || slices.Contains(list, all)
}

// GPUs says why a container cannot have GPUs; empty if it can.
func (c Capacity) GPUs() string { return c.gpus }

// Privileged says why a container cannot have all rights on its machine; empty if it can.
func (c Capacity) Privileged() string { return c.privileged }

// Ulimit says why a container cannot set a limit; empty if it can.
func (c Capacity) Ulimit(name string) string {
	if has(c.ulimits, name) {
		return ""
	}
	return c.name + " sets all limits except " + strings.Join(c.ulimits, ", ")
}

// Sysctl refuses the kernel parameters that a task cannot set: those of the
// machine, not of the task's namespaces.
func (c Capacity) Sysctl(name string) *Refusal {
	if slices.ContainsFunc(c.sysctls, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
		return nil
	}
	return &Refusal{
		What: "the kernel parameter " + name + " cannot be set", Why: c.name + " lets a task set " + strings.Join(c.sysctls, "*, ") + "* only", Remedy: "remove it",
	}
}

// Namespaces says whether a value of network_mode, pid or ipc matches what every
// task has: its own namespaces.
func (c Capacity) Namespaces(key, value string) bool {
	return slices.Contains(c.namespaces[key], value)
}

// Stop bounds the time from SIGTERM to SIGKILL, in seconds.
func (c Capacity) Stop() Range { return c.stop }

// Disk is the size to set, in GiB, for a task's disk to have at least this size: 0
// if the default is enough.
func (c Capacity) Disk(gib int) (int, *Refusal) {
	switch {
	case c.disk.High == 0:
		return 0, &Refusal{
			What: "the size of the disk cannot be set", Why: "a task on " + c.name + " uses the disk of its instance", Remedy: c.shared,
		}
	case gib > c.disk.High:
		return 0, &Refusal{
			What: "the disk is too large for " + c.name, Why: "it has disks of up to " + strconv.Itoa(c.disk.High) + " GiB", Remedy: "write a smaller size",
		}
	case gib < c.disk.Low:
		return 0, nil
	}
	return gib, nil
}

// UsualDisk is the default size of a task's disk, in GiB.
func (c Capacity) UsualDisk() int { return c.disk.Low - 1 }

// StorageOption says why an option of the container's storage has no effect; empty
// for the size, which is Disk's.
func (c Capacity) StorageOption(name string) string {
	if name == "size" {
		return ""
	}
	return c.name + " has the option size only"
}

// ContainerEngine says why a task cannot reach a container engine.
func (c Capacity) ContainerEngine() string {
	return "a task on " + c.name + " has no access to a container engine"
}

// FileServers says why a task cannot mount from a file server that is not AWS's.
func (c Capacity) FileServers() string {
	return c.name + " tasks can mount EFS and buckets, but no other file servers"
}
