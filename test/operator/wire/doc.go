// Package wire puts the sandbox's ECS and STS on the wire, so that the compiled
// operator meets its faults, limits and lag as it would meet AWS's: over HTTP,
// in AWS's protocols. It counts the requests and can kill the process that
// sends one of them.
//
// It imports the sandbox and AWS's SDK. Another service of the JSON protocol is
// a line in front.go; STS, which speaks XML, is in sts.go.
package wire
