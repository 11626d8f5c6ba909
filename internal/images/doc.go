// Package images builds container images: it reads what a build is made of into
// a digest, and has the builders that make the image: Docker, AWS CodeBuild, and
// one for the sandbox that makes an image up.
//
// It may import internal/app, internal/aws/ecr (whose Builder it implements),
// internal/aws/gate, internal/engine and internal/clock. A further builder gets a
// file of its own and a word in choose.go; a further option of a build is read
// in internal/app, belongs into the digest in content.go if the image depends on
// it, and becomes an argument in arguments.go and a key of bake's target in
// bake.go.
package images
