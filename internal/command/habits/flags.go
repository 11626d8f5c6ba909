package habits

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Flag is a flag of docker compose that berth does not need.
type Flag struct {
	// Verb is the command that has it; empty stands for all. Name is written with --,
	// Short with -.
	Verb, Name, Short string
	// Value says that the flag takes a value.
	Value bool
	// Why says why the flag changes nothing, or why berth refuses it.
	Why string
	// Instead is what to do instead; empty if the flag is accepted.
	Instead string
}

// List are the flags that docker compose has on verbs that berth has, too.
// Accepted are those that ask for what berth does anyway; where one asks for
// something else, the answer is berth's own way.
func List() []Flag {
	const (
		attached = "berth shows no logs during up"
		returns  = "up ends when the services are healthy, and they go on running"
		built    = "images are built when their files have changed"
		compose  = "berth config shows berth's settings"
		merged   = "`docker compose config` shows the merged file"
		once     = "up waits for services, and does not end with one"
		oneOff   = "write `restart: \"no\"` into the service: it is a job then, and its failure ends the run"
	)
	return append([]Flag{
		{Verb: "up", Name: "detach", Short: "d", Why: returns},
		{Verb: "up", Name: "wait", Why: returns},
		{Verb: "up", Name: "build", Why: built},
		{Verb: "up", Name: "quiet-build", Why: attached},
		{Verb: "up", Name: "quiet-pull", Why: attached},
		{Verb: "up", Name: "attach", Value: true, Why: attached},
		{Verb: "up", Name: "attach-dependencies", Why: attached},
		{Verb: "up", Name: "no-attach", Value: true, Why: attached},
		{Verb: "up", Name: "no-log-prefix", Why: attached},
		{Verb: "up", Name: "timestamps", Why: attached},
		{Verb: "up", Name: "menu", Why: attached},
		{Verb: "up", Name: "wait-timeout", Value: true, Why: "the time of a run is another flag", Instead: "--timeout 10m"},
		{Verb: "up", Name: "force-recreate", Why: "up does not touch services that have not changed", Instead: "`berth restart SERVICE` starts its tasks anew"},
		{Verb: "up", Name: "always-recreate-deps", Why: "up does not touch services that have not changed", Instead: "`berth restart SERVICE` starts its tasks anew"},
		{Verb: "up", Name: "no-recreate", Why: "up changes what differs from the file", Instead: "name the services to bring up: `berth up web`"},
		{Verb: "up", Name: "no-deps", Why: "a service needs what it depends on; what has not changed is not touched", Instead: "leave it out"},
		{Verb: "up", Name: "no-build", Why: built, Instead: "name the image with `image:` in place of `build:`"},
		{Verb: "up", Name: "no-start", Why: "berth makes a service and starts it in one step", Instead: "`berth plan` shows what up would make"},
		{Verb: "up", Name: "pull", Value: true, Why: "each task pulls its image when it starts", Instead: "a new tag or digest in the file starts new tasks"},
		{Verb: "up", Name: "renew-anon-volumes", Short: "V", Why: "anonymous volumes are new in each task", Instead: "leave it out"},
		{Verb: "up", Name: "scale", Value: true, Why: "the file says how many tasks run", Instead: "write `deploy: {replicas: 3}` into the service"},
		{Verb: "up", Name: "abort-on-container-exit", Why: once, Instead: oneOff},
		{Verb: "up", Name: "abort-on-container-failure", Why: once, Instead: oneOff},
		{Verb: "up", Name: "exit-code-from", Value: true, Why: once, Instead: oneOff},
		{Verb: "up", Name: "watch", Short: "w", Why: "berth deploys what is in the files when up begins", Instead: "run `berth up` again after a change"},

		{Verb: "down", Name: "volumes", Short: "v", Why: "volumes hold data", Instead: "--delete-data deletes them with secrets, log groups and snapshots; it asks for the project's name"},
		{Verb: "down", Name: "rmi", Value: true, Why: "down deletes the repository of the images that berth built, and no others", Instead: "leave it out"},

		{Verb: "logs", Name: "until", Value: true, Why: "berth shows lines up to now", Instead: "--since and --tail choose where to begin"},
		{Verb: "logs", Name: "index", Value: true, Why: "berth merges the tasks of a service", Instead: "--json names the task of each line"},
		{Verb: "logs", Name: "no-log-prefix", Why: "berth puts the service before each line", Instead: "--json has the text alone, in the field text"},

		{Verb: "ps", Name: "all", Short: "a", Why: "berth shows all services and jobs"},
		{Verb: "ps", Name: "orphans", Why: "berth shows the services of the file", Instead: "`berth infra status` lists what is not in the file"},
		{Verb: "ps", Name: "no-trunc", Why: "the table shortens ids", Instead: "--json has them whole"},
		{Verb: "ps", Name: "quiet", Short: "q", Why: "ids of tasks are in the JSON", Instead: "`berth ps --json | jq -r '.services[].tasks[].id'`"},
		{Verb: "ps", Name: "services", Why: "names of services are in the JSON", Instead: "`berth ps --json | jq -r '.services[].name'`"},
		{Verb: "ps", Name: "status", Value: true, Why: "states are in the JSON", Instead: "`berth ps --json | jq '.services[] | select(.state == \"failed\")'`"},
		{Verb: "ps", Name: "filter", Value: true, Why: "states are in the JSON", Instead: "`berth ps --json | jq '.services[] | select(.state == \"failed\")'`"},
		{Verb: "ps", Name: "format", Value: true, Why: "there are two forms, a table and JSON", Instead: "--json"},

		{Verb: "config", Name: "format", Value: true, Why: compose, Instead: "--json, or " + merged},
		{Verb: "config", Name: "services", Why: compose, Instead: merged},
		{Verb: "config", Name: "volumes", Why: compose, Instead: merged},
		{Verb: "config", Name: "images", Why: compose, Instead: merged},
		{Verb: "config", Name: "profiles", Why: compose, Instead: merged},
		{Verb: "config", Name: "environment", Why: compose, Instead: merged},
		{Verb: "config", Name: "hash", Value: true, Why: compose, Instead: merged},
		{Verb: "config", Name: "output", Short: "o", Value: true, Why: compose, Instead: "`berth config --json > FILE`"},
		{Verb: "config", Name: "resolve-image-digests", Why: compose, Instead: merged},
		{Verb: "config", Name: "no-interpolate", Why: compose, Instead: merged},

		{Name: "dry-run", Why: "a dry run is a verb", Instead: "`berth plan`, or `berth plan --down`"},
		{Name: "project-directory", Value: true, Why: "the folder is another flag", Instead: "-C DIR"},
		{Name: "ansi", Value: true, Why: "colours and the live progress are only for terminals", Instead: "--no-color, and `| cat` for plain lines"},
		{Name: "progress", Value: true, Why: "the live progress is only for terminals", Instead: "`2>&1 | cat` for plain lines, --json for JSON"},
		{Name: "parallel", Value: true, Why: "berth makes as many calls side by side as AWS allows"},
		{Name: "compatibility", Why: "berth names objects by its own rules"},
	}, ofRun()...)
}

// ofRun are the flags of docker compose run.
func ofRun() []Flag {
	return []Flag{
		{Verb: "run", Name: "rm", Why: "ECS forgets a task an hour after its end"},
		{Verb: "run", Name: "no-deps", Why: "run starts nothing else"},
		{Verb: "run", Name: "no-TTY", Short: "T", Why: "a task has no terminal"},
		{Verb: "run", Name: "interactive", Short: "i", Why: "a one-off task has no standard input", Instead: "leave it out"},
		{Verb: "run", Name: "entrypoint", Value: true, Why: "ECS cannot replace the entry point of a task definition", Instead: "set `entrypoint` in the file"},
		{Verb: "run", Name: "publish", Value: true, Why: "no traffic goes to a one-off task", Instead: "leave it out"},
		{Verb: "run", Name: "name", Value: true, Why: "ECS gives a task its id", Instead: "leave it out"},
		{Verb: "run", Name: "user", Short: "u", Value: true, Why: "ECS cannot replace the user of a task definition", Instead: "set `user` in the file"},
		{Verb: "run", Name: "workdir", Short: "w", Value: true, Why: "ECS cannot replace the working directory of a task definition", Instead: "set `working_dir` in the file"},
	}
}

// habitual marks the flags of List.
const habitual = "docker compose"

// Accept adds the flags of List to the verbs, hidden: they are not berth's.
// A verb that has such a flag itself keeps its own.
func Accept(root *cobra.Command) {
	for _, h := range List() {
		if h.Verb == "" {
			h.add(root.PersistentFlags())
			continue
		}
		for _, parent := range root.Commands() {
			for _, c := range slices.Concat(parent.Commands(), []*cobra.Command{parent}) {
				if c.Name() == h.Verb && (c == parent || parent.Name() == "compose") {
					h.add(c.Flags())
				}
			}
		}
	}
}

func (h Flag) add(f *pflag.FlagSet) {
	if f.Lookup(h.Name) != nil {
		return
	}
	if h.Short != "" && f.ShorthandLookup(h.Short) != nil {
		h.Short = ""
	}
	if h.Value {
		f.StringArrayP(h.Name, h.Short, nil, h.Why)
	} else {
		f.BoolP(h.Name, h.Short, false, h.Why)
	}
	flag := f.Lookup(h.Name)
	flag.Hidden = true
	flag.Annotations = map[string][]string{habitual: {h.Instead}}
}

// Answer says what to do instead of the flags that a user of docker compose
// has typed and that berth would not follow.
func Answer(c *cobra.Command) error {
	var errs []error
	c.Flags().Visit(func(f *pflag.Flag) {
		if answer := f.Annotations[habitual]; len(answer) == 1 && answer[0] != "" {
			errs = append(errs, &Error{err: fmt.Errorf("--%s is docker compose's: %s", f.Name, f.Usage), remedy: answer[0]})
		}
	})
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}

// FollowLogs turns `logs -f` into `logs --follow`, as docker compose has it, and so for
// events. Before the verb -f is the Compose file.
func FollowLogs(args []string, flags *pflag.FlagSet) []string {
	verb := slices.IndexFunc(args, words(flags, "logs"))
	if verb < 0 {
		verb = slices.IndexFunc(args, words(flags, "events"))
	}
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

// Error says that berth has not what was typed, and what to do instead.
type Error struct {
	err    error
	remedy string
}

func (e *Error) Error() string { return e.err.Error() }
func (e *Error) Unwrap() error { return e.err }

// Remedy is what the user can do.
func (e *Error) Remedy() string { return e.remedy }
