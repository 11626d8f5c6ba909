package images

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/berthdev/berth/internal/aws/ecr"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

// Sandbox stands in for a container engine where AWS is modelled: it invents an
// image that depends only on the digest of the build's files, and takes as long as
// a build does.
type Sandbox struct {
	API   *sdk.Client
	Clock clock.Clock
	// Took is how long a build takes.
	Took time.Duration
	// Source are the builds. One whose Dockerfile begins FROM sandbox/build-error
	// fails, so that a Compose file can show a failure; nil lets all succeed.
	Source *Source
}

// manifestType is the form of what the sandbox makes up.
const manifestType = "application/vnd.oci.image.manifest.v1+json"

// Build implements ecr.Builder.
func (s Sandbox) Build(ctx context.Context, o ecr.Order) error {
	engine.Progress(ctx, "a modelled build: nothing is compiled in the sandbox")
	if err := s.Clock.Sleep(ctx, s.Took); err != nil {
		return fmt.Errorf("the build was stopped: %w", err)
	}
	if err := s.broken(ctx, o); err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(o.Tag))
	manifest := fmt.Sprintf(`{"schemaVersion":2,"mediaType":%q,"config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:%s","size":2},"layers":[]}`,
		manifestType, hex.EncodeToString(sum[:]))
	_, err := s.API.PutImage(ctx, &sdk.PutImageInput{
		RepositoryName: aws.String(o.Name), ImageTag: aws.String(o.Tag),
		ImageManifest: aws.String(manifest), ImageManifestMediaType: aws.String(manifestType),
	})
	var there *types.ImageAlreadyExistsException
	if errors.As(err, &there) {
		return nil
	}
	return err
}

// broken is the failure that a Dockerfile asks for.
func (s Sandbox) broken(ctx context.Context, o ecr.Order) error {
	if s.Source == nil {
		return nil
	}
	b, err := s.Source.build(o.Build)
	if err != nil {
		return err
	}
	text, err := dockerfileOf(b)
	if err != nil {
		return err
	}
	if !bytes.Contains(text, []byte("FROM sandbox/build-error")) {
		return nil
	}
	out := newOutput(ctx, nil)
	out.line("#5 [1/2] FROM sandbox/build-error")
	out.line("#6 [2/2] RUN make")
	out.line("#6 0.2 make: *** No rule to make target 'all'.  Stop.")
	out.line(`ERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2`)
	return out.failed("docker buildx build", shownFile(b), errors.New("exit status 1"))
}

// Typical implements ecr.Builder.
func (s Sandbox) Typical() time.Duration { return s.Took }

var _ ecr.Builder = Sandbox{}
