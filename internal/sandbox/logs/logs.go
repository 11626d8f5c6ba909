package logs

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Logs is CloudWatch Logs.
type Logs struct {
	account *world.Account
	s       state
}

// New makes the CloudWatch Logs of an account, without log groups.
func New(account *world.Account) *Logs { return &Logs{account: account} }

// ID implements world.Service.
func (p *Logs) ID() string { return cloudwatchlogs.ServiceID }

// State implements world.Service.
func (p *Logs) State() any { return &p.s }

// Routes implements world.Service.
func (p *Logs) Routes(r *world.Router) {
	world.On(r, p.createLogGroup)
	world.On(r, p.deleteLogGroup)
	world.On(r, p.describeLogGroups)
	world.On(r, p.putRetentionPolicy)
	world.On(r, p.deleteRetentionPolicy)
	world.On(r, p.tagResource)
	world.On(r, p.untagResource)
	world.On(r, p.listTagsForResource)
	world.On(r, p.createLogStream)
	world.On(r, p.describeLogStreams)
	world.On(r, p.putLogEvents)
	world.On(r, p.filterLogEvents)
	world.On(r, p.getLogEvents)
	world.On(r, p.putResourcePolicy)
	world.On(r, p.describeResourcePolicies)
	world.On(r, p.deleteResourcePolicy)
}

func (p *Logs) noGroup() error {
	return &types.ResourceNotFoundException{Message: aws.String("The specified log group does not exist.")}
}

func (p *Logs) noStream() error {
	return &types.ResourceNotFoundException{Message: aws.String("The specified log stream does not exist.")}
}

func (p *Logs) invalid(text string) error {
	return &types.InvalidParameterException{Message: aws.String(text)}
}

var _ world.Service = (*Logs)(nil)
