// Package ssm is AWS Systems Manager Parameter Store, where secrets are: those
// that users set, one path per environment (Store), the values that berth
// assembles from them when it deploys (Parameter), and the passwords of managed
// databases (Password). It may import
// internal/aws/gate, internal/aws/tagindex and internal/engine. No function of it
// returns or prints a value; put what must read one into value.go.
package ssm
