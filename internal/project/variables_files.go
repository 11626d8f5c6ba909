package project

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/compose-spec/compose-go/v2/template"
)

// lineNumber matches the line in the parser's errors, which go on with the value.
var lineNumber = regexp.MustCompile(`line [0-9]+: (unexpected character|key cannot)`)

// variablesError is why a file of variables cannot be read, without its values: the
// parser's errors show them, and they may be secret.
func variablesError(err error) error {
	var (
		path     *fs.PathError
		missing  *template.MissingRequiredError
		template *template.InvalidTemplateError
	)
	line, _, _ := strings.Cut(lineNumber.FindString(err.Error()), ":")
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &missing):
		return fmt.Errorf("it requires a value for ${%s}", missing.Variable)
	case errors.As(err, &template):
		return errors.New("a $ in a value does not begin a variable: write the value in single quotes to keep it")
	case strings.Contains(err.Error(), "unterminated quoted value"):
		return errors.New("a quote is not closed")
	case line != "":
		return errors.New(line + " is not NAME=VALUE")
	}
	return errors.New("it is not a file of NAME=VALUE lines")
}

// fromVariables says whether compose-go's error is about a file of variables; such
// an error shows values.
func fromVariables(err error) bool {
	text := err.Error()
	return strings.HasPrefix(text, "failed to read ") && !strings.HasPrefix(text, "failed to read file ")
}
