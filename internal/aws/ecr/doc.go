// Package ecr has the resource types of Amazon ECR: the repository of a stack
// and the images in it. A Builder makes images that do not exist yet.
//
// It may import internal/aws/gate, internal/aws/tagindex, internal/engine and the
// SDK. internal/images says how images are built; to add a resource of ECR, add a
// file here.
package ecr
