package datachannel

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
	"time"
)

func example() message {
	return message{
		Type: Output, Created: time.UnixMilli(1_700_000_000_000), Sequence: 5, Flags: 1,
		ID: id{0xdd, 0x01, 0xe5, 0x6b, 0xff, 0x48, 0x48, 0x3e, 0xa5, 0x08, 0xb5, 0xf0, 0x73, 0xf3, 0x1b, 0x16}, Kind: Data, Payload: []byte("payload"),
	}
}

// TestAMessageReadsAsItWasWritten, and its fields are where AWS's plugin has them.
func TestAMessageReadsAsItWasWritten(t *testing.T) {
	t.Parallel()
	raw := example().encode()
	got, err := decode(raw)
	if err != nil || got.ID.String() != "dd01e56b-ff48-483e-a508-b5f073f31b16" || got.Type != Output || got.Sequence != 5 || string(got.Payload) != "payload" {
		t.Fatalf("%+v, %v", got, err)
	}
	for at, want := range map[int]string{
		0: "00000074", 4: hex.EncodeToString([]byte("output_stream_data ")), 36: "00000001", 48: "0000000000000005",
		64: "a508b5f073f31b16" + "dd01e56bff48483e", 112: "00000001" + "00000007",
	} {
		if have := hex.EncodeToString(raw[at:]); !strings.HasPrefix(have, want) {
			t.Errorf("at %d: %s, want %s", at, have[:len(want)], want)
		}
	}
}

func TestMalformedMessagesAreRefused(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(b []byte) []byte{
		"short":             func(b []byte) []byte { return b[:100] },
		"no header":         func(b []byte) []byte { clear(b[:4]); return b },
		"a huge header":     func(b []byte) []byte { b[0] = 0xff; return b },
		"a wrong digest":    func(b []byte) []byte { b[len(b)-1]++; return b },
		"a wrong length":    func(b []byte) []byte { b[atLength+3]++; return b },
		"a huge length":     func(b []byte) []byte { b[atLength] = 0xff; return b },
		"a negative number": func(b []byte) []byte { b[atSequence] = 0x80; return b },
	} {
		if m, err := decode(spoil(example().encode())); err == nil {
			t.Errorf("%s: read as %+v", name, m)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(example().encode())
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := decode(raw)
		if err != nil {
			return
		}
		again, err := decode(m.encode())
		if err != nil || again.Sequence != m.Sequence || again.Kind != m.Kind || !bytes.Equal(again.Payload, m.Payload) {
			t.Errorf("%+v, %v; want %+v", again, err, m)
		}
	})
}
