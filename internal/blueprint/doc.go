// Package blueprint turns what the user means (app.App) into the graph of
// desired AWS resources. It is a pure function: it makes no call, reads no file
// and no clock, so that a plan is a matter of its input alone.
//
// It may import app, project (for the places in notices), engine and the
// structs of internal/aws/SERVICE; never the AWS SDK. A new kind of resource
// gets a file of its own, a call in Build, and a case in testdata.
package blueprint
