// Package ecr has the resource types of Amazon ECR: the repository of a stack
// and the images in it. An image that is not there yet is made by a Builder.
//
// It may import internal/aws/gate, internal/aws/tagindex, internal/engine and the
// SDK. How images are built stands in internal/images; a further resource of
// ECR gets a file here.
package ecr
