package placing

import (
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/berthdev/berth/internal/app/update"
	"github.com/berthdev/berth/internal/project"
)

// Service is a service that may have one task on each instance.
type Service struct {
	Placing
	Compose types.ServiceConfig
	X       project.XService
	// OneWriter says that only one task may write its volume.
	OneWriter bool
	Refuse    func(key, what, why, remedy string)
	Notice    func(key, format string, args ...any)
}

// Global says whether a service has one task on each instance, and refuses what has no
// meaning there, or what ECS does not have.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html#service_scheduler_daemon
func (s Service) Global() bool {
	d := s.Compose.Deploy
	if d == nil || d.Mode == "" || d.Mode == "replicated" {
		return false
	}
	if d.Mode != "global" {
		s.Refuse("deploy.mode", "deploy.mode "+d.Mode+" is not supported", "", "write replicated or global, or restart: \"no\" for a job")
		return false
	}
	if why := s.noInstances(); why != "" {
		s.Refuse("deploy.mode", "deploy.mode: global needs instances that berth makes", why, "write x-berth.capacity: ec2, or deploy.mode: replicated")
	}
	if s.OneWriter {
		s.Refuse("deploy.mode", "deploy.mode: global is not possible with its volume", "the tasks of all instances would write the files of one database", "write deploy.replicas: 1")
	}
	if d.Replicas != nil || s.Compose.Scale != nil {
		s.Refuse("deploy.mode", "deploy.mode: global has no replicas", "one task runs on each instance", "remove replicas and scale, or write replicated")
	}
	if s.X.Scaling() != nil {
		s.Refuse("x-berth.autoscaling", "autoscaling is not possible with deploy.mode: global", "one task runs on each instance", "remove one of the two")
	}
	if s.X.Rollout() != nil {
		s.Refuse("x-berth.rollout", "a rollout is not possible with deploy.mode: global", "ECS ends the old task on an instance before it starts the new one", "remove one of the two")
	}
	return true
}

// noInstances is why there is no instance of the service's to have a task on each of.
func (s Service) noInstances() string {
	switch {
	case s.OnEC2():
		return ""
	case s.OnManaged():
		return "the daemons of Managed Instances are no services: ECS gives them no ports and no names"
	case s.Capacity != "":
		return "berth cannot tell the instances of " + s.Capacity + " from the others of the cluster"
	}
	return "Fargate has none"
}

// Update is how a new version replaces the old one on each instance: ECS ends the old task
// first, on all instances at once unless x-berth.update.min_percent bounds it.
func (s Service) Update(u update.Update) update.Update {
	u.MinPercent, u.MaxPercent = 0, 100
	if x := s.X.Update; x.MinPercent != nil {
		u.MinPercent = *x.MinPercent
	} else {
		s.Notice("deploy.mode", "an update ends the old task on each instance before it starts the new one; x-berth.update.min_percent keeps a share of them")
	}
	if x := s.X.Update; x.MaxPercent != nil && *x.MaxPercent != u.MaxPercent {
		s.Refuse("x-berth.update.max_percent", "max_percent is 100 with deploy.mode: global", "an instance never has two tasks of the service", "remove max_percent")
	}
	if c := s.Compose.Deploy.UpdateConfig; c != nil {
		if c.Order == "start-first" {
			s.Refuse("deploy.update_config.order", "order: start-first is not possible with deploy.mode: global", "an instance never has two tasks of the service", "write stop-first")
		}
		if c.Parallelism != nil {
			s.Notice("deploy.update_config.parallelism", "parallelism has no effect with deploy.mode: global, because berth does not know how many instances there are; x-berth.update.min_percent bounds it")
		}
	}
	return u
}
