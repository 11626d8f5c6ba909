package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// s3Upload is an object that comes in parts. Until it is completed nobody sees
// it, and it is paid for.
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

func (p *s3Part) uploadRoutes(r *router) {
	on(r, p.createUpload)
	on(r, p.uploadPart)
	on(r, p.completeUpload)
	on(r, p.abortUpload)
}

func (p *s3Part) createUpload(_ *request, in *s3.CreateMultipartUploadInput) (*s3.CreateMultipartUploadOutput, error) {
	b, err := p.Buckets.bucket(in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	u := &s3Upload{ID: p.account.newHex("upload", 32), Key: aws.ToString(in.Key), ContentType: in.ContentType, Parts: map[int32][]byte{}}
	if b.Uploads == nil {
		b.Uploads = map[string]*s3Upload{}
	}
	b.Uploads[u.ID] = u
	return &s3.CreateMultipartUploadOutput{Bucket: &b.Name, Key: &u.Key, UploadId: &u.ID}, nil
}

// upload finds an upload that was neither completed nor aborted, in its bucket.
func (p *s3Part) upload(name, owner, id, key *string) (*s3Bucket, *s3Upload, error) {
	b, err := p.Buckets.bucket(name, owner)
	if err != nil {
		return nil, nil, err
	}
	u := b.Uploads[aws.ToString(id)]
	if u == nil || u.Key != aws.ToString(key) {
		return nil, nil, withStatus(http.StatusNotFound, &types.NoSuchUpload{Message: aws.String(
			"The specified multipart upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
		)})
	}
	return b, u, nil
}

func (p *s3Part) uploadPart(_ *request, in *s3.UploadPartInput) (*s3.UploadPartOutput, error) {
	_, u, err := p.upload(in.Bucket, in.ExpectedBucketOwner, in.UploadId, in.Key)
	if err != nil {
		return nil, err
	}
	if n := aws.ToInt32(in.PartNumber); n < 1 || n > mostS3Parts {
		return nil, apiError(http.StatusBadRequest, "InvalidArgument", "Part number must be an integer between 1 and %d, inclusive", mostS3Parts)
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
func (p *s3Part) completeUpload(rq *request, in *s3.CompleteMultipartUploadInput) (*s3.CompleteMultipartUploadOutput, error) {
	b, u, err := p.upload(in.Bucket, in.ExpectedBucketOwner, in.UploadId, in.Key)
	if err != nil {
		return nil, err
	}
	if in.MultipartUpload == nil || len(in.MultipartUpload.Parts) == 0 {
		return nil, apiError(http.StatusBadRequest, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
	}
	order := func(a, b types.CompletedPart) int { return int(aws.ToInt32(a.PartNumber) - aws.ToInt32(b.PartNumber)) }
	if !slices.IsSortedFunc(in.MultipartUpload.Parts, order) {
		return nil, apiError(http.StatusBadRequest, "InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.")
	}
	var whole, sums []byte
	for i, part := range in.MultipartUpload.Parts {
		n := aws.ToInt32(part.PartNumber)
		body, ok := u.Parts[n]
		switch {
		case !ok || strings.Trim(aws.ToString(part.ETag), `"`) != strings.Trim(etag(body), `"`):
			return nil, apiError(http.StatusBadRequest, "InvalidPart", "One or more of the specified parts could not be found.")
		case len(body) < leastS3Part && i < len(in.MultipartUpload.Parts)-1:
			return nil, apiError(http.StatusBadRequest, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
		}
		whole, sums = append(whole, body...), append(sums, md5Of(body)...)
	}
	o := &s3Object{
		Body: whole, ETag: fmt.Sprintf(`"%x-%d"`, md5Of(sums), len(in.MultipartUpload.Parts)),
		ContentType: u.ContentType, Modified: rq.now,
	}
	delete(b.Uploads, u.ID)
	return &s3.CompleteMultipartUploadOutput{Bucket: &b.Name, Key: &u.Key, ETag: &o.ETag, VersionId: p.store(b, u.Key, o)}, nil
}

func (p *s3Part) abortUpload(_ *request, in *s3.AbortMultipartUploadInput) (*s3.AbortMultipartUploadOutput, error) {
	b, u, err := p.upload(in.Bucket, in.ExpectedBucketOwner, in.UploadId, in.Key)
	if err != nil {
		return nil, err
	}
	delete(b.Uploads, u.ID)
	return &s3.AbortMultipartUploadOutput{}, nil
}
