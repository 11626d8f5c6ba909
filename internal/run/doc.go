// Package run is one run of berth against one stack: it observes the locks,
// reads what AWS has, plans, takes the locks, applies the plan and writes the
// release down. Commands and, later, the operator call it.
//
// It may import everything from internal/app to internal/hosts, internal/state
// and internal/status; it prints nothing. What is new in a run's course is a step in
// prepare.go or execute.go.
package run
