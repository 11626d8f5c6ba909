// Package outline divides a plan into the parts that people think of: services,
// jobs, databases, volumes, and what they share. It adds what a plan does not know:
// sizes, images, where clients reach a service, and which key of which file stands
// for an attribute. Package plantext renders the result.
//
// It may import app, project (for places in the files), blueprint, plantext, engine
// and the structs of internal/aws/SERVICE. It makes no calls. A new attribute that
// stands for a key of the files gets a row in keys.go.
package outline
