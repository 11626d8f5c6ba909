package render

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Version is the version of what --json prints. A change that breaks readers
// increments it.
const Version = 1

// JSON is an object as JSON on one line, with its version in front; no list in it is
// null.
func JSON(v any) ([]byte, error) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(listsFilled(v)); err != nil {
		return nil, fmt.Errorf("writing JSON: %w", err)
	}
	data := bytes.TrimSpace(text.Bytes())
	var have struct {
		Version any `json:"version"`
	}
	if err := json.Unmarshal(data, &have); err != nil {
		return nil, fmt.Errorf("writing JSON: not an object: %w", err)
	}
	if have.Version != nil {
		return data, nil
	}
	head := fmt.Appendf(nil, `{"version":%d`, Version)
	if !bytes.Equal(data, []byte("{}")) {
		head = append(head, ',')
	}
	return append(head, data[1:]...), nil
}
