// Command berth runs Compose files on AWS ECS and Fargate.
package main

import (
	"os"

	"github.com/berthdev/berth/internal/command"
)

// Set by the release build.
var (
	version = "dev"
	commit  = ""
	date    = ""
)

func main() {
	os.Exit(command.Main(os.Args[1:], command.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr},
		command.Build{Version: version, Commit: commit, Date: date}))
}
