package datachannel

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
)

// acknowledged is the payload of an acknowledgement.
type acknowledged struct {
	Type         string `json:"AcknowledgedMessageType"`
	ID           string `json:"AcknowledgedMessageId"`
	Sequence     int64  `json:"AcknowledgedMessageSequenceNumber"`
	IsSequential bool   `json:"IsSequentialMessage"`
}

// closing is the payload of a message that closes the channel.
type closing struct {
	MessageID     string `json:"MessageId"`
	CreatedDate   string
	DestinationID string `json:"DestinationId"`
	SessionID     string `json:"SessionId"`
	MessageType   string
	SchemaVersion int
	Output        string
}

// The session types of a handshake.
const (
	ShellSession   = "Standard_Stream"
	CommandSession = "InteractiveCommands"
	PlainCommands  = "NonInteractiveCommands"
	PortSession    = "Port"
)

// The actions that an agent may ask the client for.
const (
	SessionType   = "SessionType"
	KMSEncryption = "KMSEncryption"
)

// The outcomes of an action.
const (
	Success     = 1
	Failed      = 2
	Unsupported = 3
)

// Request is what the agent begins the handshake with.
type Request struct {
	AgentVersion           string
	RequestedClientActions []Action
}

// Action is one action of a handshake.
type Action struct {
	ActionType       string
	ActionParameters json.RawMessage
}

// TypeParameters are those of the action SessionType.
type TypeParameters struct {
	SessionType string
	Properties  json.RawMessage
}

// KeyParameters are those of the action KMSEncryption.
type KeyParameters struct {
	KMSKeyID string `json:"KMSKeyId"`
}

// Response is the client's answer.
type Response struct {
	ClientVersion          string
	ProcessedClientActions []Processed
	Errors                 []string
}

// Processed is the outcome of one action.
type Processed struct {
	ActionType   string
	ActionStatus int
	ActionResult any
	Error        string
}

// Complete ends the handshake: data may follow.
type Complete struct {
	HandshakeTimeToComplete int64
	CustomerMessage         string
}

// TerminalSize is the payload of a message of the kind Size.
type TerminalSize struct {
	Columns uint32 `json:"cols"`
	Rows    uint32 `json:"rows"`
}

// PortProperties are those of a session of the type Port.
type PortProperties struct {
	Host            string `json:"host,omitempty"`
	PortNumber      string `json:"portNumber"`
	LocalPortNumber string `json:"localPortNumber,omitempty"`
	Type            string `json:"type"`
}

// LocalPortForwarding is the type of a port session that forwards a local port.
const LocalPortForwarding = "LocalPortForwarding"

// Opening is what the client sends first on a new connection, as text.
type Opening struct {
	MessageSchemaVersion string
	RequestID            string `json:"RequestId"`
	TokenValue           string
	ClientID             string `json:"ClientId"`
	ClientVersion        string
}

// FlagOf reads the payload of a flag.
func FlagOf(payload []byte) (uint32, error) {
	if len(payload) != 4 {
		return 0, fmt.Errorf("%w: a flag has %d bytes", errMalformed, len(payload))
	}
	return binary.BigEndian.Uint32(payload), nil
}

// FlagPayload is the payload of a flag.
func FlagPayload(flag uint32) []byte { return binary.BigEndian.AppendUint32(nil, flag) }
