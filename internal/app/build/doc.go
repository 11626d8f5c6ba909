// Package build says how an image is built: what docker buildx or CodeBuild needs to
// know, and the key by which two services share an image.
//
// It may import internal/project, for the place of a build in the files. Package app
// reads a build from a Compose file (builds.go) and gives these types its own names.
package build
