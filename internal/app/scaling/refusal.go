package scaling

import "fmt"

// Facts are what the scaling of a service depends on.
type Facts struct {
	// Replicas are those in the file, Most the most tasks of a service.
	Replicas, Most int
	// OneWriter says that only one task may write the service's files, Counted that a
	// load balancer counts its requests.
	OneWriter, Counted bool
}

// Refusal is why a scaling is not possible. Key is below x-berth.autoscaling.
type Refusal struct{ Key, What, Why, Remedy string }

func (s Scaling) refusals(f Facts) (out []Refusal) {
	switch {
	case s.Min < 1 && !s.Has(Queue):
		out = append(out, Refusal{
			"", "the range begins at 0 tasks, and without tasks there is no load", "only the messages of a queue can start the first task",
			"write autoscaling.min: 1 or autoscaling.queue, or remove autoscaling",
		})
	case s.Max < 1:
		out = append(out, Refusal{".max", "autoscaling.max is 0, so no task could ever run", "", "write a larger autoscaling.max"})
	case s.Max < s.Min:
		out = append(out, Refusal{"", fmt.Sprintf("autoscaling.max is %d and less than min, which is %d", s.Max, s.Min), "", "write a larger max or a smaller min"})
	case s.Max > f.Most:
		out = append(out, Refusal{"", fmt.Sprintf("twice deploy.replicas are %d tasks", s.Max), fmt.Sprintf("ECS runs at most %d tasks for a service", f.Most), "write autoscaling.max"})
	}
	if s.Has(Requests) && !f.Counted {
		out = append(out, Refusal{
			".requests", "no application load balancer counts the requests of this service", "it has no public HTTP port",
			"publish its HTTP port, or write autoscaling.cpu",
		})
	}
	if s.Fast && !s.Has(CPU) && !s.Has(Memory) {
		out = append(out, Refusal{
			".resolution_seconds", "resolution_seconds says nothing without cpu or memory", "AWS has the other metrics each minute",
			"write autoscaling.cpu, or remove resolution_seconds",
		})
	}
	if s.Fast && s.Has(Queue) {
		out = append(out, Refusal{
			".resolution_seconds", "resolution_seconds: 20 with a queue would count each task three times", "the tasks are counted by their samples of a minute",
			"remove resolution_seconds or queue",
		})
	}
	if f.OneWriter && s.Max > 1 {
		out = append(out, Refusal{"", "several tasks would write the files of one database, which can destroy them", "", "remove autoscaling"})
	}
	return out
}
