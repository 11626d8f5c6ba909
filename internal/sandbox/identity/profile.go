package identity

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Profiles are the instance profiles.
type Profiles struct {
	account *world.Account
	iam     *IAM
}

func (p *Profiles) profileRoutes(r *world.Router) {
	world.On(r, p.createProfile)
	world.On(r, p.getProfile)
	world.On(r, p.listProfiles)
	world.On(r, p.addToProfile)
	world.On(r, p.removeFromProfile)
	world.On(r, p.deleteProfile)
}

func (p *Profiles) createProfile(rq *world.Request, in *iam.CreateInstanceProfileInput) (*iam.CreateInstanceProfileOutput, error) {
	name, path := aws.ToString(in.InstanceProfileName), cmp.Or(aws.ToString(in.Path), "/")
	if len(name) == 0 || len(name) > 128 || !rolePaths.MatchString(path) {
		return nil, world.APIError(400, "ValidationError", "The specified value for instanceProfileName is invalid.")
	}
	if p.iam.s.Profiles.Get(name) != nil {
		return nil, world.WithStatus(http.StatusConflict, &types.EntityAlreadyExistsException{
			Message: aws.String("Instance Profile " + name + " already exists."),
		})
	}
	made := &types.InstanceProfile{
		InstanceProfileName: &name, Path: &path, Arn: aws.String("arn:aws:iam::" + p.account.Number() + ":instance-profile" + path + name),
		InstanceProfileId: aws.String("AIPA" + strings.ToUpper(p.account.NewHex("profile", 17))), CreateDate: aws.Time(rq.Now), Tags: in.Tags,
	}
	p.iam.s.Profiles.Put(p.account, rq.Now, name, made)
	return &iam.CreateInstanceProfileOutput{InstanceProfile: made}, nil
}

func (p *Profiles) profile(rq *world.Request, name *string) (*types.InstanceProfile, error) {
	if o := p.iam.s.Profiles.Find(rq, aws.ToString(name)); o != nil {
		return o, nil
	}
	return nil, noEntity("Instance Profile " + aws.ToString(name) + " cannot be found.")
}

func (p *Profiles) getProfile(rq *world.Request, in *iam.GetInstanceProfileInput) (*iam.GetInstanceProfileOutput, error) {
	o, err := p.profile(rq, in.InstanceProfileName)
	return &iam.GetInstanceProfileOutput{InstanceProfile: o}, err
}

// listProfiles shows no tags, as AWS documents.
func (p *Profiles) listProfiles(rq *world.Request, in *iam.ListInstanceProfilesInput) (*iam.ListInstanceProfilesOutput, error) {
	var found []types.InstanceProfile
	for _, o := range p.iam.s.Profiles.List(rq) {
		if strings.HasPrefix(*o.Path, cmp.Or(aws.ToString(in.PathPrefix), "/")) {
			shown := *world.Clone(o)
			shown.Tags = nil
			found = append(found, shown)
		}
	}
	page, next, err := world.Page(found, in.Marker, in.MaxItems, 100)
	if err != nil {
		return nil, world.APIError(400, "ValidationError", "Invalid Marker.")
	}
	return &iam.ListInstanceProfilesOutput{InstanceProfiles: page, Marker: next, IsTruncated: next != nil}, nil
}

func (p *Profiles) addToProfile(rq *world.Request, in *iam.AddRoleToInstanceProfileInput) (*iam.AddRoleToInstanceProfileOutput, error) {
	o, err := p.profile(rq, in.InstanceProfileName)
	if err != nil {
		return nil, err
	}
	r, err := p.iam.find(rq, in.RoleName)
	if err != nil {
		return nil, err
	}
	if err := rq.PassRole(*r.Arn, "ec2.amazonaws.com"); err != nil {
		return nil, err
	}
	if len(o.Roles) > 0 {
		return nil, world.WithStatus(http.StatusConflict, &types.LimitExceededException{
			Message: aws.String("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"),
		})
	}
	o.Roles = []types.Role{*r.shown(false)}
	return &iam.AddRoleToInstanceProfileOutput{}, nil
}

func (p *Profiles) removeFromProfile(rq *world.Request, in *iam.RemoveRoleFromInstanceProfileInput) (*iam.RemoveRoleFromInstanceProfileOutput, error) {
	o, err := p.profile(rq, in.InstanceProfileName)
	if err != nil {
		return nil, err
	}
	if !holds(o, aws.ToString(in.RoleName)) {
		return nil, noRole(aws.ToString(in.RoleName))
	}
	o.Roles = nil
	return &iam.RemoveRoleFromInstanceProfileOutput{}, nil
}

func holds(o *types.InstanceProfile, role string) bool {
	return slices.ContainsFunc(o.Roles, func(r types.Role) bool { return *r.RoleName == role })
}

// deleteProfile refuses while the profile has a role.
func (p *Profiles) deleteProfile(rq *world.Request, in *iam.DeleteInstanceProfileInput) (*iam.DeleteInstanceProfileOutput, error) {
	o, err := p.profile(rq, in.InstanceProfileName)
	if err != nil {
		return nil, err
	}
	if len(o.Roles) > 0 {
		return nil, deleteConflict("Cannot delete entity, must remove roles from instance profile first.")
	}
	p.iam.s.Profiles.Remove(rq.Now, *o.InstanceProfileName)
	return &iam.DeleteInstanceProfileOutput{}, nil
}

// ProfileRole is the ARN of the role of an instance profile, "" when it has none.
func (p *Profiles) ProfileRole(arn string) (role string, ok bool) {
	o := p.iam.s.Profiles.Get(world.LastPart(arn))
	if o == nil || *o.Arn != arn {
		return "", false
	}
	for _, r := range o.Roles {
		role = *r.Arn
	}
	return role, true
}
