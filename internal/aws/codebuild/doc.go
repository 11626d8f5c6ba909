// Package codebuild has the resource type of AWS CodeBuild's projects, which
// build images when berth runs without a container engine.
//
// It may import internal/aws/gate, internal/aws/tagindex, internal/engine and the
// SDK. internal/images defines what a build does.
package codebuild
