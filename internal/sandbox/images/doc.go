// Package images is where the sandbox's images come from: ECR, and CodeBuild, which
// builds and pushes them.
//
// Images are pushed through PutImage alone: there are no layers. A build reads its
// source from S3 and pushes a manifest; a Dockerfile with the word
// sandbox/build-error fails.
//
// It imports package world only.
package images
