package blueprint

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/existing"
	"github.com/berthdev/berth/internal/engine"
)

// TestPartitions builds a stack for China: no ARN is in another partition, and
// no host of a service has the domain of another one.
func TestPartitions(t *testing.T) {
	t.Parallel()
	a := shop()
	a.Volumes = []app.Volume{{Name: "media", Bucket: "media", Prefix: "in/", Root: true}}
	for i, s := range a.Services {
		a.Services[i].Policies.Managed = []string{"AmazonS3ReadOnlyAccess"}
		if s.Name == "api" {
			a.Services[i].Mounts = []app.Mount{{Volume: "media", Path: "/media"}}
			a.Services[i].Image = "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/api:1"
		}
	}
	f := facts()
	f.Region, f.Partition, f.Zones = "cn-north-1", "aws-cn", []string{"cn-north-1a", "cn-north-1b"}
	f.Existing = existing.Facts{Buckets: map[string]existing.Bucket{"media": {Key: "arn:aws-cn:kms:cn-north-1:111122223333:key/1"}}}
	g, err := Build(a, f)
	if err != nil {
		t.Fatal(err)
	}
	inChina(t, g)
	text := Text(g)
	for _, want := range []string{"arn:aws-cn:", "s3.cn-north-1.amazonaws.com.cn", "arn:aws-cn:ecr:cn-north-1:111122223333:repository/api"} {
		if !strings.Contains(text, want) {
			t.Errorf("nothing has %s", want)
		}
	}
}

// TestPartitionsOfOtherKeys does the same for keys of other tools.
func TestPartitionsOfOtherKeys(t *testing.T) {
	t.Parallel()
	const file = "name: shop\nservices: {web: {image: \"nginx:1\", expose: ['80'], x-defang-llm: true}}\n"
	g := graphOf(t, file, "dev", func(f *Facts) {
		f.Region, f.Partition, f.Zones = "cn-north-1", "aws-cn", []string{"cn-north-1a", "cn-north-1b"}
	})
	inChina(t, g)
	if !strings.Contains(Text(g), "arn:aws-cn:bedrock:*::foundation-model/*") {
		t.Error("the models of Bedrock are not of this partition")
	}
}

// inChina checks that a graph has no ARN and no host of another partition.
func inChina(t *testing.T, g *engine.Graph) {
	t.Helper()
	host := regexp.MustCompile(`[a-z0-9]\.cn-north-1\.amazonaws\.com([^.]|$)`)
	arn := regexp.MustCompile(`arn:[a-z-]+:`)
	for line := range strings.Lines(Text(g)) {
		other := slices.ContainsFunc(arn.FindAllString(line, -1), func(s string) bool { return s != "arn:aws-cn:" })
		if other || host.MatchString(line) {
			t.Errorf("not of this partition: %s", line)
		}
	}
}
