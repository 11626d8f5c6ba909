package why_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// alarm makes an alarm of the users' own, which is off.
func (g *ground) alarm(t *testing.T, name string) {
	t.Helper()
	_, err := cloudwatch.NewFromConfig(g.World.Config()).PutMetricAlarm(t.Context(), &cloudwatch.PutMetricAlarmInput{
		AlarmName: &name, Namespace: aws.String("AWS/ECS"), MetricName: aws.String("CPUUtilization"), Statistic: types.StatisticAverage,
		Period: aws.Int32(300), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(101),
		ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold, TreatMissingData: aws.String("notBreaching"),
	})
	must(t, err)
}

// setAlarm sets an alarm off.
func (g *ground) setAlarm(t *testing.T, name string) {
	t.Helper()
	_, err := cloudwatch.NewFromConfig(g.World.Config()).SetAlarmState(t.Context(), &cloudwatch.SetAlarmStateInput{
		AlarmName: &name, StateValue: types.StateValueAlarm, StateReason: aws.String("the world changed"),
	})
	must(t, err)
}
