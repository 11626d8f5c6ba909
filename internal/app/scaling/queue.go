package scaling

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/berthdev/berth/internal/project"
)

// queueName is the form of the name or the ARN of a queue. Source:
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
var queueName = regexp.MustCompile(`^(arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:)?([a-zA-Z0-9_-]{1,80}|[a-zA-Z0-9_-]{1,75}\.fifo)$`)

// refuseQueue says why a queue cannot scale a service.
func refuseQueue(a project.XAutoscaling) []Refusal {
	switch {
	case a.Queue == "" && a.Backlog > 0:
		return []Refusal{{".backlog", "backlog says nothing without a queue", "", "write queue: NAME, or remove backlog"}}
	case a.Queue != "" && !queueName.MatchString(a.Queue):
		return []Refusal{{
			".queue", fmt.Sprintf("queue cannot be %q", a.Queue), "it is no name and no ARN of a queue of SQS",
			"write the queue's name, or its ARN, arn:aws:sqs:REGION:ACCOUNT:NAME",
		}}
	}
	return nil
}

// QueueName is the name of the queue.
func (s Scaling) QueueName() string { return s.Queue[strings.LastIndexByte(s.Queue, ':')+1:] }

// FromZero says that no task may run while others may be needed: something must start the
// first, because a load per task is none without tasks.
func (s Scaling) FromZero() bool {
	from := s.Min == 0 && s.Max > 0
	for _, c := range s.Schedule {
		from = from || c.Min == 0 && c.Max > 0
	}
	return from && s.Has(Queue)
}
