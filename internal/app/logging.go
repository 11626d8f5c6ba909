package app

import "slices"

// logging sends the container's output to CloudWatch Logs, whatever local
// driver the file names.
func (w *workload) logging() {
	if days := w.x.Logs.RetentionDays; days != nil {
		w.Logging.RetentionDays = *days
	}
	l := w.compose.Logging
	if l == nil {
		return
	}
	switch l.Driver {
	case "none":
		w.Logging.Off = true
		return
	case "", "awslogs":
		w.logOptions(l.Options)
	case "json-file", "local", "journald", "syslog":
		w.notice("logging", "the log driver %s becomes awslogs: logs go to CloudWatch", l.Driver)
	default:
		w.refuse("logging", "the log driver "+l.Driver+" is not possible", "berth sends logs to CloudWatch", "take logging out, or write driver: awslogs")
	}
}

// logOptions keeps the options of awslogs that berth does not set itself.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html
func (w *workload) logOptions(options map[string]string) {
	allowed := []string{"mode", "max-buffer-size", "awslogs-datetime-format", "awslogs-multiline-pattern"}
	for _, name := range sorted(options) {
		if !slices.Contains(allowed, name) {
			w.notice("logging.options."+name, "logging.options.%s has no effect: berth sets the group, the stream and the region", name)
			continue
		}
		if w.Logging.Options == nil {
			w.Logging.Options = map[string]string{}
		}
		w.Logging.Options[name] = options[name]
	}
}
