package capacity

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Capacity is what tasks run on. Its methods are the questions that a Compose
// file asks of it.
type Capacity struct {
	// name is what messages call it.
	name string
	// sizes are those that a task can have, ascending; largest is the last one in
	// words.
	sizes   []sizes
	largest string
	// architectures are those of its machines, by Docker's words for them; the
	// first is the one of a service that names none.
	architectures []architecture
	// capabilities of Linux are those that a container can be given, ulimits
	// those that it can set, and sysctls begin as the kernel parameters do that
	// belong to a task alone.
	capabilities, ulimits []string
	sysctls               string
	// namespaces are the values of keys that ask for what a task has anyway.
	namespaces map[string][]string
	// stop bounds the time to stop, in seconds, disk the size of a task's own
	// disk in GiB. Every task has a disk of one less than the least.
	stop, disk Range
}

// sizes are the memory sizes that go with one CPU size, a step apart.
type sizes struct{ cpu, low, high, step int }

// architecture is a kind of processor with all of its names.
type architecture struct {
	name  string
	alias []string
}

// Range is what a number may be.
type Range struct{ Low, High int }

// Refusal says what a capacity cannot do, why not, and what lifts it.
type Refusal struct{ What, Why, Remedy string }

// Fit is the smallest size that has what is wanted.
func (c Capacity) Fit(want Size) (Size, *Refusal) {
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
		What: fmt.Sprintf("%s do not fit on %s", want, c.name), Why: "the largest task has " + c.largest, Remedy: "ask for less, or split the service",
	}
}

// Rounded says in words which size a task has got in the place of another.
func (c Capacity) Rounded(want, got Size) string {
	return fmt.Sprintf("a task has %s, the smallest size of %s with %s", got, c.name, want)
}

// Architecture is Docker's word for the processors of a platform; the empty
// platform has the usual ones.
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

// AddCapability says whether a container can be given a capability of Linux.
func (c Capacity) AddCapability(name string) *Refusal {
	if slices.Contains(c.capabilities, name) {
		return nil
	}
	return &Refusal{
		What: "the capability " + name + " cannot be added", Why: c.name + " allows " + strings.Join(c.capabilities, ", ") + " only",
		Remedy: "take it out, or run without it in this environment with an overlay",
	}
}

// Ulimit says why a container cannot set a limit; empty if it can.
func (c Capacity) Ulimit(name string) string {
	if slices.Contains(c.ulimits, name) {
		return ""
	}
	return c.name + " sets all limits but " + strings.Join(c.ulimits, ", ")
}

// Sysctl says whether a task can set a kernel parameter: those of namespaces of
// its own, and not those of the machine.
func (c Capacity) Sysctl(name string) *Refusal {
	if strings.HasPrefix(name, c.sysctls) {
		return nil
	}
	return &Refusal{What: "the kernel parameter " + name + " cannot be set", Why: c.name + " lets a task set " + c.sysctls + "* only", Remedy: "take it out"}
}

// Namespaces reports whether a value of network_mode, pid or ipc asks for what a
// task has anyway: namespaces of its own.
func (c Capacity) Namespaces(key, value string) bool {
	return slices.Contains(c.namespaces[key], value)
}

// Stop bounds the time from SIGTERM to SIGKILL, in seconds.
func (c Capacity) Stop() Range { return c.stop }

// Disk is the size to ask for, in GiB, where a task's own disk is to have this
// much: 0 where it has that anyway.
func (c Capacity) Disk(gib int) (int, *Refusal) {
	switch {
	case gib > c.disk.High:
		return 0, &Refusal{
			What: "the disk is larger than " + c.name + "'s", Why: "it has up to " + strconv.Itoa(c.disk.High) + " GiB", Remedy: "write a smaller size",
		}
	case gib < c.disk.Low:
		return 0, nil
	}
	return gib, nil
}

// UsualDisk is the size of a task's own disk where the file names none, in GiB.
func (c Capacity) UsualDisk() int { return c.disk.Low - 1 }

// StorageOption says why an option of the container's storage has no effect;
// empty for the size, which Disk answers.
func (c Capacity) StorageOption(name string) string {
	if name == "size" {
		return ""
	}
	return c.name + " knows size only"
}

// ContainerEngine says why a task cannot reach a container engine.
func (c Capacity) ContainerEngine() string {
	return "a task on " + c.name + " has no container engine beside it"
}

// FileServers says why a task cannot mount from a file server of a kind that AWS
// does not run.
func (c Capacity) FileServers() string {
	return c.name + " tasks mount EFS and buckets, and no other file servers"
}
