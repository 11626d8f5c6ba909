package deploy_test

import (
	"testing"
	"testing/synctest"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// TestPullThrough deploys an image of a repository that the first pull makes.
func TestPullThrough(t *testing.T) {
	t.Parallel()
	a := bed.App(t, `name: shop
services:
  web:
    image: 123456789012.dkr.ecr.eu-central-1.amazonaws.com/docker-hub/library/nginx:1.29
    ports: ["8080:80"]
    healthcheck: {test: ["CMD", "true"], interval: 5s}
`)
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Seed: 1, Account: "123456789012"})
		b.World.AddPullThrough("docker-hub")
		if _, err := b.Up(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	})
}
