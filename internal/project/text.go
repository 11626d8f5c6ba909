package project

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// NotTextError says where a file is not text in UTF-8.
type NotTextError struct {
	// Line counts from 1; it is 0 if the whole file is in another encoding.
	Line int
	Why  string
}

func (e *NotTextError) Error() string {
	if e.Line == 0 {
		return e.Why
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Why)
}

// checkText returns a *NotTextError for the first byte that no reader of YAML or of
// variables takes: one that is not UTF-8, or a control character.
func checkText(data []byte) error {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return &NotTextError{Why: "the file is in UTF-16"}
	}
	line := 1
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return &NotTextError{line, fmt.Sprintf("the byte 0x%02x is not UTF-8", data[i])}
		case r == '\n':
			line++
		case r < ' ' && r != '\t' && r != '\r' || r == 0x7f:
			return &NotTextError{line, fmt.Sprintf("the control character U+%04X is not text", r)}
		}
		i += size
	}
	return nil
}
