// Package images has the sandbox's image services: ECR, and CodeBuild, which builds
// and pushes images.
//
// Images are pushed with PutImage only: there are no layers. A build reads its
// source from S3 and pushes a manifest; a Dockerfile with the word
// sandbox/build-error fails.
//
// It only imports package world.
package images
