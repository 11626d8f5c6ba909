package project

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/compose-spec/compose-go/v2/template"
)

// lineNumber is how the parser tells the line, behind which it shows the value.
var lineNumber = regexp.MustCompile(`line [0-9]+: (unexpected character|key cannot)`)

// variablesError is why a file of variables cannot be read, without anything of
// its values: they may be secret, and the parser's errors show them.
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
		return errors.New("a $ in a value begins no variable: '...' keeps it as it is")
	case strings.Contains(err.Error(), "unterminated quoted value"):
		return errors.New("a quote in it is never closed")
	case line != "":
		return errors.New(line + " is not NAME=VALUE")
	}
	return errors.New("it is not a file of NAME=VALUE lines")
}

// fromVariables says whether compose-go failed at a file of variables, of which
// it shows the values.
func fromVariables(err error) bool {
	text := err.Error()
	return strings.HasPrefix(text, "failed to read ") && !strings.HasPrefix(text, "failed to read file ")
}
