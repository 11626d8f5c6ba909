package scheduler

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Scheduler is EventBridge Scheduler.
type Scheduler struct {
	account *world.Account
	s       state
	// Needs is set before the first call.
	Needs Needs
}

// Needs are what the scheduler needs of other services.
type Needs struct {
	// Roles are the roles of schedules.
	Roles Roles
}

// Roles are the roles with which schedules call.
type Roles interface {
	AssumableFor(arn, service, source string) error
	PolicyOf(arn string) *world.Policy
}

// principal is the service that assumes the roles of schedules.
const principal = "scheduler.amazonaws.com"

// state is the groups by name and the schedules by GROUP/NAME.
type state struct {
	Groups    world.Table[group]
	Schedules world.Table[schedule]
}

// group is a schedule group.
type group struct {
	Name, ARN         string
	Created, Modified time.Time
	// Deleting says that DeleteScheduleGroup was called.
	Deleting bool `json:",omitempty"`
	Tags     map[string]string
}

// schedule is a schedule with what happened to it.
type schedule struct {
	ARN               string
	Created, Modified time.Time
	// Is is everything that a caller sets.
	Is scheduler.CreateScheduleInput
	// Version grows with every change: firings of an earlier one do not happen.
	Version int
	// Firings are the last ones, the newest last; Failures those whose call failed for
	// good.
	Firings  []Firing `json:",omitempty"`
	Failures []Firing `json:",omitempty"`
}

// Firing is one call that a schedule has made.
type Firing struct {
	// Scheduled is the time that the expression names, At that of the call.
	Scheduled, At time.Time
	// Attempt counts from 1; Again says that AWS delivered the firing a second time.
	Attempt int
	Again   bool `json:",omitempty"`
	// Error is why the call failed; empty for a success.
	Error string `json:",omitempty"`
}

// New makes the scheduler of an account.
func New(account *world.Account) *Scheduler { return &Scheduler{account: account} }

// ID implements world.Service.
func (p *Scheduler) ID() string { return scheduler.ServiceID }

// State implements world.Service.
func (p *Scheduler) State() any { return &p.s }

// Routes implements world.Service.
func (p *Scheduler) Routes(r *world.Router) {
	world.On(r, p.createGroup)
	world.On(r, p.getGroup)
	world.On(r, p.listGroups)
	world.On(r, p.deleteGroup)
	world.On(r, p.createSchedule)
	world.On(r, p.getSchedule)
	world.On(r, p.updateSchedule)
	world.On(r, p.listSchedules)
	world.On(r, p.deleteSchedule)
	world.On(r, p.tagResource)
	world.On(r, p.untagResource)
	world.On(r, p.listTags)
	r.Event("scheduler.group.gone", p.groupGone)
	r.Event(firingEvent, p.fire)
}

// Begin implements world.Beginner: every account has the group default.
func (p *Scheduler) Begin(rq *world.Request) { p.putGroup(rq, defaultGroup, nil) }

const defaultGroup = "default"

// Locate names the schedule or group that a call is about. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
func (p *Scheduler) Locate(operation string, in any) string {
	if arn := world.FieldText(in, "ResourceArn"); arn != "" {
		return arn
	}
	name := world.FieldText(in, "Name")
	switch {
	case name == "":
		return ""
	case strings.HasSuffix(operation, "ScheduleGroup"):
		return p.account.ARN("scheduler", "schedule-group/"+name)
	}
	return p.account.ARN("scheduler", "schedule/"+groupOf(world.FieldText(in, "GroupName"))+"/"+name)
}

func groupOf(name string) string {
	if name == "" {
		return defaultGroup
	}
	return name
}

// Index implements world.Indexed: schedules have no tags.
func (p *Scheduler) Index(f world.IndexFunc) {
	world.IndexRows(&p.s.Groups, f, func(g *group) (string, map[string]string) {
		if g.Name == defaultGroup {
			return "", nil
		}
		return g.ARN, g.Tags
	})
}

// Dump implements world.Service.
func (p *Scheduler) Dump(d *world.Dumper) {
	for _, g := range p.s.Groups.All() {
		if g.Name != defaultGroup {
			d.Add("scheduler.group", g.ARN, g.Name, map[string]any{"tags": g.Tags, "deleting": g.Deleting})
		}
	}
	for _, s := range p.s.Schedules.All() {
		is := *world.Clone(&s.Is)
		is.ClientToken = nil
		d.Add("scheduler.schedule", s.ARN, aws.ToString(s.Is.Name), is)
	}
}

// Firings are the calls that a schedule has made, and those that failed for good.
func (p *Scheduler) Firings(group, name string) (calls, failures []Firing) {
	if s := p.s.Schedules.Get(group + "/" + name); s != nil {
		return s.Firings, s.Failures
	}
	return nil, nil
}

func invalid(text string) error { return &types.ValidationException{Message: &text} }

func missing(text string) error {
	return world.WithStatus(404, &types.ResourceNotFoundException{Message: &text})
}

func taken(text string) error {
	return world.WithStatus(409, &types.ConflictException{Message: &text})
}

var (
	_ world.Service  = (*Scheduler)(nil)
	_ world.Locator  = (*Scheduler)(nil)
	_ world.Beginner = (*Scheduler)(nil)
	_ world.Indexed  = (*Scheduler)(nil)
)
