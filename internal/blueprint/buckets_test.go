package blueprint

import (
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/existing"
	"github.com/berthdev/berth/internal/aws/iam"
)

// TestWhatIsKnownOfBuckets: both roles may use the key of a bucket, and the role of
// the tasks may read the bucket of an existing file system.
func TestWhatIsKnownOfBuckets(t *testing.T) {
	t.Parallel()
	const (
		key    = "arn:aws:kms:eu-central-1:123456789012:key/1"
		system = "arn:aws:s3files:eu-central-1:123456789012:file-system/fs-0123456789abcdef0"
	)
	a := shop()
	a.Volumes = []app.Volume{
		{Name: "media", Bucket: "media", Prefix: "in/", Root: true},
		{Name: "old", FileSystem: system},
	}
	for i, s := range a.Services {
		if s.Name == "api" {
			a.Services[i].Mounts = []app.Mount{{Volume: "media", Path: "/media"}, {Volume: "old", Path: "/old", ReadOnly: true}}
		}
	}
	g := buildWith(t, a, existing.Facts{
		Buckets:     map[string]existing.Bucket{"media": {Key: key}},
		FileSystems: map[string]existing.FileSystem{system: {Bucket: "archive", Prefix: "2020/"}},
	})
	if sync := find[iam.Role](t, g, "iam.role/bucket/media/in").Inline["bucket"]; !strings.Contains(sync, key) ||
		!strings.Contains(sync, `"Resource":["arn:aws:s3:::media/in/*"]`) || strings.Contains(sync, `"Resource":["arn:aws:s3:::media/*"]`) {
		t.Errorf("the role of the file system may do %s", sync)
	}
	may := map[string]string{}
	for _, s := range find[iam.Role](t, g, "iam.role/api").Statements {
		for _, r := range s.Resources {
			may[r.String()] += strings.Join(s.Actions, " ") + " "
		}
	}
	for resource, want := range map[string]string{
		"arn:aws:s3:::media/in/*":            "s3:GetObject s3:GetObjectVersion ",
		"arn:aws:s3:::archive/2020/*":        "s3:GetObject s3:GetObjectVersion ",
		"arn:aws:s3:::archive":               "s3:ListBucket ",
		key:                                  "kms:Decrypt ",
		system:                               "s3files:ClientMount ",
		"(s3files.file-system/media/in.arn)": "s3files:ClientMount s3files:ClientWrite s3files:ClientRootAccess ",
	} {
		if may[resource] != want {
			t.Errorf("on %s the tasks may %q, want %q", resource, may[resource], want)
		}
	}
}
