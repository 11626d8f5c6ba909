package command

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// habit is a flag of docker compose that berth does not need.
type habit struct {
	verb, flag, short string
	// value says that the flag takes a value.
	value bool
	// why says why the flag changes nothing, or why berth refuses it.
	why string
	// instead is what to do instead; empty if the flag is accepted.
	instead string
}

// habits are the flags that docker compose has on verbs that berth has, too.
// Accepted are those that ask for what berth does anyway; where one asks for
// something else, the answer is berth's own way.
func habits() []habit {
	const (
		attached = "berth shows no logs during up"
		returns  = "up ends when the services are healthy, and they go on running"
		built    = "images are built when their files have changed"
		compose  = "berth config shows berth's settings"
		merged   = "`docker compose config` shows the merged file"
		once     = "up waits for services, and does not end with one"
		oneOff   = "write `restart: \"no\"` into the service: it is a job then, and its failure ends the run"
	)
	return []habit{
		{verb: "up", flag: "detach", short: "d", why: returns},
		{verb: "up", flag: "wait", why: returns},
		{verb: "up", flag: "build", why: built},
		{verb: "up", flag: "quiet-build", why: attached},
		{verb: "up", flag: "quiet-pull", why: attached},
		{verb: "up", flag: "attach", value: true, why: attached},
		{verb: "up", flag: "attach-dependencies", why: attached},
		{verb: "up", flag: "no-attach", value: true, why: attached},
		{verb: "up", flag: "no-log-prefix", why: attached},
		{verb: "up", flag: "timestamps", why: attached},
		{verb: "up", flag: "menu", why: attached},
		{verb: "up", flag: "wait-timeout", value: true, why: "the time of a run is another flag", instead: "--timeout 10m"},
		{verb: "up", flag: "force-recreate", why: "up does not touch services that have not changed", instead: "`berth restart SERVICE` starts its tasks anew"},
		{verb: "up", flag: "always-recreate-deps", why: "up does not touch services that have not changed", instead: "`berth restart SERVICE` starts its tasks anew"},
		{verb: "up", flag: "no-recreate", why: "up changes what differs from the file", instead: "name the services to bring up: `berth up web`"},
		{verb: "up", flag: "no-deps", why: "a service needs what it depends on; what has not changed is not touched", instead: "leave it out"},
		{verb: "up", flag: "no-build", why: built, instead: "name the image with `image:` in place of `build:`"},
		{verb: "up", flag: "no-start", why: "berth makes a service and starts it in one step", instead: "`berth plan` shows what up would make"},
		{verb: "up", flag: "pull", value: true, why: "each task pulls its image when it starts", instead: "a new tag or digest in the file starts new tasks"},
		{verb: "up", flag: "renew-anon-volumes", short: "V", why: "anonymous volumes are new in each task", instead: "leave it out"},
		{verb: "up", flag: "scale", value: true, why: "the file says how many tasks run", instead: "write `deploy: {replicas: 3}` into the service"},
		{verb: "up", flag: "abort-on-container-exit", why: once, instead: oneOff},
		{verb: "up", flag: "abort-on-container-failure", why: once, instead: oneOff},
		{verb: "up", flag: "exit-code-from", value: true, why: once, instead: oneOff},
		{verb: "up", flag: "watch", short: "w", why: "berth deploys what is in the files when up begins", instead: "run `berth up` again after a change"},

		{verb: "down", flag: "volumes", short: "v", why: "volumes hold data", instead: "--delete-data deletes them with secrets, log groups and snapshots; it asks for the project's name"},
		{verb: "down", flag: "rmi", value: true, why: "down deletes the repository of the images that berth built, and no others", instead: "leave it out"},

		{verb: "logs", flag: "until", value: true, why: "berth shows lines up to now", instead: "--since and --tail choose where to begin"},
		{verb: "logs", flag: "index", value: true, why: "berth merges the tasks of a service", instead: "--json names the task of each line"},
		{verb: "logs", flag: "no-log-prefix", why: "berth puts the service before each line", instead: "--json has the text alone, in the field text"},

		{verb: "ps", flag: "all", short: "a", why: "berth shows all services and jobs"},
		{verb: "ps", flag: "orphans", why: "berth shows the services of the file", instead: "`berth infra status` lists what is not in the file"},
		{verb: "ps", flag: "no-trunc", why: "the table shortens ids", instead: "--json has them whole"},
		{verb: "ps", flag: "quiet", short: "q", why: "ids of tasks are in the JSON", instead: "berth ps --json | jq -r '.services[].tasks[].id'"},
		{verb: "ps", flag: "services", why: "names of services are in the JSON", instead: "berth ps --json | jq -r '.services[].name'"},
		{verb: "ps", flag: "status", value: true, why: "states are in the JSON", instead: "berth ps --json | jq '.services[] | select(.state == \"failed\")'"},
		{verb: "ps", flag: "filter", value: true, why: "states are in the JSON", instead: "berth ps --json | jq '.services[] | select(.state == \"failed\")'"},
		{verb: "ps", flag: "format", value: true, why: "there are two forms, a table and JSON", instead: "--json"},

		{verb: "config", flag: "format", value: true, why: compose, instead: "--json, or " + merged},
		{verb: "config", flag: "services", why: compose, instead: merged},
		{verb: "config", flag: "volumes", why: compose, instead: merged},
		{verb: "config", flag: "images", why: compose, instead: merged},
		{verb: "config", flag: "profiles", why: compose, instead: merged},
		{verb: "config", flag: "environment", why: compose, instead: merged},
		{verb: "config", flag: "hash", value: true, why: compose, instead: merged},
		{verb: "config", flag: "output", short: "o", value: true, why: compose, instead: "berth config --json > FILE"},
		{verb: "config", flag: "resolve-image-digests", why: compose, instead: merged},
		{verb: "config", flag: "no-interpolate", why: compose, instead: merged},

		{flag: "dry-run", why: "a dry run is a verb", instead: "`berth plan`, or `berth plan --down`"},
		{flag: "project-directory", value: true, why: "the folder is another flag", instead: "-C DIR"},
		{flag: "ansi", value: true, why: "colours and the live progress are only for terminals", instead: "--no-color, and `| cat` for plain lines"},
		{flag: "progress", value: true, why: "the live progress is only for terminals", instead: "`2>&1 | cat` for plain lines, --json for JSON"},
		{flag: "parallel", value: true, why: "berth makes as many calls side by side as AWS allows"},
		{flag: "compatibility", why: "berth names objects by its own rules"},
	}
}

// habitual marks the flags of habits.
const habitual = "docker compose"

// acceptHabits adds the flags of habits to the verbs, hidden: they are not berth's.
// A verb that has such a flag itself keeps its own.
func acceptHabits(root *cobra.Command) {
	for _, h := range habits() {
		if h.verb == "" {
			h.add(root.PersistentFlags())
			continue
		}
		for _, parent := range root.Commands() {
			for _, c := range slices.Concat(parent.Commands(), []*cobra.Command{parent}) {
				if c.Name() == h.verb && (c == parent || parent.Name() == "compose") {
					h.add(c.Flags())
				}
			}
		}
	}
}

func (h habit) add(f *pflag.FlagSet) {
	if f.Lookup(h.flag) != nil {
		return
	}
	if h.short != "" && f.ShorthandLookup(h.short) != nil {
		h.short = ""
	}
	if h.value {
		f.StringArrayP(h.flag, h.short, nil, h.why)
	} else {
		f.BoolP(h.flag, h.short, false, h.why)
	}
	flag := f.Lookup(h.flag)
	flag.Hidden = true
	flag.Annotations = map[string][]string{habitual: {h.instead}}
}

// answerHabits says what to do instead of the flags that a user of docker compose
// has typed and that berth would not follow.
func answerHabits(c *cobra.Command) error {
	var errs []error
	c.Flags().Visit(func(f *pflag.Flag) {
		if answer := f.Annotations[habitual]; len(answer) == 1 && answer[0] != "" {
			errs = append(errs, &remedyError{err: fmt.Errorf("--%s is docker compose's: %s", f.Name, f.Usage), remedy: answer[0]})
		}
	})
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}

// followLogs turns `logs -f` into `logs --follow`, as docker compose has it. Before
// the verb -f is the Compose file.
func followLogs(args []string, flags *pflag.FlagSet) []string {
	verb := slices.IndexFunc(args, words(flags, "logs"))
	if verb < 0 {
		return args
	}
	out := slices.Clone(args[:verb+1])
	for i, arg := range args[verb+1:] {
		if arg == "--" {
			return append(out, args[verb+1+i:]...)
		}
		if len(arg) > 1 && arg[0] == '-' && arg[1] != '-' {
			out = append(out, following(arg[1:])...)
			continue
		}
		out = append(out, arg)
	}
	return out
}

// following splits a group of short flags at its f, which may stand beside -t.
func following(group string) []string {
	switch group {
	case "f":
		return []string{"--follow"}
	case "ft", "tf":
		return []string{"--follow", "-t"}
	}
	return []string{"-" + group}
}

// words returns a function that finds, called with argument after argument, the one
// that is the verb, `compose` before it aside, if it is this one.
func words(flags *pflag.FlagSet, verb string) func(arg string) bool {
	value, past := false, false
	return func(arg string) bool {
		switch {
		case past:
			return false
		case value:
			value = false
			return false
		case len(arg) > 1 && arg[0] == '-':
			value = takesNext(flags, arg)
			return false
		case arg == "compose":
			return false
		}
		past = true
		return arg == verb
	}
}

// takesNext says whether the value of a flag is the next argument.
func takesNext(flags *pflag.FlagSet, arg string) bool {
	var f *pflag.Flag
	if arg[1] == '-' {
		f = flags.Lookup(arg[2:]) // with a value behind = it finds none
	} else {
		f = flags.ShorthandLookup(arg[len(arg)-1:])
		if first := flags.ShorthandLookup(arg[1:2]); len(arg) > 2 && first != nil && first.NoOptDefVal == "" {
			return false // -fFILE
		}
	}
	return f != nil && f.NoOptDefVal == ""
}
