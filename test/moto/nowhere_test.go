package moto

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// words are a text that berth wrote or sent, and where.
type words struct{ where, what string }

// hear records one of berth's requests.
func (s *server) hear(op string, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	s.said = append(s.said, words{"a request: " + op, r.URL.String() + "\n" + string(body)})
	if plain, err := url.QueryUnescape(string(body)); err == nil {
		s.said = append(s.said, words{"a request: " + op, plain})
	}
}

// mayCarry are the operations that send a value to AWS for storage.
var mayCarry = []string{
	"a request: ssm.PutParameter", "a request: rds.CreateDBInstance", "a request: rds.ModifyDBInstance",
}

// nowhere checks that values are in nothing that berth wrote: its output, its
// requests to AWS (including state, releases, task definitions, build projects,
// tags and policies), the arguments of the programs that it started, and the
// project's files except for the named ones.
func (s *server) nowhere(t *testing.T, dir string, values map[string]string, but ...string) {
	t.Helper()
	said := slices.Clone(s.said)
	said = append(said, s.objects(t)...)
	for _, root := range []string{dir, s.path} {
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || slices.Contains(but, filepath.Base(path)) {
				return err
			}
			data, err := os.ReadFile(path)
			said = append(said, words{"the file " + path, string(data)})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	carried := map[string]bool{}
	for _, one := range said {
		for name, value := range values {
			if len(value) < 8 {
				t.Fatalf("the value of %s is too short to be looked for: %q", name, value)
			}
			if !strings.Contains(one.what, value) {
				continue
			}
			if !slices.Contains(mayCarry, one.where) {
				t.Errorf("the value of %s is in %s:\n%s", name, one.where, one.what)
			}
			carried[name] = true
		}
	}
	t.Logf("%d texts were searched for %d values", len(said), len(values))
	// Check that the search itself works.
	for _, name := range []string{"TOKEN", password} {
		if !carried[name] {
			t.Errorf("AWS was not given the value of %s to keep", name)
		}
	}
}

// objects returns the objects in moto's buckets.
func (s *server) objects(t *testing.T) []words {
	t.Helper()
	api := s.clients().S3
	buckets, err := api.ListBuckets(t.Context(), &s3.ListBucketsInput{})
	if err != nil {
		t.Fatal(err)
	}
	var out []words
	for _, b := range buckets.Buckets {
		list, err := api.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: b.Name})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range list.Contents {
			got, err := api.GetObject(t.Context(), &s3.GetObjectInput{Bucket: b.Name, Key: o.Key})
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(got.Body)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, words{"the object " + sdk.ToString(o.Key), string(data)})
		}
	}
	return out
}
