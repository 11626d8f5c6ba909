package habits

import (
	"slices"
	"strings"
)

// lesson is what to do in berth instead of commands of other tools.
type lesson struct{ words, does string }

// lessons are about the commands of other tools that berth has not. Words that only
// mean one of berth's commands are in its SuggestFor.
func lessons() []lesson {
	const file = "the Compose file says it; `berth plan` shows what a change of it does"
	return []lesson{
		{"apply", "`berth up` makes AWS match the Compose file; `berth plan` shows it before"},
		{"launch provision release", "`berth up`"},
		{"sync", "`berth up`; `berth dns sync` for host names without a load balancer"},
		{"unpause", "`berth resume SERVICE`"},
		{"build push pull", "`berth up` builds, pushes and pulls images as far as their files have changed"},
		{"attach ssh", "`berth exec SERVICE` opens a shell in a running container; `berth logs SERVICE` shows its output"},
		{
			"stats images volumes port outputs output show describe state refresh",
			"`berth ps` shows what runs, `berth infra status` every resource",
		},
		{"init new", "there is nothing to set up: `berth plan` in the folder of a Compose file"},
		{"login configure", "berth uses the credentials of the AWS CLI: `berth auth` shows which"},
		{"whoami", "`berth auth`"},
		{"import", "`berth up --adopt ADDRESS` takes over what exists"},
		{"workspace", "-e NAME chooses the environment"},
		{"set fmt", file},
		{"secrets", "`berth secret ls`"},
		{"watch tail", "`berth logs -f`"},
		{"lint", "`berth config` checks the files"},
		{"convert", "berth reads the Compose file as it is: `berth plan`"},
		{"force-unlock", "`berth unlock --force`"},
		{"man", "the release archive has manual pages; `berth help VERB` shows the same"},
	}
}

// taught is what to do in berth instead of a command of another tool.
func taught(words []string) (does string, known bool) {
	if does, known := taughtCopilot(words); known {
		return does, true
	}
	word := words[0]
	for _, l := range lessons() {
		if slices.Contains(strings.Fields(l.words), word) {
			return l.does, true
		}
	}
	return "", false
}
