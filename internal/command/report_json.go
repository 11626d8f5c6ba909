package command

import (
	"encoding/json"
	"errors"
	"io"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/project"
	"github.com/berthdev/berth/internal/terminal"
)

// failureRecord is how a verb with --json ends that failed: the last line of
// standard error.
type failureRecord struct {
	Version  int           `json:"version"`
	ExitCode int           `json:"exit_code"`
	Errors   []errorRecord `json:"errors"`
}

// errorRecord is one error.
type errorRecord struct {
	Message string `json:"message"`
	Remedy  string `json:"remedy,omitempty"`
	// File and Line are the place of a problem of the files.
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	// Verb and Address are the action that failed.
	Verb    string `json:"verb,omitempty"`
	Address string `json:"address,omitempty"`
	// Statement is the IAM statement that a denied call lacks.
	Statement json.RawMessage `json:"statement,omitempty"`
	// Output is the end of the output of a build that failed.
	Output []string `json:"output,omitempty"`
}

// reportJSON writes an error as one line of JSON, and returns the exit code.
func reportJSON(w io.Writer, err error) int {
	code := report(io.Discard, err)
	var exit *cli.ExitError
	if err == nil || errors.As(err, &exit) && exit.Err == nil {
		return code
	}
	// Strings and numbers can be encoded, and nothing else is left to write to if
	// standard error is gone.
	data, _ := json.Marshal(failureRecord{Version: render.Version, ExitCode: code, Errors: errorRecords(err)})
	_, _ = io.WriteString(w, terminal.Clean(string(data))+"\n")
	return code
}

func errorRecords(err error) []errorRecord {
	var interrupted *cli.InterruptedError
	if errors.As(err, &interrupted) {
		return []errorRecord{{Message: interrupted.Says}}
	}
	var out []errorRecord
	var problems *project.Problems
	if errors.As(err, &problems) {
		for _, p := range problems.List {
			at := p.At
			p.At = project.Position{}
			remedy := p.Remedy
			p.Remedy = ""
			out = append(out, errorRecord{Message: p.String(), Remedy: remedy, File: at.File, Line: at.Line})
		}
		return out
	}
	for _, f := range deploy.Failures(err) {
		r := recordOf(f.Err)
		r.Verb, r.Address = string(f.Verb), titleOf(f)
		out = append(out, r)
	}
	if len(out) == 0 {
		out = append(out, recordOf(err))
	}
	return out
}

func recordOf(err error) errorRecord {
	r := errorRecord{Message: gate.Text(err), Output: outputOf(err)}
	if statement, ok := missingStatement(err); ok {
		r.Statement, r.Remedy = json.RawMessage(statement), "add this statement to the policy of the user or role that runs berth, then run it again"
		return r
	}
	r.Remedy = remedyOf(err)
	return r
}
