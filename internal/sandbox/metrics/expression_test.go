package metrics

import (
	"go/parser"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// TestExpressions: metric math for one period, with figures that are missing.
func TestExpressions(t *testing.T) {
	t.Parallel()
	points := map[string]point{"errors": {3, true}, "requests": {60, true}, "none": {}, "zero": {0, true}}
	for text, want := range map[string]point{
		"100 * FILL(errors, 0) / requests":               {5, true},
		"100 * FILL(none, 0) / requests":                 {0, true},
		"100 * FILL(errors, 0) / none":                   {},
		"errors / zero":                                  {},
		"1000 * errors - (requests + 1)":                 {2939, true},
		"IF(FILL(none, 0) < 1 && errors > 0, errors, 0)": {3, true},
		"IF(errors < 1, errors, zero)":                   {0, true},
		"IF(none, errors, zero)":                         {},
	} {
		e, err := parser.ParseExpr(text)
		if err != nil {
			t.Fatal(err)
		}
		got, known := evaluate(e, points)
		if !got.ok {
			got.value = 0
		}
		if got != want || !known {
			t.Errorf("%s is %+v, known %t; want %+v", text, got, known, want)
		}
	}
}

// TestQueriesThatAreRefused are those that AWS refuses too, and functions that the sandbox
// does not know.
func TestQueriesThatAreRefused(t *testing.T) {
	t.Parallel()
	metric := types.MetricDataQuery{Id: aws.String("errors"), MetricStat: &types.MetricStat{}}
	with := func(id, text string) types.MetricDataQuery {
		return types.MetricDataQuery{Id: &id, Expression: &text}
	}
	if err := checkQueries([]types.MetricDataQuery{metric, with("value", "2 * errors")}); err != nil {
		t.Error(err)
	}
	for name, q := range map[string]types.MetricDataQuery{
		"another's id":        with("errors", "1"),
		"a capital":           with("Value", "1"),
		"an unknown id":       with("value", "2 * failures"),
		"an unknown function": with("value", "STDDEV(errors)"),
		"no expression":       with("value", "2 *"),
		"nothing":             {Id: aws.String("value")},
	} {
		if err := checkQueries([]types.MetricDataQuery{metric, q}); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
