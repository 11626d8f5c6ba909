package scheduler

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/rds"
)

// universalCall is a call of another service that a universal target makes.
type universalCall struct {
	service, operation string
	// read reads the target's input.
	read func(text string) (any, error)
}

// calls are the universal targets that the sandbox knows, by SERVICE:CALL.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
var calls = map[string]universalCall{
	"ecs:runTask": {ecs.ServiceID, "RunTask", inputOf[ecs.RunTaskInput]("TaskDefinition")},
	// RDS's members are those of AWS's SDK for Java, DbInstanceIdentifier, and not those
	// of the API, DBInstanceIdentifier. Members of JSON are read here whatever their
	// case is, so that inputOf compares the name that must be there.
	// https://sdk.amazonaws.com/java/api/latest/software/amazon/awssdk/services/rds/model/StopDbInstanceRequest.html
	"rds:stopDBInstance":  {rds.ServiceID, "StopDBInstance", inputOf[rds.StopDBInstanceInput]("DbInstanceIdentifier")},
	"rds:startDBInstance": {rds.ServiceID, "StartDBInstance", inputOf[rds.StartDBInstanceInput]("DbInstanceIdentifier")},
}

// targetOf is the SERVICE:CALL of the ARN of a universal target; empty for another ARN.
func targetOf(arn string) string {
	m := universal.FindStringSubmatch(arn)
	if m == nil {
		return ""
	}
	return m[1] + ":" + m[2]
}

// inputOf reads the input of a call, which must have a field and no unknown ones.
func inputOf[In any](field string) func(text string) (any, error) {
	return func(text string) (any, error) {
		var members map[string]json.RawMessage
		if err := json.Unmarshal([]byte(text), &members); err != nil {
			return nil, fmt.Errorf("the input is not JSON: %w", err)
		}
		if members[field] == nil {
			return nil, errors.New("missing field " + field)
		}
		in := new(In)
		d := json.NewDecoder(bytes.NewReader([]byte(text)))
		d.DisallowUnknownFields()
		if err := d.Decode(in); err != nil {
			return nil, fmt.Errorf("%w", err)
		}
		return in, nil
	}
}
