package app

import "slices"

// Folder is berth's folder beside the Compose file, where the sandbox is kept. It
// is never copied into an image: it changes with every run and contains the
// sandbox's secrets.
const Folder = ".berth"

// App is the meaning of the Compose files and x-berth: everything that berth is to
// run, checked, with defaults filled in and without AWS's types.
type App struct {
	// Name is the Compose project's name, the name of the stack.
	Name string
	// Env is the environment as the user calls it, "dev" without -e.
	Env string
	// Environment is the environment that the stack runs in: NAME-ENV, or the shared
	// environment that the file names.
	Environment string
	// Shared says that the file names the environment, so that other projects may
	// run in it too.
	Shared bool
	// Region is the region that the file asks for; empty leaves the choice to
	// the command line and the AWS configuration.
	Region   string
	Settings Settings
	// Volumes are those that a workload mounts, sorted by name. Backup says that
	// berth's own file system is backed up.
	Volumes []Volume
	Backup  bool
	// Networks are sorted by name.
	Networks []Network
	// Services and Jobs are sorted by name; no name is in both.
	Services []Service
	Jobs     []Job
	// Databases are the services that AWS runs as managed databases, sorted by
	// name; they are neither among Services nor Jobs.
	Databases []Database
	// Placeholders are the parts that berth understands but cannot make yet.
	Placeholders []Placeholder
	Source       Source
}

// Network is a Compose network: its members can reach each other.
type Network struct {
	Name string
	// Internal says that nothing from outside the network may reach its
	// members; berth limits ingress, not egress.
	Internal bool
	// Origin is the file:line of its definition; empty for the default network.
	Origin string
}

// Placeholder is something that plan shows by name and up refuses.
type Placeholder struct {
	// What names the part, such as "image of service web, built from ./web".
	What string
	// Where is its file:line.
	Where string
	// Comes says what it is waiting for, such as "builds".
	Comes string
}

// Service returns the service of a name.
func (a *App) Service(name string) (Service, bool) {
	for _, s := range a.Services {
		if s.Name == name {
			return s, true
		}
	}
	return Service{}, false
}

// Job returns the job of a name.
func (a *App) Job(name string) (Job, bool) {
	for _, j := range a.Jobs {
		if j.Name == name {
			return j, true
		}
	}
	return Job{}, false
}

// JobsOn are the jobs whose trigger is of a kind.
func (a *App) JobsOn(k TriggerKind) []Job {
	return slices.DeleteFunc(slices.Clone(a.Jobs), func(j Job) bool { return j.Trigger.Kind != k })
}

// Workloads are the workloads of all services, then of all jobs.
func (a *App) Workloads() []Workload {
	out := make([]Workload, 0, len(a.Services)+len(a.Jobs))
	for _, s := range a.Services {
		out = append(out, s.Workload)
	}
	for _, j := range a.Jobs {
		out = append(out, j.Workload)
	}
	return out
}
