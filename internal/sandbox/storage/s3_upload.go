package storage

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// s3Upload is an object that is uploaded in parts. Until the upload is completed, no
// call shows the object, but AWS charges for the parts.
type s3Upload struct {
	ID, Key     string
	ContentType *string
	Parts       map[int32][]byte
}

// The limits of an upload in parts; the last part may be smaller.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
const (
	leastS3Part = 5 << 20
	mostS3Parts = 10000
)

func (p *S3) uploadRoutes(r *world.Router) {
	world.On(r, p.createUpload)
	world.On(r, p.uploadPart)
	world.On(r, p.completeUpload)
	world.On(r, p.abortUpload)
}

func (p *S3) createUpload(_ *world.Request, in *s3.CreateMultipartUploadInput) (*s3.CreateMultipartUploadOutput, error) {
	b, err := p.Buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	u := &s3Upload{ID: p.account.NewHex("upload", 32), Key: aws.ToString(in.Key), ContentType: in.ContentType, Parts: map[int32][]byte{}}
	if b.Uploads == nil {
		b.Uploads = map[string]*s3Upload{}
	}
	b.Uploads[u.ID] = u
	return &s3.CreateMultipartUploadOutput{Bucket: &b.Name, Key: &u.Key, UploadId: &u.ID}, nil
}

// upload finds an upload that was neither completed nor aborted, in its bucket.
func (p *S3) upload(name, owner, id, key *string) (*s3Bucket, *s3Upload, error) {
	b, err := p.Buckets.bucket(name, owner)
	if err != nil {
		return nil, nil, err
	}
	u := b.Uploads[aws.ToString(id)]
	if u == nil || u.Key != aws.ToString(key) {
		return nil, nil, world.WithStatus(http.StatusNotFound, &types.NoSuchUpload{Message: aws.String(
			"The specified multipart upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
		)})
	}
	return b, u, nil
}

func (p *S3) uploadPart(_ *world.Request, in *s3.UploadPartInput) (*s3.UploadPartOutput, error) {
	_, u, err := p.upload(in.Bucket, in.ExpectedBucketOwner, in.UploadId, in.Key)
	if err != nil {
		return nil, err
	}
	if n := aws.ToInt32(in.PartNumber); n < 1 || n > mostS3Parts {
		return nil, world.APIError(http.StatusBadRequest, "InvalidArgument", "Part number must be an integer between 1 and %d, inclusive", mostS3Parts)
	}
	body, err := readBody(in.Body)
	if err != nil {
		return nil, err
	}
	u.Parts[*in.PartNumber] = body
	return &s3.UploadPartOutput{ETag: aws.String(etag(body)), ServerSideEncryption: types.ServerSideEncryptionAes256}, nil
}

// completeUpload makes the object of the parts that the call names, in their
// order. The upload is unknown from then on.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
func (p *S3) completeUpload(rq *world.Request, in *s3.CompleteMultipartUploadInput) (*s3.CompleteMultipartUploadOutput, error) {
	b, u, err := p.upload(in.Bucket, in.ExpectedBucketOwner, in.UploadId, in.Key)
	if err != nil {
		return nil, err
	}
	if in.MultipartUpload == nil || len(in.MultipartUpload.Parts) == 0 {
		return nil, world.APIError(http.StatusBadRequest, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
	}
	order := func(a, b types.CompletedPart) int { return int(aws.ToInt32(a.PartNumber) - aws.ToInt32(b.PartNumber)) }
	if !slices.IsSortedFunc(in.MultipartUpload.Parts, order) {
		return nil, world.APIError(http.StatusBadRequest, "InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.")
	}
	var whole, sums []byte
	for i, part := range in.MultipartUpload.Parts {
		n := aws.ToInt32(part.PartNumber)
		body, ok := u.Parts[n]
		switch {
		case !ok || strings.Trim(aws.ToString(part.ETag), `"`) != strings.Trim(etag(body), `"`):
			return nil, world.APIError(http.StatusBadRequest, "InvalidPart", "One or more of the specified parts could not be found.")
		case len(body) < leastS3Part && i < len(in.MultipartUpload.Parts)-1:
			return nil, world.APIError(http.StatusBadRequest, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
		}
		whole, sums = append(whole, body...), append(sums, md5Of(body)...)
	}
	o := &s3Object{
		Body: whole, ETag: fmt.Sprintf(`"%x-%d"`, md5Of(sums), len(in.MultipartUpload.Parts)),
		ContentType: u.ContentType, Modified: rq.Now,
	}
	delete(b.Uploads, u.ID)
	return &s3.CompleteMultipartUploadOutput{Bucket: &b.Name, Key: &u.Key, ETag: &o.ETag, VersionId: p.store(b, u.Key, o)}, nil
}

func (p *S3) abortUpload(_ *world.Request, in *s3.AbortMultipartUploadInput) (*s3.AbortMultipartUploadOutput, error) {
	b, u, err := p.upload(in.Bucket, in.ExpectedBucketOwner, in.UploadId, in.Key)
	if err != nil {
		return nil, err
	}
	delete(b.Uploads, u.ID)
	return &s3.AbortMultipartUploadOutput{}, nil
}
