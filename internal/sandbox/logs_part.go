package sandbox

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// logsPart is CloudWatch Logs.
type logsPart struct {
	account *Account
	s       logsState
}

func newLogs(account *Account) *logsPart { return &logsPart{account: account} }

// ID implements Service.
func (p *logsPart) ID() string { return cloudwatchlogs.ServiceID }

func (p *logsPart) State() any { return &p.s }

func (p *logsPart) Routes(r *router) {
	on(r, p.createLogGroup)
	on(r, p.deleteLogGroup)
	on(r, p.describeLogGroups)
	on(r, p.putRetentionPolicy)
	on(r, p.deleteRetentionPolicy)
	on(r, p.tagResource)
	on(r, p.untagResource)
	on(r, p.listTagsForResource)
	on(r, p.createLogStream)
	on(r, p.describeLogStreams)
	on(r, p.putLogEvents)
	on(r, p.filterLogEvents)
	on(r, p.getLogEvents)
}

func (p *logsPart) noGroup() error {
	return &types.ResourceNotFoundException{Message: aws.String("The specified log group does not exist.")}
}

func (p *logsPart) noStream() error {
	return &types.ResourceNotFoundException{Message: aws.String("The specified log stream does not exist.")}
}

func (p *logsPart) invalid(text string) error {
	return &types.InvalidParameterException{Message: aws.String(text)}
}

var _ Service = (*logsPart)(nil)
