// Package why finds out why a service, a job or a task does not run, or did not. It
// reads AWS's answers and changes nothing.
//
// Gather reads the facts: the service with its events and deployments, the tasks that
// run and those that ended within the last hour, and what they need around them. Then
// rules ask the facts, in a fixed order, and the first that recognises a cause gives
// the answer. A rule is a pure function of the facts.
//
// It may import internal/aws, internal/concurrent and internal/status. A new cause is
// a rule in the file of its family (start_*.go, exit.go, health.go, service.go) with a
// line in rules.go, and a fault in faults_test.go that the sandbox can make.
package why
