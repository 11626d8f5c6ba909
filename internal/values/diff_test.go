package values_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/values"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	doc := func(image, secret string, args ...string) string {
		list := make([]any, len(args))
		for i, a := range args {
			list[i] = a
		}
		web := map[string]any{"Name": "web", "Image": image, "Environment": map[string]any{"DB_PASSWORD": secret}}
		if len(args) > 0 {
			web["Args"] = list
		}
		return values.JSON([]any{web, map[string]any{"Name": "log", "Image": "l"}})
	}
	for name, tc := range map[string]struct {
		before, after string
		want          []values.Change
		more          int
	}{
		"a path":          {doc("nginx:1.26", "x"), doc("nginx:1.27", "x"), []values.Change{{"parts[web].Image", "nginx:1.26", "nginx:1.27"}}, 0},
		"a secret":        {doc("i", "old"), doc("i", "new"), []values.Change{{"parts[web].Environment.DB_PASSWORD", "", ""}}, 0},
		"a list":          {doc("i", "x", "-a", "-b"), doc("i", "x", "-a", "-c", "-d"), []values.Change{{"parts[web].Args[]", "-b", "-c"}, {"parts[web].Args[]", "", "-d"}}, 0},
		"a list's order":  {`["a","b"]`, `["b","a"]`, []values.Change{{"parts", `["a","b"]`, `["b","a"]`}}, 0},
		"from nothing":    {"", `["a"]`, []values.Change{{"parts[]", "", "a"}}, 0},
		"plain text":      {"a", "b", []values.Change{{"parts", "a", "b"}}, 0},
		"not quite JSON":  {"{a", "{b", []values.Change{{"parts", "{a", "{b"}}, 0},
		"a URL's secret":  {"x", "postgres://u:pw@db/x", []values.Change{{"parts", "x", ""}}, 0},
		"a secret option": {`["run"]`, `["run","--password=x"]`, []values.Change{{"parts[]", "", ""}}, 0},
		"long values": {"x", "0123456789012345678901234567890123456789012345678901234567890",
			[]values.Change{{"parts", "x", "012345678901234567890123456789012345678901234..."}}, 0},
		"many": {"", `["a","b","c","d","e","f","g"]`, []values.Change{{"parts[]", "", "a"}, {"parts[]", "", "b"},
			{"parts[]", "", "c"}, {"parts[]", "", "d"}, {"parts[]", "", "e"}}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, more := values.Diff("parts", tc.before, tc.after)
			if d := cmp.Diff(tc.want, got); d != "" || more != tc.more {
				t.Errorf("%d more, want %d; %s", more, tc.more, d)
			}
		})
	}
}
