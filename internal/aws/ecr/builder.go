package ecr

import (
	"context"
	"time"
)

// Builder makes images and pushes them into a repository.
type Builder interface {
	// Build makes the image of an order and pushes it. It reports its progress
	// with engine.Progress and gives up when engine.Stopping is closed. The
	// error says why it failed, and holds no secret.
	Build(ctx context.Context, o Order) error
	// Typical is how long a build usually takes.
	Typical() time.Duration
}

// Order asks for one image.
type Order struct {
	// Build is the key of the build (app.Build.Key).
	Build string
	// Repository is the repository's URI without a tag, Name its name.
	Repository, Name string
	// Tag is the image's tag; it identifies the files that the image is made
	// from.
	Tag string
	// Cache is the tag of the build's cache.
	Cache string
	// Images are references to other images of the stack that the build uses, by
	// the name of the additional context.
	Images map[string]string
	// Project is the CodeBuild project for the build; empty to build elsewhere.
	Project string
}
