package network

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// launchTemplate is a launch template with its versions, of which the first has number 1.
type launchTemplate struct {
	types.LaunchTemplate
	Versions []types.LaunchTemplateVersion
}

func (l *launchTemplate) tags() *[]types.Tag { return &l.Tags }

func (l *launchTemplate) field(filter string) ([]string, bool) {
	if filter == "launch-template-name" {
		return one(l.LaunchTemplateName)
	}
	return nil, false
}

// templates are the launch templates.
type templates struct {
	account *world.Account
	s       *state
}

func (p *templates) templateRoutes(r *world.Router) {
	world.On(r, p.createLaunchTemplate)
	world.On(r, p.createLaunchTemplateVersion)
	world.On(r, p.describeLaunchTemplates)
	world.On(r, p.describeLaunchTemplateVersions)
	world.On(r, p.deleteLaunchTemplate)
}

// templateName is from
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html
var templateName = regexp.MustCompile(`^[a-zA-Z0-9().\-/_]{3,128}$`)

func (p *templates) createLaunchTemplate(rq *world.Request, in *ec2.CreateLaunchTemplateInput) (*ec2.CreateLaunchTemplateOutput, error) {
	name := aws.ToString(in.LaunchTemplateName)
	if !templateName.MatchString(name) {
		return nil, world.APIError(400, "InvalidLaunchTemplateName.MalformedException", "The launch template name '%s' is not valid.", name)
	}
	tags, err := specTags(in.TagSpecifications, types.ResourceTypeLaunchTemplate)
	if err != nil {
		return nil, err
	}
	if some(&p.s.Templates, func(l *launchTemplate) bool { return *l.LaunchTemplateName == name }) {
		return nil, world.APIError(400, "InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.")
	}
	id := p.account.NewID("lt")
	l := &launchTemplate{LaunchTemplate: types.LaunchTemplate{
		LaunchTemplateId: &id, LaunchTemplateName: &name, CreateTime: aws.Time(rq.Now), DefaultVersionNumber: aws.Int64(1), Tags: tags,
		CreatedBy: aws.String("arn:aws:iam::" + p.account.Number() + ":user/berth"),
	}}
	if err := p.add(rq, l, in.LaunchTemplateData); err != nil {
		return nil, err
	}
	p.s.Templates.Put(p.account, rq.Now, id, l)
	return &ec2.CreateLaunchTemplateOutput{LaunchTemplate: &l.LaunchTemplate}, nil
}

// add adds a version. EC2 checks little of it before an instance starts.
func (p *templates) add(rq *world.Request, l *launchTemplate, data *types.RequestLaunchTemplateData) error {
	if data == nil {
		return world.APIError(400, "MissingParameter", "The request must contain the parameter LaunchTemplateData")
	}
	for _, s := range data.TagSpecifications {
		if err := checkTags(s.Tags); err != nil {
			return err
		}
	}
	var shown types.ResponseLaunchTemplateData
	text, err := json.Marshal(data)
	if err == nil {
		err = json.Unmarshal(text, &shown) // the fields of both have the same names
	}
	if err != nil {
		return fmt.Errorf("sandbox: launch template data: %w", err)
	}
	l.LatestVersionNumber = aws.Int64(int64(len(l.Versions)) + 1)
	l.Versions = append(slices.Clip(l.Versions), types.LaunchTemplateVersion{
		LaunchTemplateId: l.LaunchTemplateId, LaunchTemplateName: l.LaunchTemplateName, VersionNumber: l.LatestVersionNumber,
		DefaultVersion: aws.Bool(len(l.Versions) == 0), CreateTime: aws.Time(rq.Now), LaunchTemplateData: &shown,
	})
	return nil
}

func (p *templates) createLaunchTemplateVersion(rq *world.Request, in *ec2.CreateLaunchTemplateVersionInput) (*ec2.CreateLaunchTemplateVersionOutput, error) {
	l, err := p.s.template(rq, aws.ToString(in.LaunchTemplateId))
	if err != nil {
		return nil, err
	}
	known, mismatch := rq.Once(in.ClientToken, in)
	switch {
	case mismatch:
		return nil, world.APIError(400, "IdempotentParameterMismatch", "The client token was used for another request.")
	case known != "":
		v, err := l.version(known)
		return &ec2.CreateLaunchTemplateVersionOutput{LaunchTemplateVersion: v}, err
	}
	if err := p.add(rq, l, in.LaunchTemplateData); err != nil {
		return nil, err
	}
	made := &l.Versions[len(l.Versions)-1]
	rq.Remember(in.ClientToken, in, strconv.FormatInt(*made.VersionNumber, 10))
	return &ec2.CreateLaunchTemplateVersionOutput{LaunchTemplateVersion: made}, nil
}

func (s *state) template(rq *world.Request, id string) (*launchTemplate, error) {
	if l := s.Templates.Find(rq, id); l != nil {
		return l, nil
	}
	return nil, world.APIError(400, "InvalidLaunchTemplateId.NotFound", "The specified launch template, with template ID %s, does not exist.", id)
}

func (p *templates) describeLaunchTemplates(rq *world.Request, in *ec2.DescribeLaunchTemplatesInput) (*ec2.DescribeLaunchTemplatesOutput, error) {
	page, next, err := describe(rq, &p.s.Templates, view{
		in.LaunchTemplateIds, in.Filters, "InvalidLaunchTemplateId.NotFound", "launch template", in.NextToken, in.MaxResults,
	})
	return &ec2.DescribeLaunchTemplatesOutput{
		LaunchTemplates: unpack(page, func(l *launchTemplate) types.LaunchTemplate { return l.LaunchTemplate }), NextToken: next,
	}, err
}

func (p *templates) describeLaunchTemplateVersions(rq *world.Request, in *ec2.DescribeLaunchTemplateVersionsInput) (*ec2.DescribeLaunchTemplateVersionsOutput, error) {
	l, err := p.s.template(rq, aws.ToString(in.LaunchTemplateId))
	if err != nil {
		return nil, err
	}
	out := &ec2.DescribeLaunchTemplateVersionsOutput{}
	for _, version := range in.Versions {
		v, err := l.version(version)
		if err != nil {
			return nil, err
		}
		out.LaunchTemplateVersions = append(out.LaunchTemplateVersions, *v)
	}
	if len(in.Versions) == 0 {
		out.LaunchTemplateVersions = slices.Clone(l.Versions)
		slices.Reverse(out.LaunchTemplateVersions)
	}
	return out, nil
}

// version is a version by its number, $Latest or $Default.
func (l *launchTemplate) version(word string) (*types.LaunchTemplateVersion, error) {
	switch word {
	case "$Latest":
		return &l.Versions[len(l.Versions)-1], nil
	case "$Default", "":
		return &l.Versions[*l.DefaultVersionNumber-1], nil
	}
	n, err := strconv.Atoi(word)
	if err != nil || n < 1 || n > len(l.Versions) {
		return nil, world.APIError(400, "InvalidLaunchTemplateId.VersionNotFound", "Could not find the specified version %s for the launch template with ID %s.",
			word, *l.LaunchTemplateId)
	}
	return &l.Versions[n-1], nil
}

func (p *templates) deleteLaunchTemplate(rq *world.Request, in *ec2.DeleteLaunchTemplateInput) (*ec2.DeleteLaunchTemplateOutput, error) {
	l, err := p.s.template(rq, aws.ToString(in.LaunchTemplateId))
	if err != nil {
		return nil, err
	}
	p.s.Templates.Remove(rq.Now, *l.LaunchTemplateId)
	return &ec2.DeleteLaunchTemplateOutput{LaunchTemplate: &l.LaunchTemplate}, nil
}

// Template is a version of a launch template, as another service reads it.
func (p *View) Template(rq *world.Request, id, version string) (*types.ResponseLaunchTemplateData, error) {
	l, err := p.s.template(rq, id)
	if err != nil {
		return nil, err
	}
	v, err := l.version(version)
	if err != nil {
		return nil, err
	}
	return v.LaunchTemplateData, nil
}

// LaunchData is the same for what happens without a call; nil if there is no such version.
func (p *View) LaunchData(id, version string) *types.ResponseLaunchTemplateData {
	l := p.s.Templates.Get(id)
	if l == nil {
		return nil
	}
	v, err := l.version(version)
	if err != nil {
		return nil
	}
	return v.LaunchTemplateData
}
