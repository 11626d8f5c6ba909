package scheduler

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// mostGroups is AWS's default quota.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html
const mostGroups = 500

func noGroup(name string) error {
	return missing(fmt.Sprintf("Schedule group %s does not exist.", name))
}

func (p *Scheduler) putGroup(rq *world.Request, name string, tags map[string]string) *group {
	return p.s.Groups.Put(p.account, rq.Now, name, &group{
		Name: name, ARN: p.account.ARN("scheduler", "schedule-group/"+name), Created: rq.Now, Modified: rq.Now, Tags: tags,
	})
}

func (p *Scheduler) createGroup(rq *world.Request, in *scheduler.CreateScheduleGroupInput) (*scheduler.CreateScheduleGroupOutput, error) {
	name := aws.ToString(in.Name)
	if err := checkName("name", name); err != nil {
		return nil, err
	}
	if len(in.Tags) > 200 {
		return nil, invalid("1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 200")
	}
	if known, _ := rq.Once(in.ClientToken, in); known != "" && p.s.Groups.Get(name) != nil {
		return &scheduler.CreateScheduleGroupOutput{ScheduleGroupArn: &known}, nil
	}
	if p.s.Groups.Get(name) != nil {
		return nil, taken(fmt.Sprintf("Schedule group %s already exists.", name))
	}
	if len(p.s.Groups.All()) >= p.account.Quota("schedule groups", mostGroups) {
		return nil, world.WithStatus(402, &types.ServiceQuotaExceededException{Message: aws.String("The maximum number of schedule groups is reached.")})
	}
	g := p.putGroup(rq, name, tagMap(in.Tags))
	rq.Remember(in.ClientToken, in, g.ARN)
	return &scheduler.CreateScheduleGroupOutput{ScheduleGroupArn: aws.String(g.ARN)}, nil
}

func (p *Scheduler) getGroup(rq *world.Request, in *scheduler.GetScheduleGroupInput) (*scheduler.GetScheduleGroupOutput, error) {
	g := p.s.Groups.Find(rq, aws.ToString(in.Name))
	if g == nil {
		return nil, noGroup(aws.ToString(in.Name))
	}
	return &scheduler.GetScheduleGroupOutput{
		Arn: aws.String(g.ARN), Name: aws.String(g.Name), CreationDate: aws.Time(g.Created), LastModificationDate: aws.Time(g.Modified), State: g.state(),
	}, nil
}

func (g *group) state() types.ScheduleGroupState {
	if g.Deleting {
		return types.ScheduleGroupStateDeleting
	}
	return types.ScheduleGroupStateActive
}

func (p *Scheduler) listGroups(rq *world.Request, in *scheduler.ListScheduleGroupsInput) (*scheduler.ListScheduleGroupsOutput, error) {
	var all []types.ScheduleGroupSummary
	for _, g := range p.s.Groups.List(rq) {
		if strings.HasPrefix(g.Name, aws.ToString(in.NamePrefix)) {
			all = append(all, types.ScheduleGroupSummary{
				Arn: aws.String(g.ARN), Name: aws.String(g.Name), CreationDate: aws.Time(g.Created), LastModificationDate: aws.Time(g.Modified), State: g.state(),
			})
		}
	}
	page, next, err := world.Page(all, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, invalid("Invalid NextToken.")
	}
	return &scheduler.ListScheduleGroupsOutput{ScheduleGroups: page, NextToken: next}, nil
}

// deleteGroup deletes the schedules in a group too, as AWS documents.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeleteScheduleGroup.html
func (p *Scheduler) deleteGroup(rq *world.Request, in *scheduler.DeleteScheduleGroupInput) (*scheduler.DeleteScheduleGroupOutput, error) {
	name := aws.ToString(in.Name)
	g := p.s.Groups.Find(rq, name)
	switch {
	case g == nil:
		return nil, noGroup(name)
	case name == defaultGroup:
		return nil, invalid("The default schedule group cannot be deleted.")
	case g.Deleting:
		return nil, taken(fmt.Sprintf("Schedule group %s is being deleted.", name))
	}
	g.Deleting, g.Modified = true, rq.Now
	p.account.Schedule(rq.Now.Add(p.account.Takes(world.ScheduleGroupDeleted)), "scheduler.group.gone", name)
	return &scheduler.DeleteScheduleGroupOutput{}, nil
}

// groupGone is the event at which a deleted group and its schedules are gone.
func (p *Scheduler) groupGone(at time.Time, name string) {
	if g := p.s.Groups.Get(name); g == nil || !g.Deleting {
		return
	}
	for _, s := range p.s.Schedules.All() {
		if aws.ToString(s.Is.GroupName) == name {
			p.s.Schedules.Remove(at, keyOf(name, aws.ToString(s.Is.Name)))
		}
	}
	p.s.Groups.Remove(at, name)
}

// tagged is the group of a tagging call: only groups have tags.
func (p *Scheduler) tagged(rq *world.Request, arn *string) (*group, error) {
	name, ok := strings.CutPrefix(aws.ToString(arn), p.account.ARN("scheduler", "schedule-group/"))
	if !ok {
		return nil, invalid("1 validation error detected: Value at 'resourceArn' failed to satisfy constraint: Member must satisfy regular expression pattern: ^arn:aws(-[a-z]+)?:scheduler:[a-z0-9\\-]+:\\d{12}:schedule-group\\/[0-9a-zA-Z-_.]+$")
	}
	g := p.s.Groups.Find(rq, name)
	if g == nil {
		return nil, noGroup(name)
	}
	if g.Tags == nil {
		g.Tags = map[string]string{}
	}
	return g, nil
}

func (p *Scheduler) tagResource(rq *world.Request, in *scheduler.TagResourceInput) (*scheduler.TagResourceOutput, error) {
	g, err := p.tagged(rq, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	maps.Copy(g.Tags, tagMap(in.Tags))
	return &scheduler.TagResourceOutput{}, nil
}

func (p *Scheduler) untagResource(rq *world.Request, in *scheduler.UntagResourceInput) (*scheduler.UntagResourceOutput, error) {
	g, err := p.tagged(rq, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	for _, key := range in.TagKeys {
		delete(g.Tags, key)
	}
	return &scheduler.UntagResourceOutput{}, nil
}

func (p *Scheduler) listTags(rq *world.Request, in *scheduler.ListTagsForResourceInput) (*scheduler.ListTagsForResourceOutput, error) {
	g, err := p.tagged(rq, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	out := &scheduler.ListTagsForResourceOutput{Tags: []types.Tag{}}
	for key, value := range g.Tags {
		out.Tags = append(out.Tags, types.Tag{Key: aws.String(key), Value: aws.String(value)})
	}
	return out, nil
}

func tagMap(tags []types.Tag) map[string]string {
	out := map[string]string{}
	for _, t := range tags {
		out[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return out
}
