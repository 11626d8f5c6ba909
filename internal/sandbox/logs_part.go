package sandbox

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// logsPart is CloudWatch Logs.
type logsPart struct {
	w *World
	s logsState
}

func newLogs(w *World) *logsPart { return &logsPart{w: w} }

// ID implements part.
func (p *logsPart) ID() string { return cloudwatchlogs.ServiceID }

func (p *logsPart) state() any { return &p.s }

func (p *logsPart) routes(r *router) {
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

var _ part = (*logsPart)(nil)
