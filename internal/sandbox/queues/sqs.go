package queues

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// SQS is the queues of an account.
type SQS struct {
	account *world.Account
	s       state
}

// state holds queues by name.
type state struct{ Queues world.Table[queue] }

type queue struct {
	Name string
	// Levels are how many messages it had, from each time on.
	Levels []level
}

// level is how many messages wait and are being worked on, from At on.
type level struct {
	At               time.Time
	Waiting, Working int
}

// New makes the SQS of an account, without queues.
func New(account *world.Account) *SQS { return &SQS{account: account} }

// ID implements world.Service.
func (p *SQS) ID() string { return sqs.ServiceID }

// State implements world.Service.
func (p *SQS) State() any { return &p.s }

// Routes implements world.Service.
func (p *SQS) Routes(r *world.Router) { world.On(r, p.getQueueURL) }

// GiveQueue makes a standard queue, unless the account has one of the name already.
func (p *SQS) GiveQueue(name string) {
	if p.s.Queues.Get(name) == nil {
		p.s.Queues.Put(p.account, p.account.Now(), name, &queue{Name: name})
	}
}

// SetMessages says how many messages a queue has from now on: those that wait, and those that
// somebody works on. It makes the queue if there is none.
func (p *SQS) SetMessages(name string, waiting, working int) {
	p.GiveQueue(name)
	q := p.s.Queues.Get(name)
	q.Levels = append(q.Levels, level{p.account.Now(), waiting, working})
	q.Levels = q.Levels[max(0, len(q.Levels)-kept):]
}

// kept is how many levels a queue keeps: metrics look back a few minutes.
const kept = 100

// Messages are the messages of a queue at a time; ok is false if it never had any: AWS shows
// no metrics of a queue that nobody uses.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
func (p *SQS) Messages(name string, at time.Time) (waiting, working int, ok bool) {
	q := p.s.Queues.Get(name)
	if q == nil {
		return 0, 0, false
	}
	for _, l := range q.Levels {
		if !l.At.After(at) {
			waiting, working, ok = l.Waiting, l.Working, true
		}
	}
	return waiting, working, ok
}

// getQueueURL answers as SQS does, which shows another account's queue to those that it
// lets: none here. The error has the code of SQS's older protocol, as AWS's answers do.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html
func (p *SQS) getQueueURL(rq *world.Request, in *sqs.GetQueueUrlInput) (*sqs.GetQueueUrlOutput, error) {
	name, owner := aws.ToString(in.QueueName), aws.ToString(in.QueueOwnerAWSAccountId)
	if p.s.Queues.Find(rq, name) == nil || owner != "" && owner != p.account.Number() {
		return nil, &types.QueueDoesNotExist{
			Message:           aws.String("The specified queue does not exist."),
			ErrorCodeOverride: aws.String("AWS.SimpleQueueService.NonExistentQueue"),
		}
	}
	return &sqs.GetQueueUrlOutput{
		QueueUrl: aws.String("https://sqs." + p.account.Region() + ".amazonaws.com/" + p.account.Number() + "/" + name),
	}, nil
}

// Dump implements world.Service: queues are the user's, and outlive the owners.
func (p *SQS) Dump(d *world.Dumper) {
	for _, q := range p.s.Queues.All() {
		d.Keep("sqs.queue", p.account.ARN("sqs", q.Name), q.Name, nil)
	}
}
