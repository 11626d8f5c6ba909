package why

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	resource "github.com/berthdev/berth/internal/aws/ecs"
)

// The texts about images are those of
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html
const cannotPull = "CannotPullContainerError"

// pulled is the image that could not be pulled; ok is false if another thing failed.
func (f *Facts) pulled() (image string, ok bool) {
	if !strings.Contains(f.reason(), cannotPull) {
		return "", false
	}
	return aws.ToString(f.container().Image), true
}

// shortImage is an image of ECR without its registry.
func shortImage(image string) string {
	if _, _, is := ownImage(image); is {
		return resource.LastPart(image)
	}
	return image
}

func repositoryGone(f *Facts) (cause, bool) {
	image, ok := f.pulled()
	name, _, _ := ownImage(image)
	return cause{
		text: "the repository " + name + " of the image does not exist in the registry",
		next: "`berth up` builds and pushes an image that the file builds; push any other one again",
	}, ok && f.Missing[image] == NoRepository
}

func imageGone(f *Facts) (cause, bool) {
	image, ok := f.pulled()
	return cause{
		text: "the image " + shortImage(image) + " is not in the registry any more",
		next: "`berth up` builds and pushes an image that the file builds; push any other one again",
	}, ok && f.Missing[image] == Gone
}

func imagePlatform(f *Facts) (cause, bool) {
	_, platform, ok := strings.Cut(f.reason(), "does not contain descriptor matching platform '")
	platform, _, _ = strings.Cut(platform, "'")
	image, _ := f.pulled()
	return cause{
		text: "the image " + shortImage(image) + " is not built for " + platform,
		next: "build it for that platform, or set `platform:` in the file; then `berth up`",
	}, ok
}

// imageRate: https://docs.docker.com/docker-hub/usage/pulls/
func imageRate(f *Facts) (cause, bool) {
	image, ok := f.pulled()
	return cause{
		text: "Docker Hub refuses more anonymous pulls, of " + image,
		next: "set x-berth.pull_credentials, or use a pull-through cache of ECR; then `berth up`",
	}, ok && strings.Contains(f.reason(), "toomanyrequests")
}

// timedOut says whether the task could not connect to AWS or to a registry.
func (f *Facts) timedOut() bool {
	text := f.reason()
	for _, part := range []string{"i/o timeout", "request canceled", "context deadline exceeded", "connection issue"} {
		if strings.Contains(text, part) {
			return strings.Contains(text, cannotPull) || strings.Contains(text, "ResourceInitializationError")
		}
	}
	return false
}

// offline: a task without a route reaches neither a registry nor AWS.
func offline(f *Facts) (cause, bool) {
	why := f.offline()
	return cause{text: why, next: "`berth plan` shows what was changed, `berth up` mends it"}, why != "" && f.timedOut()
}

// outClosed: the tasks pull images and read secrets over HTTPS.
func outClosed(f *Facts) (cause, bool) {
	return cause{
		text: "the security group of " + f.Name + " lets nothing out on port 443",
		next: "`berth plan --deep` shows what was changed, `berth up` mends it",
	}, f.timedOut() && f.Rules != nil && !letsOut(f.Rules, 443)
}

func registryTimeout(f *Facts) (cause, bool) {
	image, ok := f.pulled()
	text := "the tasks do not reach the registry of " + shortImage(image)
	if !ok {
		text = "the tasks do not reach AWS"
	}
	return cause{
		text: text, next: "check the egress rules of the security groups and the network ACLs; `berth plan --deep` shows what was changed",
	}, f.timedOut()
}

func imageUnknown(f *Facts) (cause, bool) {
	image, ok := f.pulled()
	return cause{
		text: "the image " + shortImage(image) + " cannot be pulled: it does not exist, or needs credentials",
		next: "check the name and the tag; x-berth.pull_credentials is for private images; then `berth up`",
	}, ok
}
