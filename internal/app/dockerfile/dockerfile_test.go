package dockerfile

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	t.Parallel()
	const two = "FROM golang AS build\nEXPOSE 1\nFROM --platform=linux/amd64 nginx:1 AS web\nEXPOSE 80 53/udp # a comment\nexpose $PORT 8000-8002\n"
	stages := []string{"build", "web"}
	for _, c := range []struct {
		name, text, target string
		want               File
	}{
		{"empty", "", "", File{}},
		{"last stage", two, "", File{From: "nginx:1", Ports: []string{"80", "53/udp", "8000-8002"}, Stages: stages}},
		{"target", two, "BUILD", File{From: "golang", Ports: []string{"1"}, Stages: stages}},
		{"target by number", two, "0", File{From: "golang", Ports: []string{"1"}, Stages: stages}},
		{"target that is not there", two, "buidl", File{From: "nginx:1", Ports: []string{"80", "53/udp", "8000-8002"}, Stages: stages, Lacks: true}},
		{"here-document", "FROM a\nRUN <<EOF cat <<-'SQL'\nFROM b\nEOF\nSELECT 1\n\tSQL\nEXPOSE 2\n", "", File{From: "a", Ports: []string{"2"}}},
		{"here-string", "FROM a\nRUN cat <<<EOF; echo $((1<<X))\nEXPOSE 2\n", "", File{From: "a", Ports: []string{"2"}}},
		{"lines of Windows", "FROM a\r\nEXPOSE 1 \\\r\n  2\r\n", "", File{From: "a", Ports: []string{"1", "2"}}},
		{"target in nothing", "", "build", File{}},
		{"stage of a stage", two + "FROM web\nEXPOSE 9", "", File{From: "nginx:1", Ports: []string{"9", "80", "53/udp", "8000-8002"}, Stages: stages}},
		{"from itself", "FROM a AS a\nEXPOSE 2", "", File{From: "a", Ports: []string{"2"}, Stages: []string{"a"}}},
		{"expose without from", "EXPOSE 1", "", File{}},
		{"flags only", "FROM --platform=x", "", File{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, parse(c.text, c.target)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
