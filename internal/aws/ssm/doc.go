// Package ssm keeps secrets in AWS Systems Manager Parameter Store: those that
// users set, with one path per environment (Store), the values that berth
// assembles from them when it deploys (Parameter), and the passwords of managed
// databases (Password). It may import internal/aws/gate, internal/aws/tagindex
// and internal/engine. None of its functions returns or prints a value; code that
// must read one belongs in value.go.
package ssm
