package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/images"
	"github.com/berthdev/berth/internal/interrupt"
	"github.com/berthdev/berth/internal/project"
)

// report prints an error as "what failed: why", then what to do, and returns the exit code.
func report(w io.Writer, err error) int {
	var exit *cli.ExitError
	var interrupted *cli.InterruptedError
	switch {
	case err == nil:
		return cli.ExitDone
	case errors.As(err, &exit) && exit.Err == nil:
		return exit.Code
	case errors.As(err, &interrupted):
		_, _ = fmt.Fprintln(w, interrupted.Says)
		return interrupt.ExitCode
	case errors.Is(err, interrupt.Err) || errors.Is(err, context.Canceled):
		_, _ = fmt.Fprintln(w, "interrupted")
		return interrupt.ExitCode
	}
	var problems *project.Problems
	if errors.As(err, &problems) {
		_, _ = fmt.Fprintln(w, problems.Error())
		return cli.ExitFailed
	}
	failures := deploy.Failures(err)
	if len(failures) == 0 {
		explain(w, "error: "+gate.Text(err), err)
	}
	for _, f := range failures {
		explain(w, fmt.Sprintf("error: %s %s: %s", f.Verb, titleOf(f), gate.Text(f.Err)), f.Err)
	}
	if exit != nil {
		return exit.Code
	}
	return cli.ExitFailed
}

func titleOf(f *engine.ActionError) string {
	if f.Address.IsZero() {
		return f.Type + " " + f.ID
	}
	return f.Address.String()
}

// explain prints one error with its remedy.
func explain(w io.Writer, text string, err error) {
	_, _ = fmt.Fprintln(w, text)
	for _, line := range outputOf(err) {
		_, _ = fmt.Fprintln(w, "    "+line)
	}
	if statement, ok := missingStatement(err); ok {
		_, _ = fmt.Fprintf(w, "add this statement to the policy of the user or role that runs berth, then run it again:\n%s\n"+
			"  all statements that berth can need are in %s\n", statement, policiesPage)
		if action, _, _ := gate.Missing(err); boundedByPolicy(action) {
			_, _ = fmt.Fprintln(w, "  if the account allows roles only with a permissions boundary, write its ARN into\n"+
				"  x-berth.permissions_boundary instead")
		}
		return
	}
	if remedy := remedyOf(err); remedy != "" {
		_, _ = fmt.Fprintln(w, "  "+remedy)
	}
}

// boundedByPolicy says whether an account that requires a permissions boundary on
// roles allows this action only with the boundary:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
func boundedByPolicy(action string) bool {
	return slices.Contains([]string{"iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePolicy"}, action)
}

// policiesPage has the complete policies: adding one denied statement after the
// other takes many runs.
const policiesPage = "https://github.com/berthdev/berth/blob/main/docs/permissions.md"

// missingStatement is the permission that a denied call lacks, as JSON.
func missingStatement(err error) (string, bool) {
	action, resource, ok := gate.Missing(err)
	if !ok {
		return "", false
	}
	data, err := json.MarshalIndent(map[string]any{
		"Effect": "Allow", "Action": action, "Resource": resource,
	}, "", "  ")
	return string(data), err == nil
}

func remedyOf(err error) string {
	var with interface{ Remedy() string }
	if errors.As(err, &with) {
		return with.Remedy()
	}
	var taken *engine.TakenError
	if errors.As(err, &taken) {
		if taken.Owner != "" {
			return "rename one of the two projects, or remove the other one"
		}
		return fmt.Sprintf("pass `--adopt %s` to take it over, or rename or remove it", taken.Address)
	}
	var moved *engine.MovedError
	if errors.As(err, &moved) {
		return "`berth plan` shows what would be done now"
	}
	var timeout *engine.TimeoutError
	if errors.As(err, &timeout) {
		return "run the same command again to go on; --timeout sets another limit"
	}
	var quota *gate.QuotaError
	if errors.As(err, &quota) {
		return "ask for more in the Service Quotas console, or remove what is not needed; then run the same command again"
	}
	switch engine.ClassOf(err) {
	case engine.Unknown:
		return "check the network, then run the same command again: it goes on from here"
	case engine.Expired:
		return "renew your credentials (`berth auth` says how), then run the same command again: it goes on from here"
	case engine.Throttled:
		return "AWS is refusing calls for now; run the same command again in a minute"
	case engine.Denied:
		return "the account's policies do not allow it: ask its administrator"
	}
	return ""
}

// outputOf are the last lines of a build that failed.
func outputOf(err error) []string {
	var failed *images.FailedError
	if errors.As(err, &failed) {
		return failed.Output()
	}
	return nil
}
