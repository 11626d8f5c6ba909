package command

// taught are the commands of other tools that berth has not, with what to do in
// berth. Words that only mean one of berth's commands are in its SuggestFor.
func taught() map[string]string {
	const (
		stop   = "services on Fargate cannot be stopped: write `deploy: {replicas: 0}` and run `berth up`, or delete the project with `berth down`"
		build  = "`berth up` builds, pushes and pulls images as far as their files have changed"
		shell  = "berth opens no shell in a task; `berth logs SERVICE` shows its output, and a service with `restart: \"no\"` is a job that runs a command once"
		status = "`berth ps` shows what runs, `berth infra status` every resource"
		file   = "the Compose file says it; `berth plan` shows what a change of it does"
	)
	return map[string]string{
		"apply": "`berth up` makes AWS match the Compose file; `berth plan` shows it before", "launch": "`berth up`",
		"provision": "`berth up`", "release": "`berth up`", "sync": "`berth up`; `berth dns sync` for host names without a load balancer",
		"stop": stop, "pause": stop, "unpause": stop, "kill": stop,
		"build": build, "push": build, "pull": build,
		"exec": shell, "attach": shell, "cp": shell, "ssh": shell, "run": shell,
		"top": status, "stats": status, "events": status, "images": status, "volumes": status, "port": status, "outputs": status,
		"output": status, "show": status, "describe": status, "state": status, "refresh": status,
		"scale":    "write `deploy: {replicas: 3}` into the service and run `berth up`",
		"rollback": "AWS rolls a failed deployment back by itself; to go back, run `berth up` with the older files",
		"init":     "there is nothing to set up: `berth plan` in the folder of a Compose file", "new": "there is nothing to set up: `berth plan` in the folder of a Compose file",
		"login": "berth uses the credentials of the AWS CLI: `berth auth` shows which", "configure": "berth uses the credentials of the AWS CLI: `berth auth` shows which",
		"whoami": "`berth auth`", "import": "`berth up --adopt ADDRESS` takes over what exists",
		"env": "-e NAME chooses the environment; " + file, "workspace": "-e NAME chooses the environment", "set": file,
		"secrets": "`berth secret ls`", "watch": "`berth logs -f`", "tail": "`berth logs -f`", "fmt": file, "lint": "`berth config` checks the files",
		"convert": "berth reads the Compose file as it is: `berth plan`", "force-unlock": "`berth unlock --force`", "man": "the release archive has manual pages; `berth help VERB` shows the same",
	}
}
