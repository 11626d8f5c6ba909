package app

import (
	"slices"

	"github.com/berthdev/berth/internal/app/sidecar"
)

// Sidecar is a further container in the tasks of a workload. Of its Workload, what
// concerns the container is set; its networks are those of the workload.
type Sidecar struct {
	Workload
	// Essential says that the task stops when the container does.
	Essential bool
	// Ends says that the container ends while its task goes on.
	Ends bool
	// Restart is how it is restarted within its task; nil if it is not.
	Restart *sidecar.Restart
	// HealthPath and HealthPort are like those of a Service.
	HealthPath string
	HealthPort int
}

// Containers are the containers of the workload's tasks: its own first, then the
// sidecars.
func (w Workload) Containers() []Workload {
	out := []Workload{w}
	for _, s := range w.Sidecars {
		out = append(out, s.Workload)
	}
	return out
}

// AllGPUs is how many GPUs a task of the workload has.
func (w Workload) AllGPUs() int {
	n := 0
	for _, c := range w.Containers() {
		n += c.GPUs
	}
	return n
}

// Containers are the containers of all workloads.
func (a *App) Containers() []Workload {
	var out []Workload
	for _, w := range a.Workloads() {
		out = append(out, w.Containers()...)
	}
	return out
}

// TaskOf is the name of the workload in whose tasks a container runs; ok is false if
// no container has the name.
func (a *App) TaskOf(container string) (workload string, ok bool) {
	for _, w := range a.Workloads() {
		if slices.ContainsFunc(w.Containers(), func(c Workload) bool { return c.Name == container }) {
			return w.Name, true
		}
	}
	return "", false
}

// Logs says whether a container of the workload has logs.
func (w Workload) Logs() bool {
	return slices.ContainsFunc(w.Containers(), func(c Workload) bool { return !c.Logging.Off })
}

// AllMounts are the mounts of all containers.
func (w Workload) AllMounts() []Mount {
	var out []Mount
	for _, c := range w.Containers() {
		out = append(out, c.Mounts...)
	}
	return out
}

// Behind is the service with the checks of the container that listens on a port.
func (s Service) Behind(p Port) Service {
	for _, c := range s.Sidecars {
		if c.Name == p.In {
			s.Health, s.HealthPath, s.HealthPort = c.Health, c.HealthPath, c.HealthPort
		}
	}
	return s
}

// eachContainer changes a copy of each container of the workload.
func (w *Workload) eachContainer(change func(*Workload)) {
	w.Sidecars = slices.Clone(w.Sidecars)
	for i := range w.Sidecars {
		change(&w.Sidecars[i].Workload)
	}
	change(w)
}
