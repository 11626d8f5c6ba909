package status

import (
	"strconv"
	"strings"
)

// causeOf is why a task stopped, in one line: its reason with its exit code.
func causeOf(t Task) string {
	cause := t.StoppedReason
	if strings.Contains(strings.ToLower(cause), "health checks") {
		// ECS kills the task then: its exit code tells nothing more.
		if names := t.unhealthy(); len(names) > 0 {
			cause += " (container " + strings.Join(names, ", ") + ")"
		}
		return cause
	}
	if t.ExitCode != nil && *t.ExitCode != 0 {
		cause = strings.TrimSpace(cause + " (" + t.exitText(*t.ExitCode) + ")")
	}
	return cause
}

// exitText is an exit code in words, with the container if there are several.
func (t Task) exitText(code int32) string {
	if t.culprit != "" {
		return "container " + t.culprit + ": " + exitText(code)
	}
	return exitText(code)
}

func exitText(code int32) string {
	text := "exit code " + strconv.Itoa(int(code))
	switch code {
	case 137:
		text += ": killed, often for lack of memory"
	case 139:
		text += ": segmentation fault"
	case 126, 127:
		text += ": the command was not found or cannot be executed"
	case 143:
		text += ": ended by SIGTERM"
	}
	return text
}
