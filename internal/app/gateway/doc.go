// Package gateway replaces the models of a project by services: gateways to the
// models of Amazon Bedrock.
//
// It may import internal/project.
package gateway
