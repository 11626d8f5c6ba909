package app

import (
	"cmp"

	"github.com/berthdev/berth/internal/app/aliases"
	"github.com/berthdev/berth/internal/app/gateway"
	"github.com/berthdev/berth/internal/app/placing"
	"github.com/berthdev/berth/internal/app/policies"
	"github.com/berthdev/berth/internal/app/rollout"
	"github.com/berthdev/berth/internal/app/scaling"
	"github.com/berthdev/berth/internal/app/schedule"
	"github.com/berthdev/berth/internal/app/sidecar"
	"github.com/berthdev/berth/internal/project"
	"github.com/compose-spec/compose-go/v2/types"
)

// workloads is the stage of the services: each becomes a Service, a Job or a
// Database of the App.
type workloads struct {
	reading
	app    *App
	models *gateway.Models
	// sidecars are the services without tasks of their own, joining those that have
	// been translated.
	sidecars *sidecar.Sidecars
	joining  []joining
	jobs     map[string]bool
	aliases  *aliases.Aliases
	// mounters are for the stage of volumes; binds are the mounts of files of this
	// computer.
	mounters map[string]mounter
	binds    *binds
}

func newWorkloads(r reading, a *App, m *gateway.Models, c *sidecar.Sidecars, jobs map[string]bool, further *aliases.Aliases) *workloads {
	return &workloads{
		reading: r, app: a, models: m, sidecars: c, jobs: jobs, aliases: further, mounters: map[string]mounter{}, binds: newBinds(),
	}
}

// translate translates one Compose service.
func (w *workloads) translate(name string, c types.ServiceConfig) {
	s := subject{
		reading: w.reading, name: name, compose: c, x: w.project.Services[name], job: w.jobs[w.sidecars.Task(name)], settings: w.app.Settings,
		host: w.sidecars.Host(name), sidecars: w.sidecars,
		path: cmp.Or(w.models.Paths[name], project.Child("services", name)),
	}
	s.capacity = placing.Of(w.app.Settings, w.project.XBerth, w.project.Services[w.sidecars.Task(name)]).On()
	s.beside, s.others = w.besides(name)
	s.sayNames(w.aliases.Of(w.sidecars.Task(name)))
	if m := s.x.Database(); m != nil {
		schedule.RefuseIn(schedule.Subject{Refuse: s.refuse, Notice: s.notice}, s.x)
		image, kind := databaseImage(s, m.Kind)
		if kind == "" {
			return
		}
		scaling.CheckFixed(s.x.Scaling(), "managed database", "remove autoscaling; managed.class sets its size", s.refuse)
		rollout.CheckNone(rollout.Subject{Refuse: s.refuse}, s.x.Rollout(), "managed database")
		s.networks = w.networksOf(name, c)
		d := databaseOf(s, image, kind, m)
		d.Aliases = w.aliases.Of(name)
		w.app.Databases = append(w.app.Databases, d)
		return
	}
	if s.host != "" {
		s.networks = w.networksOf(s.host, w.project.Compose.Services[s.host])
		w.sidecar(s)
		return
	}
	s.networks = w.networksOf(name, c)
	image, hosts, work := w.workload(s)
	sayRestart(s)
	if s.job {
		checkJob(s)
		w.app.Jobs = append(w.app.Jobs, Job{Workload: work, Trigger: schedule.TriggerOf(schedule.Subject{Refuse: s.refuse, Notice: s.notice}, s.x)})
		return
	}
	w.app.Services = append(w.app.Services, serviceOf(s, image, hosts, work))
}

// workload makes the part that services and jobs have in common. It also returns
// the image and the hosts, which services need.
func (w *workloads) workload(s subject) (image image, hosts []Host, work Workload) {
	image = imageOf(s)
	process := processOf(s)
	env := environmentOf(s)
	size := sizeOf(s, image, env)
	security := securityOf(s)
	storage := storageOf(s, image, process, size, w.binds)
	w.mounters[s.name] = storage.mounter
	logging, labels := loggingOf(s), labelsOf(s)
	health := healthOf(s)
	hosts = hostsOf(s)
	ports := portsOf(s, image, health, hosts)
	dependencies := w.dependenciesOf(s)
	image = bake(storage, image)
	work = Workload{
		Name: s.name, Origin: s.origin(""), Model: w.models.IDs[s.name], Aliases: w.aliases.Of(s.name),
		Image: image.ref, Build: image.build, Architecture: image.architecture,
		Command: process.command, Entrypoint: process.entrypoint, User: process.user, WorkingDir: process.workingDir,
		ReadOnly: process.readOnly, Init: process.init, Interactive: process.interactive, TTY: process.tty,
		StopSeconds: process.stopSeconds, DiskGiB: process.diskGiB,
		Env: env.literals, Secrets: env.secrets, Variables: env.variables, PullCredentials: env.pullCredentials,
		CPU: size.CPU, Memory: size.Memory,
		CapAdd: security.capAdd, CapDrop: security.capDrop, Ulimits: security.ulimits, Sysctls: security.sysctls,
		GPUs: security.gpus, Privileged: security.privileged,
		Mounts: storage.mounts, Tmpfs: storage.tmpfs, Files: storage.files,
		Logging: logging, Labels: labels, Health: health, Networks: s.networks,
		Ports: ports.published, Exposed: ports.exposed, AllTCP: ports.allTCP,
		DependsOn: dependencies, Share: w.sidecars.Share(s.name), Waits: w.sidecars.Waits(s.name), Policies: policies.Of(s.x.Policies, s.refuse),
	}
	setExistingParts(s, &work)
	return image, hosts, work
}
