package images

import (
	"encoding/base64"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// ECR is the container registry of the account. Images are pushed with PutImage
// only: the sandbox has no layers.
type ECR struct {
	account *world.Account
	s       ecrState
}

// ecrState holds repositories by name.
type ecrState struct {
	Repositories world.Table[repository]
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

// NewECR makes the registry of an account, without repositories.
func NewECR(account *world.Account) *ECR { return &ECR{account: account} }

// ID implements world.Service.
func (p *ECR) ID() string { return ecr.ServiceID }

// State implements world.Service.
func (p *ECR) State() any { return &p.s }

// Routes implements world.Service.
func (p *ECR) Routes(r *world.Router) {
	world.On(r, p.createRepository)
	world.On(r, p.describeRepositories)
	world.On(r, p.deleteRepository)
	world.On(r, p.putImageScanningConfiguration)
	world.On(r, p.putImageTagMutability)
	world.On(r, p.putLifecyclePolicy)
	world.On(r, p.getLifecyclePolicy)
	world.On(r, p.putImage)
	world.On(r, p.batchGetImage)
	world.On(r, p.describeImages)
	world.On(r, p.listImages)
	world.On(r, p.batchDeleteImage)
	world.On(r, p.getAuthorizationToken)
	world.On(r, p.tagRepository)
	world.On(r, p.untagRepository)
	world.On(r, p.listTagsOfRepository)
	world.On(r, p.describePullThrough)
}

// Registry is the host of the account's registry.
func (p *ECR) Registry() string {
	return p.account.Number() + ".dkr.ecr." + p.account.Region() + ".amazonaws.com"
}

// getAuthorizationToken returns a password that no registry accepts.
func (p *ECR) getAuthorizationToken(rq *world.Request, _ *ecr.GetAuthorizationTokenInput) (*ecr.GetAuthorizationTokenOutput, error) {
	const life = 12 * time.Hour
	return &ecr.GetAuthorizationTokenOutput{AuthorizationData: []types.AuthorizationData{{
		AuthorizationToken: aws.String(base64.StdEncoding.EncodeToString([]byte("AWS:sandbox-password"))),
		ExpiresAt:          aws.Time(rq.Now.Add(life)), ProxyEndpoint: aws.String("https://" + p.Registry()),
	}}}, nil
}

// Locate names the repository. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
func (p *ECR) Locate(_ string, in any) string {
	if arn := world.FieldText(in, "ResourceArn"); arn != "" {
		return arn
	}
	if name := world.FieldText(in, "RepositoryName"); name != "" {
		return p.account.ARN("ecr", "repository/"+name)
	}
	return ""
}

// Index implements world.Indexed.
func (p *ECR) Index(f world.IndexFunc) {
	world.IndexRows(&p.s.Repositories, f, func(r *repository) (string, map[string]string) { return r.ARN, r.Tags })
}

// Dump implements world.Service.
func (p *ECR) Dump(d *world.Dumper) {
	for _, r := range p.s.Repositories.All() {
		var images []string
		for _, digest := range slices.Sorted(maps.Keys(r.Images)) {
			images = append(images, digest)
			images = append(images, r.Images[digest].Tags...)
		}
		d.Add("ecr.repository", r.ARN, r.Name, map[string]any{
			"scan": r.Scan, "mutability": r.Mutability, "exclusions": r.Exclusions, "lifecycle": r.Lifecycle,
			"tags": r.Tags, "images": images,
		})
	}
}

var (
	_ world.Locator = (*ECR)(nil)
	_ world.Indexed = (*ECR)(nil)
)
