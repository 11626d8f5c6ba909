package ssm

import (
	"fmt"
	"regexp"
	"unicode"
	"unicode/utf8"
)

// TextError says that a value is none that a parameter and a variable can hold
// as it is. It holds nothing of the value.
type TextError struct{ Name, Why string }

func (e *TextError) Error() string { return fmt.Sprintf("the value of %s %s", e.Name, e.Why) }

// Remedy is what the user can do.
func (e *TextError) Remedy() string {
	return "store it as base64, and decode it in the program: `base64 -w0 FILE | berth secret set " + e.Name + " -`"
}

// nested is what AWS refuses in a value: "You can't include values wrapped in
// double brackets {{}} or {{ssm:parameter-name}} in a parameter value."
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html#systemsmanager-PutParameter-request-Value
var nested = regexp.MustCompile(`(?s)\{\{.*\}\}`)

// CheckValue refuses what would not arrive as it is: a *TextError or a
// *SizeError. The SDK sends JSON, in which bytes that are no UTF-8 become
// U+FFFD without a word (smithy-go, encoding/json/escape.go); no variable of a
// process can hold a NUL; other control characters are a key or a keystore
// that was taken for text.
func CheckValue(name, value string) error {
	if !utf8.ValidString(value) {
		return &TextError{name, "is not text: it has bytes that are no UTF-8"}
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
		return &TextError{name, "has {{ and }}, which AWS takes in no parameter"}
	}
	return nil
}

// AlteredError says that AWS holds something else than it was given. It holds
// neither of the two.
type AlteredError struct {
	Name        string
	Given, Held int
}

func (e *AlteredError) Error() string {
	return fmt.Sprintf("setting secret %s: %d bytes were given, and the parameter holds other %d", e.Name, e.Given, e.Held)
}

// Remedy is what the user can do.
func (e *AlteredError) Remedy() string {
	return "set it once more; if that fails again, store it as base64, and decode it in the program"
}
