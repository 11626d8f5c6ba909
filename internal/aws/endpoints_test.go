package aws_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/aws/gate"
)

// TestEndpointsInAWSsPlace: berth reports an endpoint from every place where
// the configuration may name it.
func TestEndpointsInAWSsPlace(t *testing.T) {
	for _, tt := range []struct {
		name, profile string
		env           map[string]string
		want          []string
	}{
		{name: "AWS itself"},
		{name: "all", env: map[string]string{"AWS_ENDPOINT_URL": "http://localhost:1"}, want: []string{"http://localhost:1"}},
		{
			name: "some", env: map[string]string{"AWS_ENDPOINT_URL_S3": "http://localhost:2", "AWS_ENDPOINT_URL_EC2": "http://localhost:2"},
			want: []string{"http://localhost:2 (EC2, S3)"},
		},
		{name: "a profile's", profile: "endpoint_url = http://localhost:3\n", want: []string{"http://localhost:3"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "config")
			if err := os.WriteFile(file, []byte("[default]\nregion = eu-central-1\n"+tt.profile), 0o600); err != nil {
				t.Fatal(err)
			}
			t.Setenv("AWS_CONFIG_FILE", file)
			t.Setenv("AWS_ENDPOINT_URL", "")
			for k, v := range tt.env {
				t.Setenv(k, v)
			}
			cfg, err := aws.LoadConfig(t.Context(), "", "", gate.New(gate.Options{}))
			if err != nil {
				t.Fatal(err)
			}
			if got := aws.NewClients(cfg).Endpoints(); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
