package ecr

import (
	"context"
	"time"
)

// Builder makes images and pushes them into a repository.
type Builder interface {
	// Build makes the image that an order asks for and pushes it. It tells what
	// it is at by engine.Progress and gives up when engine.Stopping says so. The
	// error says why, and holds no secret.
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
	// Tag is what the image is to be called; it says what the image is made of.
	Tag string
	// Cache is the tag of the build's cache.
	Cache string
	// Images are references to other images of the stack that the build uses, by
	// the name of the additional context.
	Images map[string]string
	// Project is the CodeBuild project that builds, empty to build elsewhere.
	Project string
}
