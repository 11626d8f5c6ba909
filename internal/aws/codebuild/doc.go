// Package codebuild has the resource type of AWS CodeBuild's projects, in which
// images are built where berth runs without a container engine.
//
// It may import internal/aws/gate, internal/aws/tagindex, internal/engine and the
// SDK. What a build does stands in internal/images.
package codebuild
