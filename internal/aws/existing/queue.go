package existing

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/berthdev/berth/internal/aws/gate"
)

// queues checks the queues of SQS that a file names.
type queues struct{ of *reader }

// deadLetter checks that a queue for firings that failed is there, in the region of the schedules
// that send to it. Another account's queue is seen if that account lets the caller.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
func (q queues) deadLetter(ctx context.Context, id string) error {
	if region, _, ok := queuePlace(id); ok && region != q.of.names.Region {
		q.of.problem(KeyDeadLetter, id, "use a queue in the same region", "the queue is in %s and the schedule in %s", region, q.of.names.Region)
		return nil
	}
	return q.mustExist(ctx, KeyDeadLetter, id)
}

// backlog checks that a queue that scales a service is there, in the account and the region
// of the service: the metrics of another one are not seen.
func (q queues) backlog(ctx context.Context, id string) error {
	if region, account, ok := queuePlace(id); ok && (region != q.of.names.Region || account != q.of.names.Account) {
		q.of.problem(KeyBacklog, id, "use a queue in the service's account and region", "the queue is in %s of account %s, and the service in %s of %s",
			region, account, q.of.names.Region, q.of.names.Account)
		return nil
	}
	return q.mustExist(ctx, KeyBacklog, id)
}

// queuePlace is where the queue of an ARN is; ok is false for a name.
func queuePlace(id string) (region, account string, ok bool) {
	if !strings.HasPrefix(id, "arn:") {
		return "", "", false
	}
	region, account = place(id)
	return region, account, true
}

func (q queues) mustExist(ctx context.Context, key, id string) error {
	_, account, _ := queuePlace(id)
	name := id[strings.LastIndexByte(id, ':')+1:]
	_, err := q.of.SQS.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String(name), QueueOwnerAWSAccountId: gate.Optional(account)})
	var missing *types.QueueDoesNotExist
	if errors.As(err, &missing) {
		q.of.problem(key, id, "`aws sqs list-queues` lists the queues; berth makes none: aws sqs create-queue --queue-name "+name, "there is no such queue")
		return nil
	}
	return err
}
