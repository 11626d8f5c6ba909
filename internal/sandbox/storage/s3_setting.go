package storage

import (
	"encoding/json"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// settings are the settings of buckets.
type settings struct {
	buckets *Buckets
}

func (p *settings) settingRoutes(r *world.Router) {
	world.On(r, p.putVersioning)
	world.On(r, p.getVersioning)
	world.On(r, p.putEncryption)
	world.On(r, p.getEncryption)
	world.On(r, p.putPublicAccess)
	world.On(r, p.getPublicAccess)
	world.On(r, p.putTagging)
	world.On(r, p.getTagging)
	world.On(r, p.putLifecycle)
	world.On(r, p.getLifecycle)
	world.On(r, p.putPolicy)
	world.On(r, p.getPolicy)
	world.On(r, p.putOwnership)
	world.On(r, p.getOwnership)
}

func (p *settings) putVersioning(rq *world.Request, in *s3.PutBucketVersioningInput) (*s3.PutBucketVersioningOutput, error) {
	b, err := p.buckets.setting(rq, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	b.Versioning = in.VersioningConfiguration.Status
	return &s3.PutBucketVersioningOutput{}, nil
}

func (p *settings) getVersioning(_ *world.Request, in *s3.GetBucketVersioningInput) (*s3.GetBucketVersioningOutput, error) {
	b, err := p.buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	return &s3.GetBucketVersioningOutput{Status: b.Versioning}, nil
}

func (p *settings) putEncryption(rq *world.Request, in *s3.PutBucketEncryptionInput) (*s3.PutBucketEncryptionOutput, error) {
	b, err := p.buckets.setting(rq, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	b.Encryption = in.ServerSideEncryptionConfiguration
	return &s3.PutBucketEncryptionOutput{}, nil
}

func (p *settings) getEncryption(_ *world.Request, in *s3.GetBucketEncryptionInput) (*s3.GetBucketEncryptionOutput, error) {
	b, err := p.buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	return &s3.GetBucketEncryptionOutput{ServerSideEncryptionConfiguration: b.Encryption}, nil
}

func (p *settings) putPublicAccess(rq *world.Request, in *s3.PutPublicAccessBlockInput) (*s3.PutPublicAccessBlockOutput, error) {
	b, err := p.buckets.setting(rq, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	b.PublicAccess = in.PublicAccessBlockConfiguration
	return &s3.PutPublicAccessBlockOutput{}, nil
}

func (p *settings) getPublicAccess(_ *world.Request, in *s3.GetPublicAccessBlockInput) (*s3.GetPublicAccessBlockOutput, error) {
	b, err := p.buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if b.PublicAccess == nil {
		return nil, world.APIError(http.StatusNotFound, "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found")
	}
	return &s3.GetPublicAccessBlockOutput{PublicAccessBlockConfiguration: b.PublicAccess}, nil
}

func (p *settings) putTagging(rq *world.Request, in *s3.PutBucketTaggingInput) (*s3.PutBucketTaggingOutput, error) {
	b, err := p.buckets.setting(rq, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	b.Tags = in.Tagging.TagSet
	return &s3.PutBucketTaggingOutput{}, nil
}

func (p *settings) getTagging(_ *world.Request, in *s3.GetBucketTaggingInput) (*s3.GetBucketTaggingOutput, error) {
	b, err := p.buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if len(b.Tags) == 0 {
		return nil, world.APIError(http.StatusNotFound, "NoSuchTagSet", "The TagSet does not exist")
	}
	return &s3.GetBucketTaggingOutput{TagSet: b.Tags}, nil
}

func (p *settings) putLifecycle(rq *world.Request, in *s3.PutBucketLifecycleConfigurationInput) (*s3.PutBucketLifecycleConfigurationOutput, error) {
	b, err := p.buckets.setting(rq, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if in.LifecycleConfiguration == nil || len(in.LifecycleConfiguration.Rules) == 0 {
		return nil, world.APIError(400, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
	}
	b.Lifecycle = in.LifecycleConfiguration.Rules
	return &s3.PutBucketLifecycleConfigurationOutput{}, nil
}

func (p *settings) getLifecycle(_ *world.Request, in *s3.GetBucketLifecycleConfigurationInput) (*s3.GetBucketLifecycleConfigurationOutput, error) {
	b, err := p.buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if len(b.Lifecycle) == 0 {
		return nil, world.APIError(http.StatusNotFound, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")
	}
	return &s3.GetBucketLifecycleConfigurationOutput{Rules: b.Lifecycle}, nil
}

func (p *settings) putPolicy(rq *world.Request, in *s3.PutBucketPolicyInput) (*s3.PutBucketPolicyOutput, error) {
	b, err := p.buckets.setting(rq, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if in.Policy == nil || !json.Valid([]byte(*in.Policy)) {
		return nil, world.APIError(400, "MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'")
	}
	b.Policy = in.Policy
	return &s3.PutBucketPolicyOutput{}, nil
}

func (p *settings) getPolicy(_ *world.Request, in *s3.GetBucketPolicyInput) (*s3.GetBucketPolicyOutput, error) {
	b, err := p.buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if b.Policy == nil {
		return nil, world.APIError(http.StatusNotFound, "NoSuchBucketPolicy", "The bucket policy does not exist")
	}
	return &s3.GetBucketPolicyOutput{Policy: b.Policy}, nil
}

func (p *settings) putOwnership(rq *world.Request, in *s3.PutBucketOwnershipControlsInput) (*s3.PutBucketOwnershipControlsOutput, error) {
	b, err := p.buckets.setting(rq, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	b.Ownership = in.OwnershipControls
	return &s3.PutBucketOwnershipControlsOutput{}, nil
}

func (p *settings) getOwnership(_ *world.Request, in *s3.GetBucketOwnershipControlsInput) (*s3.GetBucketOwnershipControlsOutput, error) {
	b, err := p.buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if b.Ownership == nil {
		return nil, world.APIError(http.StatusNotFound, "OwnershipControlsNotFoundError", "The bucket ownership controls were not found")
	}
	return &s3.GetBucketOwnershipControlsOutput{OwnershipControls: b.Ownership}, nil
}
