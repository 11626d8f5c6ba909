package moto

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
)

// docker makes this test's binary the docker that berth finds.
func (s *server) docker(t *testing.T) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s.path = t.TempDir()
	if err := os.Symlink(self, filepath.Join(s.path, "docker")); err != nil {
		t.Fatal(err)
	}
}

// isDocker says that the program was started as docker.
func isDocker() bool { return filepath.Base(os.Args[0]) == "docker" }

// docker replaces a container engine without buildx. It builds an image without
// layers, and pushes by adding the image to the registry's list, because moto's
// registry accepts no pushes.
func docker(args []string) error {
	if err := note(args); err != nil {
		return err
	}
	switch args[0] {
	case "version", "login", "build":
		return nil
	case "push":
		return push(args[1])
	}
	return fmt.Errorf("docker %s: not a docker command", args[0])
}

// note writes the arguments to a file beside the program.
func note(args []string) error {
	file, err := os.OpenFile(filepath.Join(filepath.Dir(os.Args[0]), "arguments"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(file, "%q\n", args)
	return errors.Join(err, file.Close())
}

func push(image string) error {
	_, path, _ := strings.Cut(image, "/")
	name, tag, _ := strings.Cut(path, ":")
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	const manifest = `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",` +
		`"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%[1]x","size":1},` +
		`"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:%[1]x","size":1}]}`
	text := fmt.Sprintf(manifest, sha256.Sum256([]byte(image)))
	media := "application/vnd.oci.image.manifest.v1+json"
	_, err = ecr.NewFromConfig(cfg).PutImage(ctx, &ecr.PutImageInput{
		RepositoryName: &name, ImageTag: &tag, ImageManifest: &text, ImageManifestMediaType: &media,
	})
	return err
}
