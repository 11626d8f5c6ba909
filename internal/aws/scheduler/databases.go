package scheduler

import (
	"encoding/json"
	"fmt"
	"strings"
)

// databaseCall is the input of the calls that stop and start a database. Universal targets
// have the names of AWS's SDK for Java: RDS's own API calls the member
// DBInstanceIdentifier.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
// https://sdk.amazonaws.com/java/api/latest/software/amazon/awssdk/services/rds/model/StopDbInstanceRequest.html
type databaseCall struct {
	DbInstanceIdentifier string //nolint:revive // AWS's name
}

// parseDatabaseCall reads the text of a schedule's target.
func parseDatabaseCall(text string) (c databaseCall, ok bool) {
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	return c, d.Decode(&c) == nil
}

// textOf is the input of a schedule's call.
func textOf(s Schedule) (string, error) {
	if s.Call == RunTask {
		return callOf(s).text()
	}
	text, err := json.Marshal(databaseCall{s.Database.Value()})
	if err != nil {
		return "", fmt.Errorf("writing the call of a schedule: %w", err)
	}
	return string(text), nil
}
