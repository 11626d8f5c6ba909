// Package session is a client of AWS Systems Manager's sessions, which ECS Exec and
// port forwarding use: it opens the data channel of a session that AWS has granted,
// answers the agent's handshake, keeps the connection alive, and connects again when it
// breaks. AWS's session-manager-plugin is not needed.
//
// It makes no call of AWS: whoever opens a session has the grant from ExecuteCommand or
// StartSession, and says how to resume it. It imports clock,
// concurrent and datachannel.
package session
