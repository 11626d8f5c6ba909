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

// queue checks that a queue, by its name or ARN, is there, in the region of the schedules
// that send to it. Another account's queue is seen if that account lets the caller.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
func (r *reader) queue(ctx context.Context, id string) error {
	name, account := id, ""
	if strings.HasPrefix(id, "arn:") {
		var region string
		region, account = place(id)
		name = id[strings.LastIndexByte(id, ':')+1:]
		if region != r.names.Region {
			r.problem(KeyDeadLetter, id, "use a queue in the same region", "the queue is in %s and the schedule in %s", region, r.names.Region)
			return nil
		}
	}
	_, err := r.SQS.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String(name), QueueOwnerAWSAccountId: gate.Optional(account)})
	var missing *types.QueueDoesNotExist
	if errors.As(err, &missing) {
		r.problem(KeyDeadLetter, id, "`aws sqs list-queues` lists the queues; berth makes none: aws sqs create-queue --queue-name "+name, "there is no such queue")
		return nil
	}
	return err
}
