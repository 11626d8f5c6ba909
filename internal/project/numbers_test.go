package project

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/compose-spec/compose-go/v2/schema"
)

// TestWhatIsWithinBoundsIsTakenByTheBounds: withinBounds must not accept a value that
// Compose's schema accepts and the schema with bounds refuses.
func TestWhatIsWithinBoundsIsTakenByTheBounds(t *testing.T) {
	t.Parallel()
	strict, err := composeSpec()
	if err != nil {
		t.Fatal(err)
	}
	own, err := compileSchema([]byte(schema.Schema), "")
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for _, key := range []string{
		`{"services": {"a": {"image": "x", "cpus": %s}}}`, `{"services": {"a": {"image": "x", "mem_limit": %s}}}`,
		`{"services": {"a": {"image": "x", "stop_grace_period": %s}}}`, `{"services": {"a": {"image": "x", "healthcheck": {"interval": %s}}}}`,
		`{"services": {"a": {"image": "x", "healthcheck": {"retries": %s}}}}`, `{"services": {"a": {"image": "x", "scale": %s}}}`,
		`{"services": {"a": {"image": "x", "ports": [{"target": %s}]}}}`, `{"services": {"a": {"image": "x", "ports": [%s]}}}`,
		`{"services": {"a": {"image": "x", "deploy": {"replicas": %s}}}}`, `{"services": {"a": {"image": "x", "oom_score_adj": %s}}}`,
		`{"services": {"a": {"image": "x", "deploy": {"resources": {"limits": {"memory": %s, "cpus": %[1]s}}}}}}`,
		`{"services": {"a": {"image": "x", "deploy": {"update_config": {"delay": %s}}}}}`, `{"services": {"a": {"image": "x", "ulimits": {"nofile": %s}}}}`,
		`{"services": {"a": {"image": "x", "environment": {"A": %s}}}}`,
	} {
		for _, value := range []string{
			"0", "1", "-1", "0.5", "-0.5", "1e300", "9007199254740993", "\"-1\"", "\"1\"", "\" - 1\"", "\"nan\"", "\"Inf\"", "\"1e99\"", "\"64m\"",
			"\"12345678901234567\"", "\"1h\"", "\"1m30s\"", "\"soon\"", "\"-5s\"", "\"5\"", "true", "null",
		} {
			text := fmt.Sprintf(key, value)
			var doc map[string]any
			if err := json.Unmarshal([]byte(text), &doc); err != nil {
				t.Fatal(err)
			}
			pos := newPositions()
			if len(own.check(doc, "", pos)) > 0 || len(strict.check(doc, "", pos)) == 0 {
				continue
			}
			refused++
			if withinBounds(doc, "") {
				t.Errorf("passed: %s", text)
			}
		}
	}
	if refused < 50 {
		t.Errorf("the bounds refused %d documents only: the test tells nothing", refused)
	}
}
