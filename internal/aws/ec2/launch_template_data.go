package ec2

import (
	"encoding/base64"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/engine"
)

// rootDevice is the root volume of the AMIs of Amazon Linux.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/al2023.html
const rootDevice = "/dev/xvda"

// data is the whole content of a version.
func (l LaunchTemplate) data() *types.RequestLaunchTemplateData {
	out := &types.RequestLaunchTemplateData{
		ImageId: aws.String(l.Image), SecurityGroupIds: engine.Values(l.SecurityGroups),
		IamInstanceProfile: &types.LaunchTemplateIamInstanceProfileSpecificationRequest{Arn: aws.String(l.Profile.Value())},
		UserData:           aws.String(base64.StdEncoding.EncodeToString([]byte(l.UserData))),
		BlockDeviceMappings: []types.LaunchTemplateBlockDeviceMappingRequest{{
			DeviceName: aws.String(rootDevice),
			Ebs: &types.LaunchTemplateEbsBlockDeviceRequest{
				VolumeSize: aws.Int32(int32(min(l.DiskGiB, maxDiskGiB))), VolumeType: types.VolumeTypeGp3, //nolint:gosec // bounded
				Encrypted: aws.Bool(true), DeleteOnTermination: aws.Bool(true),
			},
		}},
	}
	if l.Metadata == OnlyIMDSv2 {
		out.MetadataOptions = &types.LaunchTemplateInstanceMetadataOptionsRequest{
			HttpTokens: types.LaunchTemplateHttpTokensStateRequired, HttpPutResponseHopLimit: aws.Int32(1),
			HttpEndpoint: types.LaunchTemplateInstanceMetadataEndpointStateEnabled,
		}
	}
	for _, kind := range taggedAtLaunch() {
		out.TagSpecifications = append(out.TagSpecifications, types.LaunchTemplateTagSpecificationRequest{ResourceType: kind, Tags: tagList(l.InstanceTags)})
	}
	return out
}

// maxDiskGiB is the largest volume.
const maxDiskGiB = 16384

// taggedAtLaunch are what an instance begins with that has tags.
func taggedAtLaunch() []types.ResourceType {
	return []types.ResourceType{types.ResourceTypeInstance, types.ResourceTypeVolume}
}

// show sets the attributes to those of a version. What berth never asks for is shown as
// another value of the attribute.
func (l *LaunchTemplate) show(d *types.ResponseLaunchTemplateData) {
	if d == nil {
		return
	}
	l.Image, l.SecurityGroups = aws.ToString(d.ImageId), engine.Lits(d.SecurityGroupIds...)
	if p := d.IamInstanceProfile; p != nil {
		l.Profile = engine.Lit(aws.ToString(p.Arn))
	}
	if text, err := base64.StdEncoding.DecodeString(aws.ToString(d.UserData)); err == nil {
		l.UserData = string(text)
	}
	for _, b := range d.BlockDeviceMappings {
		if e := b.Ebs; e != nil && aws.ToString(b.DeviceName) == rootDevice && aws.ToBool(e.Encrypted) && aws.ToBool(e.DeleteOnTermination) {
			l.DiskGiB = int(aws.ToInt32(e.VolumeSize))
		}
	}
	if m := d.MetadataOptions; m != nil {
		l.Metadata = "tokens " + string(m.HttpTokens)
		if m.HttpTokens == types.LaunchTemplateHttpTokensStateRequired && aws.ToInt32(m.HttpPutResponseHopLimit) == 1 {
			l.Metadata = OnlyIMDSv2
		}
	}
	for _, s := range d.TagSpecifications {
		if s.ResourceType == types.ResourceTypeInstance {
			l.InstanceTags = tagMap(s.Tags)
		}
	}
}
