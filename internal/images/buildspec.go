package images

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecr"
)

// inAccount says why a build cannot be made in the account; nil if it can.
func inAccount(b *app.Build) error {
	switch {
	case len(b.Secrets) > 0:
		return &notInAccountError{"build.secrets are read where berth runs, and are not passed to AWS"}
	case len(b.SSH) > 0:
		return &notInAccountError{"build.ssh uses the agents and keys of the computer that berth runs on"}
	case b.URL != "" && b.URL != b.Context: // which hides passwords
		return &notInAccountError{"the URL of the build context contains a password, which is not passed to AWS"}
	}
	return nil
}

// notInAccountError says that a build needs something of this machine.
type notInAccountError struct{ why string }

func (e *notInAccountError) Error() string { return "CodeBuild cannot build it: " + e.why }

// Remedy is what the user can do.
func (*notInAccountError) Remedy() string {
	return "build on a machine with Docker: --builder local"
}

// buildspec is what CodeBuild runs. JSON is YAML too, and needs no rules of
// quoting but its own.
// https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
func (s *Source) buildspec(b *app.Build, o ecr.Order) (string, error) {
	at := layout{plain: true, context: packedContext, contexts: map[string]string{}}
	prepare := []string{}
	unpack := func(name string) {
		prepare = append(prepare, fmt.Sprintf("mkdir -p %[1]s && tar -xzf %[1]s%[2]s -C %[1]s", quote(name), packedSuffix))
	}
	if b.Dir != "" {
		unpack(packedContext)
	} else {
		at.context = s.location("", b.URL)
	}
	if b.Inline != "" || b.Path != "" {
		at.dockerfile = packedDockerfile
	}
	for _, name := range slices.Sorted(maps.Keys(b.Contexts)) {
		switch c := b.Contexts[name]; {
		case c.Dir != "":
			at.contexts[name] = packedContexts + "/" + name
			unpack(at.contexts[name])
		case c.URL != "":
			at.contexts[name] = s.location("", c.URL)
		}
	}
	host, _, _ := strings.Cut(o.Repository, "/")
	prepare = append(prepare, `aws ecr get-login-password --region "$AWS_REGION" | docker login --username AWS --password-stdin `+quote(host))
	can := engineCan{Buildx: true, Cache: needsContainer(b), Inline: !needsContainer(b)}
	prepare = append(prepare, builder(b)...)
	inv := s.commandLine(b, o, can, at)
	words := []string{"docker"}
	for _, a := range inv.args {
		words = append(words, quote(a))
	}
	text, err := json.MarshalIndent(map[string]any{
		"version": 0.2,
		"phases": map[string]any{
			"pre_build": map[string]any{"commands": prepare},
			"build":     map[string]any{"commands": []string{strings.Join(words, " ")}},
		},
	}, "", " ")
	if err != nil {
		return "", fmt.Errorf("writing what CodeBuild is to do: %w", err)
	}
	return string(text), nil
}

// The images that a build beyond Docker's own builder runs on: AWS's copy of
// binfmt in ECR Public, and BuildKit as its makers publish it: it is handed the
// secrets of builds, so that no copy of others takes its place.
// https://gallery.ecr.aws/eks-distro-build-tooling/binfmt-misc
const (
	binfmtImage   = "public.ecr.aws/eks-distro-build-tooling/binfmt-misc:qemu-v7.0.0"
	buildkitImage = "moby/buildkit:buildx-stable-1"
)

// needsContainer says whether a build needs a BuildKit of its own. Docker contains
// one, which needs no image and builds for its own platform; CodeBuild has machines
// of both platforms.
func needsContainer(b *app.Build) bool {
	return len(b.Platforms) > 1 || len(b.Entitlements) > 0 || len(b.CacheTo) > 0 || b.Provenance != "" || b.SBOM != ""
}

// builder are the commands that make the builder of a build.
func builder(b *app.Build) []string {
	if !needsContainer(b) {
		return nil
	}
	var commands []string
	if len(b.Platforms) > 1 {
		commands = append(commands, pull(binfmtImage), "docker run --privileged --rm "+binfmtImage+" --install arm64,amd64")
	}
	create := "docker buildx create --use --driver docker-container --driver-opt image=" + buildkitImage
	var flags []string
	for _, e := range b.Entitlements {
		flags = append(flags, "--allow-insecure-entitlement "+e)
	}
	if len(flags) > 0 {
		create += " --buildkitd-flags " + quote(strings.Join(flags, " "))
	}
	return append(commands, pull(buildkitImage), create)
}

// pull pulls an image, several times with a longer pause each: a registry that
// refuses now for too many requests takes one later. Docker Hub counts anonymous
// pulls by address, and those of CodeBuild are shared:
// https://docs.docker.com/docker-hub/usage/pulls/
func pull(image string) string {
	return "{ for pause in 5 15 45 0; do docker pull -q " + image + " && break; sleep $pause; test $pause != 0; done; }"
}

// quote makes a word of a shell's command line.
func quote(word string) string {
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
