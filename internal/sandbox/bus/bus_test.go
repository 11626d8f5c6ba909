package bus_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/smithy-go"

	"github.com/berthdev/berth/internal/sandbox"
)

func world(t *testing.T) *eventbridge.Client {
	t.Helper()
	w, err := sandbox.New(sandbox.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return eventbridge.NewFromConfig(w.Config())
}

// code is AWS's code in an error; empty for none.
func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

func TestPatternsThatAWSRefuses(t *testing.T) {
	t.Parallel()
	api := world(t)
	for pattern, want := range map[string]string{
		`{"source":["aws.ecs"]}`: "", `{"source":["aws.ecs"],"detail":{"a":{"b":[1,null,true]}}}`: "",
		`{"$or":[{"a":["1"]},{"b":[{"wildcard":"x*y"}]}]}`:  "",
		`{"a":[{"anything-but":0}],"b":[{"exists":false}]}`: "",
		`{"a":[{"prefix":"x"},{"anything-but":["x","y"]}]}`: "",
		`{"source":"aws.ecs"}`:                              "InvalidEventPatternException",
		`{"source":[]}`:                                     "InvalidEventPatternException",
		`{}`:                                                "InvalidEventPatternException",
		`["aws.ecs"]`:                                       "InvalidEventPatternException",
		`{"source":["aws.ecs"]`:                             "InvalidEventPatternException",
		`{"a":[["x"]]}`:                                     "InvalidEventPatternException",
		`{"a":[{"like":"x"}]}`:                              "InvalidEventPatternException",
		`{"a":[{"wildcard":"x**"}]}`:                        "InvalidEventPatternException",
		`{"a":[{"prefix":"x","suffix":"y"}]}`:               "InvalidEventPatternException",
		`{"a":[{"exists":"yes"}]}`:                          "InvalidEventPatternException",
		`{"$or":[{"a":["1"]}]}`:                             "InvalidEventPatternException",
		`{"$or":["a","b"]}`:                                 "InvalidEventPatternException",
		`{"a":["` + strings.Repeat("x", 2048) + `"]}`:       "ValidationException",
		``: "ValidationException",
	} {
		_, err := api.PutRule(t.Context(), &eventbridge.PutRuleInput{Name: aws.String("rule"), EventPattern: &pattern})
		if got := code(err); got != want {
			t.Errorf("%.60s: %q (%v), want %q", pattern, got, err, want)
		}
	}
	for name, want := range map[string]string{"a-b_c.d": "", "a/b": "ValidationException", strings.Repeat("x", 65): "ValidationException"} {
		_, err := api.PutRule(t.Context(), &eventbridge.PutRuleInput{Name: &name, EventPattern: aws.String(`{"source":["x"]}`)})
		if got := code(err); got != want {
			t.Errorf("a rule called %s: %q, want %q", name, got, want)
		}
	}
}

func TestTargetsThatAWSRefuses(t *testing.T) {
	t.Parallel()
	api, name := world(t), aws.String("rule")
	if _, err := api.PutRule(t.Context(), &eventbridge.PutRuleInput{Name: name, EventPattern: aws.String(`{"source":["x"]}`)}); err != nil {
		t.Fatal(err)
	}
	topic := "arn:aws:sns:eu-central-1:123456789012:alerts"
	target := func(change func(*types.Target)) types.Target {
		out := types.Target{Id: aws.String("one"), Arn: &topic}
		change(&out)
		return out
	}
	in := func(template string, paths map[string]string) func(*types.Target) {
		return func(t *types.Target) {
			t.InputTransformer = &types.InputTransformer{InputTemplate: &template, InputPathsMap: paths}
		}
	}
	many := map[string]string{}
	for i := range 101 {
		many[fmt.Sprint("k", i)] = "$.detail"
	}
	for i, c := range []struct {
		change func(*types.Target)
		want   string
	}{
		{func(*types.Target) {}, ""},
		{in(`"<why> of <aws.events.rule-arn>"`, map[string]string{"why": "$.detail.containers[0].reason"}), ""},
		{in(`{"text": <why>}`, map[string]string{"why": "$.detail.reason"}), ""},
		{in("\"one\"\n\"two\"", nil), ""},
		{in(`"<what>"`, map[string]string{"why": "$.detail"}), "ValidationException"},
		{in(`<why> is no JSON`, map[string]string{"why": "$.detail"}), "ValidationException"},
		{in(`"x"`, map[string]string{"why": "detail"}), "ValidationException"},
		{in(`"x"`, map[string]string{"why": `$['detail']`}), "ValidationException"},
		{in(`"x"`, map[string]string{"a b": "$.detail"}), "ValidationException"},
		{in(`"x"`, map[string]string{"AWSx": "$.detail"}), "ValidationException"},
		{in(`"x"`, many), "ValidationException"},
		{in(`"`+strings.Repeat("x", 8192)+`"`, nil), "ValidationException"},
		{func(t *types.Target) { t.Id = aws.String("a b") }, "ValidationException"},
		{func(t *types.Target) { t.Arn = aws.String("alerts") }, "ValidationException"},
		{func(t *types.Target) { t.Arn = aws.String("arn:aws:sns:us-east-1:123456789012:alerts") }, "ValidationException"},
		{func(t *types.Target) {
			t.Arn = aws.String("arn:aws:logs:eu-central-1:123456789012:log-group:/aws/events/x:*")
		}, "ValidationException"},
		{func(t *types.Target) { t.RoleArn = aws.String("arn:aws:iam::123456789012:role/x") }, "ValidationException"},
	} {
		_, err := api.PutTargets(t.Context(), &eventbridge.PutTargetsInput{Rule: name, Targets: []types.Target{target(c.change)}})
		if got := code(err); got != c.want {
			t.Errorf("target %d: %q (%v), want %q", i, got, err, c.want)
		}
	}
	for i := range 5 {
		_, err := api.PutTargets(t.Context(), &eventbridge.PutTargetsInput{Rule: name, Targets: []types.Target{target(func(t *types.Target) { t.Id = aws.String(fmt.Sprint("more", i)) })}})
		if got := code(err); (got == "LimitExceededException") != (i == 4) {
			t.Errorf("target %d of 5 at most: %q", i+2, got)
		}
	}
	if _, err := api.DeleteRule(t.Context(), &eventbridge.DeleteRuleInput{Name: name}); code(err) != "ValidationException" {
		t.Errorf("deleting a rule with targets: %v", err)
	}
	out, err := api.RemoveTargets(t.Context(), &eventbridge.RemoveTargetsInput{Rule: name, Ids: []string{"none"}})
	if err != nil || out.FailedEntryCount != 1 {
		t.Errorf("removing a target that is not there: %v, %v", out, err)
	}
	if _, err := api.DeleteRule(t.Context(), &eventbridge.DeleteRuleInput{Name: aws.String("none")}); err != nil {
		t.Errorf("deleting a rule that is not there: %v", err)
	}
	if _, err := api.DescribeRule(t.Context(), &eventbridge.DescribeRuleInput{Name: aws.String("none")}); code(err) != "ResourceNotFoundException" {
		t.Errorf("reading a rule that is not there: %v", err)
	}
}
