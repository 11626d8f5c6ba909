package sandbox

import (
	"encoding/base64"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
)

// ecrPart is the container registry of the account. Images are pushed through
// PutImage alone: the sandbox has no layers.
type ecrPart struct {
	account *Account
	s       ecrState
}

// ecrState holds repositories by name.
type ecrState struct {
	Repositories table[repository]
	// PullThrough are the prefixes of the rules of the pull-through cache.
	PullThrough []string
}

// repository is a repository with its images.
type repository struct {
	Name, ARN   string
	Created     time.Time
	Scan        bool
	Mutability  types.ImageTagMutability
	Exclusions  []types.ImageTagMutabilityExclusionFilter
	Encryption  *types.EncryptionConfiguration
	Lifecycle   *string
	LifecycleAt time.Time
	Tags        map[string]string
	Images      map[string]*ecrImage
}

// ecrImage is an image by its digest.
type ecrImage struct {
	Digest, Manifest, MediaType string
	Pushed                      time.Time
	Tags                        []string
}

func newECR(account *Account) *ecrPart { return &ecrPart{account: account} }

// ID implements Service.
func (p *ecrPart) ID() string { return ecr.ServiceID }

func (p *ecrPart) State() any { return &p.s }

func (p *ecrPart) Routes(r *router) {
	on(r, p.createRepository)
	on(r, p.describeRepositories)
	on(r, p.deleteRepository)
	on(r, p.putImageScanningConfiguration)
	on(r, p.putImageTagMutability)
	on(r, p.putLifecyclePolicy)
	on(r, p.getLifecyclePolicy)
	on(r, p.putImage)
	on(r, p.batchGetImage)
	on(r, p.describeImages)
	on(r, p.listImages)
	on(r, p.batchDeleteImage)
	on(r, p.getAuthorizationToken)
	on(r, p.tagRepository)
	on(r, p.untagRepository)
	on(r, p.listTagsOfRepository)
	on(r, p.describePullThrough)
}

// Registry is the host of the account's registry.
func (p *ecrPart) Registry() string {
	return p.account.number() + ".dkr.ecr." + p.account.region() + ".amazonaws.com"
}

// getAuthorizationToken gives a password that nobody takes.
func (p *ecrPart) getAuthorizationToken(rq *request, _ *ecr.GetAuthorizationTokenInput) (*ecr.GetAuthorizationTokenOutput, error) {
	const life = 12 * time.Hour
	return &ecr.GetAuthorizationTokenOutput{AuthorizationData: []types.AuthorizationData{{
		AuthorizationToken: aws.String(base64.StdEncoding.EncodeToString([]byte("AWS:sandbox-password"))),
		ExpiresAt:          aws.Time(rq.now.Add(life)), ProxyEndpoint: aws.String("https://" + p.Registry()),
	}}}, nil
}

// locate names the repository. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
func (p *ecrPart) locate(_ string, in any) string {
	if arn := fieldText(in, "ResourceArn"); arn != "" {
		return arn
	}
	if name := fieldText(in, "RepositoryName"); name != "" {
		return p.account.arn("ecr", "repository/"+name)
	}
	return ""
}

// index implements indexed.
func (p *ecrPart) index(f indexFunc) {
	indexRows(&p.s.Repositories, f, func(r *repository) (string, map[string]string) { return r.ARN, r.Tags })
}

func (p *ecrPart) Dump(d *dumper) {
	for _, r := range p.s.Repositories.all() {
		var images []string
		for _, digest := range slices.Sorted(maps.Keys(r.Images)) {
			images = append(images, digest)
			images = append(images, r.Images[digest].Tags...)
		}
		d.add("ecr.repository", r.ARN, r.Name, map[string]any{
			"scan": r.Scan, "mutability": r.Mutability, "exclusions": r.Exclusions, "lifecycle": r.Lifecycle,
			"tags": r.Tags, "images": images,
		})
	}
}

var (
	_ locator = (*ecrPart)(nil)
	_ indexed = (*ecrPart)(nil)
)
