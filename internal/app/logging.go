package app

import "slices"

// loggingOf sends the container's output to CloudWatch Logs, even if the file
// names a driver of the local machine.
func loggingOf(s subject) Logging {
	var out Logging
	if days := s.x.Logs.RetentionDays; days != nil {
		out.RetentionDays = *days
	}
	l := s.compose.Logging
	if l == nil {
		return out
	}
	switch l.Driver {
	case "none":
		out.Off = true
	case "", "awslogs":
		out.Options = logOptions(s, l.Options)
	case "json-file", "local", "journald", "syslog":
		s.notice("logging", "the log driver %s becomes awslogs: logs go to CloudWatch", l.Driver)
	default:
		s.refuse("logging", "the log driver "+l.Driver+" is not supported", "berth sends logs to CloudWatch", "remove logging, or write driver: awslogs")
	}
	return out
}

// logOptions are the options of awslogs that berth does not set itself.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html
func logOptions(s subject, options map[string]string) map[string]string {
	var out map[string]string
	allowed := []string{"mode", "max-buffer-size", "awslogs-datetime-format", "awslogs-multiline-pattern"}
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
