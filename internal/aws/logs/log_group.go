package logs

// LogGroup holds the log streams of one service. Its name, which begins with
// /berth/ENVIRONMENT/PROJECT/, says whose it is. Outputs: id (the name), arn.
type LogGroup struct {
	Name string `attr:"name,replace"`
	// RetentionDays is one of the values that CloudWatch Logs knows.
	RetentionDays int `attr:"retention_days"`
}

// Type implements engine.Resource.
func (LogGroup) Type() string { return "logs.log-group" }
