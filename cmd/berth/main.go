// Command berth runs Compose files on AWS ECS and Fargate.
package main

import (
	"os"

	"github.com/berthdev/berth/internal/command"
	"github.com/berthdev/berth/internal/command/cli"
)

// Set by the release build.
var (
	version = "dev"
	commit  = ""
	date    = ""
)

func main() {
	os.Exit(command.Main(os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr},
		cli.Build{Version: version, Commit: commit, Date: date}))
}
