package ssm

import (
	"fmt"
	"regexp"
	"unicode"
	"unicode/utf8"
)

// TextError says that a parameter or a variable cannot hold a value unchanged.
// The error contains no part of the value.
type TextError struct{ Name, Why string }

func (e *TextError) Error() string { return fmt.Sprintf("the value of %s %s", e.Name, e.Why) }

// Remedy is what the user can do.
func (e *TextError) Remedy() string {
	return "store it as base64, and decode it in the program: `base64 -w0 FILE | berth secret set " + e.Name + " -`"
}

// nested matches what AWS refuses in a value: "You can't include values wrapped in double
// brackets {{}} or {{ssm:parameter-name}} in a parameter value."
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html#systemsmanager-PutParameter-request-Value
var nested = regexp.MustCompile(`(?s)\{\{.*\}\}`)

// CheckValue refuses a value that would not arrive unchanged, with a *TextError
// or a *SizeError. The SDK sends JSON, in which bytes that are not UTF-8
// silently become U+FFFD (smithy-go, encoding/json/escape.go); no variable of a
// process can hold a NUL; other control characters mean that a key or a
// keystore was mistaken for text.
func CheckValue(name, value string) error {
	if !utf8.ValidString(value) {
		return &TextError{name, "is not text: it has bytes that are not UTF-8"}
	}
	for _, r := range value {
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
			return &TextError{name, fmt.Sprintf("is not text: it has the control character U+%04X", r)}
		}
	}
	if len(value) > MaxValue {
		return &SizeError{Name: name, Bytes: len(value)}
	}
	if nested.MatchString(value) {
		return &TextError{name, "has {{ and }}, which AWS does not allow in a parameter"}
	}
	return nil
}

// AlteredError says that AWS stored another value than the one that was sent.
// The error contains neither value.
type AlteredError struct {
	Name        string
	Given, Held int
}

func (e *AlteredError) Error() string {
	return fmt.Sprintf("setting secret %s: %d bytes were sent, but the parameter holds %d different bytes", e.Name, e.Given, e.Held)
}

// Remedy is what the user can do.
func (e *AlteredError) Remedy() string {
	return "set it again; if that fails too, store it as base64, and decode it in the program"
}
