// Package datachannel is the protocol of a data channel of AWS Systems Manager, as
// its agent and AWS's session-manager-plugin speak it: the form of messages, and a
// stream of them in order over a connection that may lose, repeat and reorder them,
// or break and be replaced by another one.
//
// Both ends are here, because they differ only in the type of the messages that they
// send: package session is the client, and the sandbox has the agent's end. The facts
// are from the source of the plugin and of the agent:
//
//	https://github.com/aws/session-manager-plugin/tree/mainline/src/message
//	https://github.com/aws/session-manager-plugin/tree/mainline/src/datachannel
//	https://github.com/aws/amazon-ssm-agent/tree/mainline/agent/session/datachannel
//
// It imports only clock and concurrent. Every size that the other end names is bounded.
package datachannel
