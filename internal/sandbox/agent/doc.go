// Package agent is the sandbox's end of Systems Manager's sessions: the service that
// clients connect to, and the agent beside a container, which runs a command there or
// connects to a port. What it speaks is that of AWS; test/plugin runs AWS's own
// session-manager-plugin against it.
//
// A session's faults can be asked for: messages that get lost, repeated and reordered,
// connections that break, and a key of KMS. Commands are run by a function, which
// package shell offers a modelled one for: never by a shell of this computer.
//
// It imports clock, concurrent and datachannel, and nothing of the sandbox.
package agent
