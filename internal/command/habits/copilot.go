package habits

import "strings"

// copilot are the commands of AWS Copilot, by their first word: its objects come before
// what happens to them. The answer to a word without a second one is under "".
// https://aws.github.io/copilot-cli/docs/commands/docs/
func copilot() map[string][]lesson {
	const (
		gone  = "take the service out of the Compose file and run `berth up`"
		made  = "there is nothing to set up: `berth up` makes what is missing"
		shell = "`berth exec SERVICE` opens a shell in a running container; `berth run SERVICE -- COMMAND` runs a command in a task of its own"
		runs  = "a service with `restart: \"no\"` is a job, and `berth up` runs it; `berth run SERVICE` runs one task"
	)
	return map[string][]lesson{
		"svc": {
			{"init package override", "write the service into the Compose file; `berth plan` shows what that makes"},
			{"deploy", "`berth up`, or `berth up SERVICE`"},
			{"ls status show", "`berth ps`; `berth open SERVICE` opens its address"},
			{"logs", "`berth logs SERVICE`, `berth logs --follow`"},
			{"pause resume", "`berth pause SERVICE` and `berth resume SERVICE`"},
			{"delete", gone},
			{"exec", shell},
			{"", "services are in the Compose file: `berth up` deploys them, `berth ps` and `berth logs` show them"},
		},
		"app": {
			{"init", made + "; the application is the project, whose name is `name:` in the Compose file"},
			{"ls", "`berth ls`"},
			{"show status", "`berth ps`"},
			{"upgrade", "there is nothing to upgrade: the next `berth up` shows what it would change"},
			{"delete", "`berth down`, once for each environment that `berth ls` shows"},
			{"", "an application is a project, which one Compose file describes: `berth ls` lists what is deployed"},
		},
		"env": {
			{"init deploy", made + ", for the environment that -e names: `berth -e prod up`"},
			{"ls", "`berth ls`"},
			{"show", "`berth infra status`, and `berth config` for the settings"},
			{"delete", "`berth down`, with -e for the environment"},
			{"package override", "`berth graph` prints the resources; `x-berth` in the Compose file changes them"},
			{"", "-e NAME chooses the environment: `berth -e prod up` with compose.prod.yaml and .env.prod"},
		},
		"job": {
			{"init deploy package override", runs},
			{"run", runs},
			{"ls", "`berth ps`"},
			{"logs", "`berth logs JOB`"},
			{"delete", gone},
			{"", runs},
		},
		"task": {
			{"run", runs},
			{"exec", shell},
			{"delete", gone},
			{"", runs},
		},
		"pipeline": {
			{"", "berth makes no pipeline: `berth plan` and `berth up --yes` run in any CI, as docs/ci.md shows"},
		},
		"storage": {
			{"", "a named volume is a file system, and `x-berth: {managed: true}` in a service a managed database; other storage is made outside berth"},
		},
	}
}

// taughtCopilot is what to do in berth instead of a command of AWS Copilot.
func taughtCopilot(words []string) (does string, known bool) {
	lessons, known := copilot()[words[0]]
	for _, l := range lessons {
		if l.words == "" {
			return l.does, true
		}
		for _, w := range strings.Fields(l.words) {
			if len(words) > 1 && words[1] == w {
				return l.does, true
			}
		}
	}
	return "", known
}
