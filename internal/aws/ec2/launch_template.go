package ec2

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/engine"
)

// LaunchTemplate says how the instances of an Auto Scaling group begin. A change makes a
// new version, which new instances have. Outputs: id, version (the number of the last one).
type LaunchTemplate struct {
	Name string `attr:"name,replace,own"`
	// Image is the AMI. A template that names a parameter of Systems Manager instead
	// cannot be used with attributes of instance types:
	// https://docs.aws.amazon.com/autoscaling/ec2/userguide/using-systems-manager-parameters.html
	Image string `attr:"image"`
	// Profile is the ARN of the instance profile.
	Profile        engine.Ref   `attr:"profile"`
	SecurityGroups []engine.Ref `attr:"security_groups,set"`
	// UserData is the script that the instance runs when it first starts.
	UserData string `attr:"user_data"`
	// DiskGiB is the size of the encrypted root volume.
	DiskGiB int `attr:"volume_gib"`
	// InstanceTags are those of the instances and of their volumes.
	InstanceTags map[string]string `attr:"instance_tags"`
	// Metadata is how instance metadata is read; the only value is OnlyIMDSv2.
	Metadata string `attr:"metadata"`
}

// OnlyIMDSv2 lets processes of the instance itself read its metadata with a token.
// Containers with a network interface of their own are one hop further away.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html
const OnlyIMDSv2 = "tokens required, 1 hop"

// Type implements engine.Resource.
func (LaunchTemplate) Type() string { return "ec2.launch-template" }

// OutputVersion is the output with the number of a launch template's last version.
const OutputVersion = "version"

// LaunchTemplates is the Type of LaunchTemplate.
type LaunchTemplates struct {
	API     *sdk.Client
	Tagging *resourcegroupstaggingapi.Client
	// Roles says whether the owners have a role for instances, without which there is no
	// template; nil if that is not known.
	Roles func(context.Context, engine.Query) (bool, error)
}

// Spec implements engine.Type.
func (LaunchTemplates) Spec() engine.Spec {
	return engine.Spec{Name: LaunchTemplate{}.Type(), Identity: engine.UniqueName, Revises: true, ReadyIn: time.Second}
}

// Used says whether a reading must look for launch templates, and for the groups that use
// them: otherwise a project without either would pay for the calls.
func (t LaunchTemplates) Used(ctx context.Context, q engine.Query) (bool, error) {
	for _, w := range q.Wanted {
		if w.Address.Type == (LaunchTemplate{}).Type() {
			return true, nil
		}
	}
	if q.Whole {
		if t.Roles == nil {
			return true, nil
		}
		if used, err := t.Roles(ctx, q); err != nil || used {
			return used, err
		}
	}
	return tagindex.Holds(ctx, q, t.Tagging, "ec2:launch-template")
}

// List implements engine.Type.
func (t LaunchTemplates) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	if used, err := t.Used(ctx, q); err != nil || !used {
		return nil, err
	}
	found, err := t.describe(ctx, owned(q))
	if err != nil {
		return nil, fmt.Errorf("listing launch templates: %w", err)
	}
	var objects []engine.Object
	for _, l := range found {
		object, err := t.object(ctx, l)
		if gate.IsNotFound(err) {
			continue // the list lags
		}
		if err != nil {
			return nil, err
		}
		objects = append(objects, object)
	}
	return objects, nil
}

func (t LaunchTemplates) describe(ctx context.Context, f []types.Filter) ([]types.LaunchTemplate, error) {
	p := sdk.NewDescribeLaunchTemplatesPaginator(t.API, &sdk.DescribeLaunchTemplatesInput{Filters: f})
	return collect(ctx, p, func(o *sdk.DescribeLaunchTemplatesOutput) []types.LaunchTemplate { return o.LaunchTemplates })
}

// object is a template with its last version.
func (t LaunchTemplates) object(ctx context.Context, l types.LaunchTemplate) (engine.Object, error) {
	number := strconv.FormatInt(aws.ToInt64(l.LatestVersionNumber), 10)
	out, err := t.API.DescribeLaunchTemplateVersions(ctx, &sdk.DescribeLaunchTemplateVersionsInput{
		LaunchTemplateId: l.LaunchTemplateId, Versions: []string{number},
	})
	if err != nil {
		return engine.Object{}, fmt.Errorf("reading launch template %s: %w", aws.ToString(l.LaunchTemplateName), err)
	}
	shown := LaunchTemplate{Name: aws.ToString(l.LaunchTemplateName)}
	for _, v := range out.LaunchTemplateVersions {
		shown.show(v.LaunchTemplateData)
	}
	object := ready(shown, aws.ToString(l.LaunchTemplateId), tagMap(l.Tags))
	object.Outputs, object.Created = map[string]string{OutputVersion: number}, aws.ToTime(l.CreateTime)
	return object, nil
}

// Create implements engine.Type.
func (t LaunchTemplates) Create(ctx context.Context, w engine.Desired[LaunchTemplate]) (engine.Object, error) {
	out, err := t.API.CreateLaunchTemplate(ctx, &sdk.CreateLaunchTemplateInput{
		LaunchTemplateName: &w.Want.Name, LaunchTemplateData: w.Want.data(),
		TagSpecifications: tagsAtCreate(types.ResourceTypeLaunchTemplate, w.Tags),
	})
	if gate.IsExists(err) {
		return t.takeOver(gate.JustMade(ctx), w, err)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating launch template %s: %w", w.Want.Name, err)
	}
	return t.made(w, aws.ToString(out.LaunchTemplate.LaunchTemplateId), out.LaunchTemplate.LatestVersionNumber), nil
}

func (LaunchTemplates) made(w engine.Desired[LaunchTemplate], id string, version *int64) engine.Object {
	object := ready(w.Want, id, w.Tags)
	object.Outputs = map[string]string{OutputVersion: strconv.FormatInt(aws.ToInt64(version), 10)}
	return object
}

// takeOver uses the template that has the name already.
func (t LaunchTemplates) takeOver(ctx context.Context, w engine.Desired[LaunchTemplate], exists error) (engine.Object, error) {
	found, err := t.describe(ctx, filter("launch-template-name", w.Want.Name))
	if err != nil {
		return engine.Object{}, fmt.Errorf("finding the launch template %s: %w", w.Want.Name, err)
	}
	if len(found) == 0 {
		return engine.Object{}, gate.Unseen(exists)
	}
	object, err := t.object(ctx, found[0])
	if gate.IsNotFound(err) {
		return engine.Object{}, gate.Unseen(exists)
	}
	if err != nil {
		return engine.Object{}, err
	}
	if err := mayUse(w, w.Want.Name, object.ID, object.Tags); err != nil {
		return engine.Object{}, err
	}
	return t.Update(ctx, w, object, gate.Differing(w.Want, object))
}

// Update implements engine.Type: a change makes a new version. The group that uses the
// template names the version, so that instances never change with it alone.
func (t LaunchTemplates) Update(ctx context.Context, w engine.Desired[LaunchTemplate], object engine.Object, changed []string) (engine.Object, error) {
	updated := ready(w.Want, object.ID, w.Tags)
	updated.Outputs = object.Outputs
	if len(changed) > 0 {
		out, err := t.API.CreateLaunchTemplateVersion(ctx, &sdk.CreateLaunchTemplateVersionInput{
			LaunchTemplateId: &object.ID, LaunchTemplateData: w.Want.data(), ClientToken: aws.String(versionToken(w, object)),
		})
		if err != nil {
			return object, fmt.Errorf("adding a version to launch template %s: %w", w.Want.Name, err)
		}
		updated = t.made(w, object.ID, out.LaunchTemplateVersion.VersionNumber)
	}
	return updated, retag(ctx, t.API, object.ID, object.Tags, w.Tags)
}

// versionToken is the same for the same change of the same version, so that a repeated call
// adds no further version.
func versionToken(w engine.Desired[LaunchTemplate], object engine.Object) string {
	sum := sha256.Sum256([]byte(object.ID + " " + object.Output(OutputVersion) + " " + w.Tags[engine.TagLastApplied]))
	return hex.EncodeToString(sum[:16])
}

// Delete implements engine.Type.
func (t LaunchTemplates) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteLaunchTemplate(ctx, &sdk.DeleteLaunchTemplateInput{LaunchTemplateId: &object.ID})
	if absent(err) != nil {
		return fmt.Errorf("deleting launch template %s: %w", object.ID, err)
	}
	return nil
}

var _ engine.Type[LaunchTemplate] = LaunchTemplates{}
