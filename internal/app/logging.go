package app

import (
	"cmp"
	"slices"
)

// loggingOf sends the container's output to CloudWatch Logs, even if the file
// names a driver of the local machine.
func loggingOf(s subject) Logging {
	var out Logging
	if days := s.x.Logs.RetentionDays; days != nil {
		out.RetentionDays = *days
	}
	out.Options = withMode(nil)
	l := s.compose.Logging
	if l == nil {
		return out
	}
	switch l.Driver {
	case "none":
		out.Off, out.Options = true, nil
	case "", "awslogs":
		out.Options = withMode(logOptions(s, l.Options))
	case "json-file", "local", "journald", "syslog":
		s.notice("logging", "the log driver %s becomes awslogs: logs go to CloudWatch", l.Driver)
	default:
		s.refuse("logging", "the log driver "+l.Driver+" is not supported", "berth sends logs to CloudWatch", "remove logging, or write driver: awslogs")
	}
	return out
}

// withMode says how the driver delivers lines if the file does not: it drops them if
// 25 MB are waiting, and never blocks the container. AWS's own default is the same mode
// with 10 MB, since June 2025, and blocked before; an account's setting can change it:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#default-log-driver-mode
func withMode(options map[string]string) map[string]string {
	if options == nil {
		options = map[string]string{}
	}
	options[logMode] = cmp.Or(options[logMode], "non-blocking")
	if options[logMode] == "non-blocking" {
		options[logBuffer] = cmp.Or(options[logBuffer], "25m")
	}
	return options
}

// The options of awslogs that say how it delivers lines.
const (
	logMode   = "mode"
	logBuffer = "max-buffer-size"
)

// logOptions are the options of awslogs that berth does not set itself.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html
func logOptions(s subject, options map[string]string) map[string]string {
	var out map[string]string
	allowed := []string{logMode, logBuffer, "awslogs-datetime-format", "awslogs-multiline-pattern"}
	for _, name := range sorted(options) {
		if !slices.Contains(allowed, name) {
			s.notice("logging.options."+name, "logging.options.%s has no effect: berth sets the group, the stream and the region", name)
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[name] = options[name]
	}
	return out
}
