package datachannel

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"
)

// The types of messages.
const (
	// Input goes from the client to the agent, Output back.
	Input  = "input_stream_data"
	Output = "output_stream_data"
	// acknowledge says that a message has come.
	acknowledge = "acknowledge"
	// closed ends the channel.
	closed = "channel_closed"
)

// Kind says what the payload of an input or output message is.
type Kind uint32

// The kinds of payload that berth knows.
const (
	Data              Kind = 1
	Size              Kind = 3
	HandshakeRequest  Kind = 5
	HandshakeResponse Kind = 6
	HandshakeComplete Kind = 7
	Flag              Kind = 10
	StandardError     Kind = 11
)

// shaking says that a kind is part of the handshake.
func (k Kind) shaking() bool {
	return k == HandshakeRequest || k == HandshakeResponse || k == HandshakeComplete
}

// The values of a flag, which is four bytes long.
const (
	DisconnectToPort   uint32 = 1
	TerminateSession   uint32 = 2
	ConnectToPortError uint32 = 3
)

// Where the fields of a message are. Numbers are big endian.
//
//	| header length 4 | type 32 | schema 4 | created 8 | sequence 8 | flags 8 |
//	| id 16 | SHA-256 of the payload 32 | kind 4 | payload length 4 | payload  |
//
// The header length does not count the payload's length.
const (
	atType     = 4
	atSchema   = atType + 32
	atCreated  = atSchema + 4
	atSequence = atCreated + 8
	atFlags    = atSequence + 8
	atID       = atFlags + 8
	atDigest   = atID + 16
	atKind     = atDigest + sha256.Size
	atLength   = atKind + 4
	atPayload  = atLength + 4
)

const (
	// MaxPayload bounds the payload of a message that comes in. The agent sends at
	// most some KiB.
	MaxPayload = 256 << 10
	// MaxMessage bounds a whole message.
	MaxMessage = atPayload + MaxPayload
	// maxHeader bounds the header of a later version of the protocol.
	maxHeader = 1 << 10
)

// id is a message's UUID.
type id [16]byte

// String is the usual form of the UUID.
func (i id) String() string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", i[0:4], i[4:6], i[6:8], i[8:10], i[10:16])
}

// swapped is the UUID as it stands in a message: the second half first.
func (i id) swapped() (out id) {
	copy(out[:8], i[8:])
	copy(out[8:], i[:8])
	return out
}

// message is a message of the channel.
type message struct {
	Type     string
	Created  time.Time
	Sequence int64
	Flags    uint64
	ID       id
	Kind     Kind
	Payload  []byte
}

// encode returns the bytes of a message.
func (m message) encode() []byte {
	b := make([]byte, atPayload+len(m.Payload))
	binary.BigEndian.PutUint32(b, atLength)
	copy(b[atType:atSchema], m.Type+strings.Repeat(" ", max(0, atSchema-atType-len(m.Type))))
	binary.BigEndian.PutUint32(b[atSchema:], 1)
	binary.BigEndian.PutUint64(b[atCreated:], uint64(m.Created.UnixMilli()))
	binary.BigEndian.PutUint64(b[atSequence:], uint64(m.Sequence))
	binary.BigEndian.PutUint64(b[atFlags:], m.Flags)
	turned := m.ID.swapped()
	copy(b[atID:], turned[:])
	digest := sha256.Sum256(m.Payload)
	copy(b[atDigest:], digest[:])
	binary.BigEndian.PutUint32(b[atKind:], uint32(m.Kind))
	binary.BigEndian.PutUint32(b[atLength:], uint32(len(m.Payload)))
	copy(b[atPayload:], m.Payload)
	return b
}

// errMalformed is in the chain of every error about the form of a message.
var errMalformed = errors.New("a message of the session is malformed")

// decode reads a message. The payload is part of b.
func decode(b []byte) (message, error) {
	var m message
	if len(b) < atPayload {
		return m, fmt.Errorf("%w: it has %d bytes", errMalformed, len(b))
	}
	header := binary.BigEndian.Uint32(b)
	if header < atLength || header > maxHeader || int(header)+4 > len(b) {
		return m, fmt.Errorf("%w: its header has %d bytes", errMalformed, header)
	}
	m = message{
		Type:     strings.Trim(string(b[atType:atSchema]), " \x00"),
		Created:  time.UnixMilli(int64(binary.BigEndian.Uint64(b[atCreated:]))),
		Sequence: int64(binary.BigEndian.Uint64(b[atSequence:])),
		Flags:    binary.BigEndian.Uint64(b[atFlags:]),
		ID:       id(b[atID:atDigest]).swapped(),
		Kind:     Kind(binary.BigEndian.Uint32(b[atKind:])),
		Payload:  b[header+4:],
	}
	length := binary.BigEndian.Uint32(b[header:])
	switch {
	case length > MaxPayload || int(length) != len(m.Payload):
		return m, fmt.Errorf("%w: it has %d bytes of payload and says %d", errMalformed, len(m.Payload), length)
	case m.Sequence < 0:
		return m, fmt.Errorf("%w: its sequence number is %d", errMalformed, m.Sequence)
	case length > 0 && sha256.Sum256(m.Payload) != [sha256.Size]byte(b[atDigest:atKind]):
		return m, fmt.Errorf("%w: its digest is not that of its payload", errMalformed)
	}
	return m, nil
}
