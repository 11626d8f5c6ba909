package queues

import (
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

type queue struct{ Name string }

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
