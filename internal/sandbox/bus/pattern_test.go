package bus

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
)

const stopped = `{"source":"aws.ecs","resources":["arn:1"],"detail":{"group":"service:web-abcd","stopCode":"EssentialContainerExited",
  "containers":[{"name":"web","exitCode":0},{"name":"log","exitCode":137}]}}`

// parsed reads JSON.
func parsed[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestMatching(t *testing.T) {
	t.Parallel()
	event := parsed[any](t, stopped)
	for pattern, want := range map[string]bool{
		`{"source":["aws.ecs"]}`: true, `{"source":["aws.ec2"]}`: false, `{"resources":["arn:1"]}`: true,
		`{"resources":[{"prefix":"arn"}]}`: true, `{"resources":[{"suffix":":2"}]}`: false, `{"nothing":["x"]}`: false,
		`{"nothing":[{"exists":false}]}`: true, `{"nothing":[{"anything-but":"x"}]}`: false, `{"source":[{"exists":true}]}`: true,
		`{"detail":{"group":[{"wildcard":"service:*-ab*"}]}}`: true, `{"detail":{"group":[{"wildcard":"service:*-ab"}]}}`: false,
		`{"detail":{"group":[{"wildcard":"service:web?abcd"}]}}`:                           false,
		`{"detail":{"containers":{"exitCode":[{"anything-but":0}]}}}`:                      true,
		`{"detail":{"containers":{"name":["web"],"exitCode":[{"anything-but":0}]}}}`:       false,
		`{"detail":{"containers":{"name":["log"],"exitCode":[{"anything-but":[0,1]}]}}}`:   true,
		`{"detail":{"stopCode":[{"anything-but":{"prefix":"Essential"}}]}}`:                false,
		`{"$or":[{"source":["x"]},{"detail":{"group":[{"prefix":"service:"}]}}]}`:          true,
		`{"source":["aws.ecs"],"$or":[{"resources":["x"]},{"detail":{"stopCode":["x"]}}]}`: false,
	} {
		if got := matches(parsed[map[string]any](t, pattern), event); got != want {
			t.Errorf("%s: %t, want %t", pattern, got, want)
		}
	}
}

func TestTransforming(t *testing.T) {
	t.Parallel()
	event := parsed[any](t, stopped)
	paths := map[string]string{"group": "$.detail.group", "second": "$.detail.containers[1].name", "code": "$.detail.containers[1].exitCode", "none": "$.detail.x"}
	for template, want := range map[string]string{
		`"<group>: <second> ended with <code><none>."`: `"service:web-abcd: log ended with 137."`,
		`{"group": <group>, "code": <code>}`:           `{"group": "service:web-abcd", "code": 137}`,
		`"says \"<group>\""`:                           `"says \"service:web-abcd\""`,
	} {
		if got := transform(&types.InputTransformer{InputTemplate: aws.String(template), InputPathsMap: paths}, event); got != want {
			t.Errorf("%s: %s, want %s", template, got, want)
		}
	}
}
