package sandbox

import (
	"encoding/json"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// s3Settings are the settings of buckets.
type s3Settings struct {
	account *Account
	s       *s3State
	Buckets *s3Buckets
}

func (p *s3Settings) settingRoutes(r *router) {
	on(r, p.putVersioning)
	on(r, p.getVersioning)
	on(r, p.putEncryption)
	on(r, p.getEncryption)
	on(r, p.putPublicAccess)
	on(r, p.getPublicAccess)
	on(r, p.putTagging)
	on(r, p.getTagging)
	on(r, p.putLifecycle)
	on(r, p.getLifecycle)
	on(r, p.putPolicy)
	on(r, p.getPolicy)
	on(r, p.putOwnership)
	on(r, p.getOwnership)
}

func (p *s3Settings) putVersioning(rq *request, in *s3.PutBucketVersioningInput) (*s3.PutBucketVersioningOutput, error) {
	b, err := p.Buckets.setting(rq, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	b.Versioning = in.VersioningConfiguration.Status
	return &s3.PutBucketVersioningOutput{}, nil
}

func (p *s3Settings) getVersioning(_ *request, in *s3.GetBucketVersioningInput) (*s3.GetBucketVersioningOutput, error) {
	b, err := p.Buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	return &s3.GetBucketVersioningOutput{Status: b.Versioning}, nil
}

func (p *s3Settings) putEncryption(rq *request, in *s3.PutBucketEncryptionInput) (*s3.PutBucketEncryptionOutput, error) {
	b, err := p.Buckets.setting(rq, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	b.Encryption = in.ServerSideEncryptionConfiguration
	return &s3.PutBucketEncryptionOutput{}, nil
}

func (p *s3Settings) getEncryption(_ *request, in *s3.GetBucketEncryptionInput) (*s3.GetBucketEncryptionOutput, error) {
	b, err := p.Buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	return &s3.GetBucketEncryptionOutput{ServerSideEncryptionConfiguration: b.Encryption}, nil
}

func (p *s3Settings) putPublicAccess(rq *request, in *s3.PutPublicAccessBlockInput) (*s3.PutPublicAccessBlockOutput, error) {
	b, err := p.Buckets.setting(rq, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	b.PublicAccess = in.PublicAccessBlockConfiguration
	return &s3.PutPublicAccessBlockOutput{}, nil
}

func (p *s3Settings) getPublicAccess(_ *request, in *s3.GetPublicAccessBlockInput) (*s3.GetPublicAccessBlockOutput, error) {
	b, err := p.Buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if b.PublicAccess == nil {
		return nil, apiError(http.StatusNotFound, "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found")
	}
	return &s3.GetPublicAccessBlockOutput{PublicAccessBlockConfiguration: b.PublicAccess}, nil
}

func (p *s3Settings) putTagging(rq *request, in *s3.PutBucketTaggingInput) (*s3.PutBucketTaggingOutput, error) {
	b, err := p.Buckets.setting(rq, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	b.Tags = in.Tagging.TagSet
	return &s3.PutBucketTaggingOutput{}, nil
}

func (p *s3Settings) getTagging(_ *request, in *s3.GetBucketTaggingInput) (*s3.GetBucketTaggingOutput, error) {
	b, err := p.Buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if len(b.Tags) == 0 {
		return nil, apiError(http.StatusNotFound, "NoSuchTagSet", "The TagSet does not exist")
	}
	return &s3.GetBucketTaggingOutput{TagSet: b.Tags}, nil
}

func (p *s3Settings) putLifecycle(rq *request, in *s3.PutBucketLifecycleConfigurationInput) (*s3.PutBucketLifecycleConfigurationOutput, error) {
	b, err := p.Buckets.setting(rq, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if in.LifecycleConfiguration == nil || len(in.LifecycleConfiguration.Rules) == 0 {
		return nil, apiError(400, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
	}
	b.Lifecycle = in.LifecycleConfiguration.Rules
	return &s3.PutBucketLifecycleConfigurationOutput{}, nil
}

func (p *s3Settings) getLifecycle(_ *request, in *s3.GetBucketLifecycleConfigurationInput) (*s3.GetBucketLifecycleConfigurationOutput, error) {
	b, err := p.Buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if len(b.Lifecycle) == 0 {
		return nil, apiError(http.StatusNotFound, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")
	}
	return &s3.GetBucketLifecycleConfigurationOutput{Rules: b.Lifecycle}, nil
}

func (p *s3Settings) putPolicy(rq *request, in *s3.PutBucketPolicyInput) (*s3.PutBucketPolicyOutput, error) {
	b, err := p.Buckets.setting(rq, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if in.Policy == nil || !json.Valid([]byte(*in.Policy)) {
		return nil, apiError(400, "MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'")
	}
	b.Policy = in.Policy
	return &s3.PutBucketPolicyOutput{}, nil
}

func (p *s3Settings) getPolicy(_ *request, in *s3.GetBucketPolicyInput) (*s3.GetBucketPolicyOutput, error) {
	b, err := p.Buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if b.Policy == nil {
		return nil, apiError(http.StatusNotFound, "NoSuchBucketPolicy", "The bucket policy does not exist")
	}
	return &s3.GetBucketPolicyOutput{Policy: b.Policy}, nil
}

func (p *s3Settings) putOwnership(rq *request, in *s3.PutBucketOwnershipControlsInput) (*s3.PutBucketOwnershipControlsOutput, error) {
	b, err := p.Buckets.setting(rq, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	b.Ownership = in.OwnershipControls
	return &s3.PutBucketOwnershipControlsOutput{}, nil
}

func (p *s3Settings) getOwnership(_ *request, in *s3.GetBucketOwnershipControlsInput) (*s3.GetBucketOwnershipControlsOutput, error) {
	b, err := p.Buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if b.Ownership == nil {
		return nil, apiError(http.StatusNotFound, "OwnershipControlsNotFoundError", "The bucket ownership controls were not found")
	}
	return &s3.GetBucketOwnershipControlsOutput{OwnershipControls: b.Ownership}, nil
}
