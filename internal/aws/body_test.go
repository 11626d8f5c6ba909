package aws

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// kept keeps the bodies of requests, and answers none.
type kept struct {
	read   string
	length int64
	body   io.ReadCloser
}

var errKept = errors.New("kept")

func (k *kept) Do(r *http.Request) (*http.Response, error) {
	k.length, k.body = r.ContentLength, r.Body
	if r.Body != nil {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		k.read = string(text)
	}
	return nil, errKept
}

// TestABodyThatTheSDKHasClosedHasJustEnded: net/http looks for the end of a body by copying
// it once more, perhaps after the SDK has closed it. An error there costs the connection and
// with it the answer.
func TestABodyThatTheSDKHasClosedHasJustEnded(t *testing.T) {
	t.Parallel()
	for protocol, call := range map[string]func(c *Clients) error{
		"ec2": func(c *Clients) error {
			_, err := c.EC2.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{})
			return err
		},
		"query": func(c *Clients) error {
			_, err := c.IAM.ListRoles(t.Context(), &iam.ListRolesInput{})
			return err
		},
		"JSON": func(c *Clients) error {
			_, err := c.ECS.ListClusters(t.Context(), &ecs.ListClustersInput{})
			return err
		},
		"REST with JSON": func(c *Clients) error {
			_, err := c.EFS.CreateFileSystem(t.Context(), &efs.CreateFileSystemInput{CreationToken: aws.String("a")})
			return err
		},
		"REST with XML": func(c *Clients) error {
			_, err := c.Route53.CreateHostedZone(t.Context(), &route53.CreateHostedZoneInput{Name: aws.String("a.example"), CallerReference: aws.String("a")})
			return err
		},
		"S3": func(c *Clients) error {
			_, err := c.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("shop"), Key: aws.String("a"), Body: strings.NewReader("text")})
			return err
		},
	} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			k := &kept{}
			err := call(NewClients(aws.Config{
				Region: "eu-central-1", HTTPClient: k, Credentials: credentials.NewStaticCredentialsProvider("x", "x", ""),
				Retryer: func() aws.Retryer { return aws.NopRetryer{} },
			}))
			if !errors.Is(err, errKept) {
				t.Fatal(err)
			}
			if k.read == "" || int64(len(k.read)) != k.length {
				t.Errorf("%d bytes announced, sent %q", k.length, k.read)
			}
			if _, err := io.Copy(io.Discard, k.body); err != nil {
				t.Errorf("after the SDK has closed it: %v", err)
			}
		})
	}
}
