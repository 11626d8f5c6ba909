package existing

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// checkAlarms checks that the alarms that end deployments are there. ECS does not look at an
// alarm that is in ALARM when a deployment begins:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
func checkAlarms(ctx context.Context, r *reader) error {
	for names := range slices.Chunk(slices.Concat(r.names.Alarms, r.names.OwnAlarms), 100) {
		out, err := r.Metrics.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{
			AlarmNames: names, AlarmTypes: []types.AlarmType{types.AlarmTypeMetricAlarm, types.AlarmTypeCompositeAlarm}, MaxRecords: aws.Int32(100),
		})
		if err != nil {
			return fmt.Errorf("reading alarms: %w", err)
		}
		states := map[string]types.StateValue{}
		for _, a := range out.MetricAlarms {
			states[aws.ToString(a.AlarmName)] = a.StateValue
		}
		for _, a := range out.CompositeAlarms {
			states[aws.ToString(a.AlarmName)] = a.StateValue
		}
		for _, name := range names {
			state, ok := states[name]
			if !ok && slices.Contains(r.names.Alarms, name) {
				r.problem(KeyAlarms, name, "`aws cloudwatch describe-alarms` lists the alarms of the region", "there is no such alarm")
			}
			if state == types.StateValueAlarm {
				r.notice(KeyAlarms, name, "the alarm is on: ECS watches no alarms in a deployment that begins now")
			}
		}
	}
	return nil
}
