package logs

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// retentionDays returns the values that PutRetentionPolicy accepts. Source:
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
func retentionDays() []int32 {
	return []int32{
		1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731,
		1096, 1827, 2192, 2557, 2922, 3288, 3653,
	}
}

func (p *Logs) createLogGroup(rq *world.Request, in *cloudwatchlogs.CreateLogGroupInput) (*cloudwatchlogs.CreateLogGroupOutput, error) {
	name := aws.ToString(in.LogGroupName)
	if name == "" || len(name) > 512 || strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789_-/.#") != "" {
		return nil, p.invalid("1 validation error detected: Value at 'logGroupName' failed to satisfy constraint: " +
			`Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+`)
	}
	if strings.HasPrefix(name, "aws/") {
		return nil, p.invalid("Log groups starting with AWS/ are reserved for AWS.")
	}
	if p.s.Groups.Get(name) != nil {
		return nil, &types.ResourceAlreadyExistsException{Message: aws.String("The specified log group already exists")}
	}
	p.s.Groups.Put(p.account, rq.Now, name, &logGroup{
		Name: name, Created: rq.Now, Class: string(cmp.Or(in.LogGroupClass, types.LogGroupClassStandard)),
		Protected: aws.ToBool(in.DeletionProtectionEnabled),
		Tags:      maps.Clone(in.Tags), Streams: map[string]*logStream{},
	})
	return &cloudwatchlogs.CreateLogGroupOutput{}, nil
}

func (p *Logs) deleteLogGroup(rq *world.Request, in *cloudwatchlogs.DeleteLogGroupInput) (*cloudwatchlogs.DeleteLogGroupOutput, error) {
	g := p.s.Groups.Get(aws.ToString(in.LogGroupName))
	if g == nil {
		return nil, p.noGroup()
	}
	if g.Protected {
		return nil, &types.ValidationException{Message: aws.String("The log group has deletion protection enabled.")}
	}
	p.s.Groups.Remove(rq.Now, g.Name)
	return &cloudwatchlogs.DeleteLogGroupOutput{}, nil
}

func (p *Logs) describeLogGroups(rq *world.Request, in *cloudwatchlogs.DescribeLogGroupsInput) (*cloudwatchlogs.DescribeLogGroupsOutput, error) {
	if in.LogGroupNamePrefix != nil && in.LogGroupNamePattern != nil {
		return nil, p.invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
	}
	var found []types.LogGroup
	for _, g := range p.s.Groups.List(rq) {
		pattern := strings.ToLower(aws.ToString(in.LogGroupNamePattern))
		if strings.HasPrefix(g.Name, aws.ToString(in.LogGroupNamePrefix)) &&
			strings.Contains(strings.ToLower(g.Name), pattern) && p.among(g, in.LogGroupIdentifiers) {
			found = append(found, p.shownGroup(g))
		}
	}
	slices.SortFunc(found, func(a, b types.LogGroup) int { return cmp.Compare(*a.LogGroupName, *b.LogGroupName) })
	page, next, err := world.Page(found, in.NextToken, in.Limit, 50)
	if err != nil {
		return nil, p.invalid("The specified nextToken is invalid.")
	}
	return &cloudwatchlogs.DescribeLogGroupsOutput{LogGroups: page, NextToken: next}, nil
}

// among reports whether ids, names or ARNs, contain the group; no ids contain all.
func (p *Logs) among(g *logGroup, ids []string) bool {
	return len(ids) == 0 || slices.Contains(ids, g.Name) || slices.Contains(ids, p.groupARN(g))
}

func (p *Logs) groupARN(g *logGroup) string { return p.account.ARN("logs", "log-group:"+g.Name) }

func (p *Logs) shownGroup(g *logGroup) types.LogGroup {
	out := types.LogGroup{
		Arn: aws.String(p.groupARN(g) + ":*"), LogGroupArn: aws.String(p.groupARN(g)),
		LogGroupName: aws.String(g.Name), LogGroupClass: types.LogGroupClass(g.Class),
		CreationTime: aws.Int64(g.Created.UnixMilli()), StoredBytes: aws.Int64(0), MetricFilterCount: aws.Int32(0),
		DeletionProtectionEnabled: aws.Bool(g.Protected),
	}
	if g.Retention != 0 {
		out.RetentionInDays = aws.Int32(g.Retention)
	}
	return out
}

func (p *Logs) putRetentionPolicy(rq *world.Request, in *cloudwatchlogs.PutRetentionPolicyInput) (*cloudwatchlogs.PutRetentionPolicyOutput, error) {
	g := p.s.Groups.Find(rq, aws.ToString(in.LogGroupName))
	if g == nil {
		return nil, p.noGroup()
	}
	if !slices.Contains(retentionDays(), aws.ToInt32(in.RetentionInDays)) {
		return nil, p.invalid("1 validation error detected: Value at 'retentionInDays' failed to satisfy constraint")
	}
	g.Retention = *in.RetentionInDays
	return &cloudwatchlogs.PutRetentionPolicyOutput{}, nil
}

func (p *Logs) deleteRetentionPolicy(rq *world.Request, in *cloudwatchlogs.DeleteRetentionPolicyInput) (*cloudwatchlogs.DeleteRetentionPolicyOutput, error) {
	g := p.s.Groups.Find(rq, aws.ToString(in.LogGroupName))
	if g == nil {
		return nil, p.noGroup()
	}
	g.Retention = 0
	return &cloudwatchlogs.DeleteRetentionPolicyOutput{}, nil
}

// tagged is the group of a tagging call, which names it by an ARN without ":*".
func (p *Logs) tagged(rq *world.Request, arn *string) (*logGroup, error) {
	prefix := p.account.ARN("logs", "log-group:")
	g := p.s.Groups.Find(rq, strings.TrimPrefix(aws.ToString(arn), prefix))
	if g == nil || !strings.HasPrefix(*arn, prefix) {
		return nil, p.noGroup()
	}
	if g.Tags == nil {
		g.Tags = map[string]string{}
	}
	return g, nil
}

func (p *Logs) tagResource(rq *world.Request, in *cloudwatchlogs.TagResourceInput) (*cloudwatchlogs.TagResourceOutput, error) {
	g, err := p.tagged(rq, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	maps.Copy(g.Tags, in.Tags)
	return &cloudwatchlogs.TagResourceOutput{}, nil
}

func (p *Logs) untagResource(rq *world.Request, in *cloudwatchlogs.UntagResourceInput) (*cloudwatchlogs.UntagResourceOutput, error) {
	g, err := p.tagged(rq, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	for _, k := range in.TagKeys {
		delete(g.Tags, k)
	}
	return &cloudwatchlogs.UntagResourceOutput{}, nil
}

func (p *Logs) listTagsForResource(rq *world.Request, in *cloudwatchlogs.ListTagsForResourceInput) (*cloudwatchlogs.ListTagsForResourceOutput, error) {
	g, err := p.tagged(rq, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	return &cloudwatchlogs.ListTagsForResourceOutput{Tags: maps.Clone(g.Tags)}, nil
}
