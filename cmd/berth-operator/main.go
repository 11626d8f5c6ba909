// Command berth-operator keeps AWS as AWSProvider and ECSCluster objects of a
// Kubernetes cluster say. `berth operator` starts it.
package main

import (
	"os"

	"github.com/berthdev/berth/internal/operator/program"
)

// Set by the release build.
var version = "dev"

func main() { os.Exit(program.Main(os.Args[1:], os.Stdout, os.Stderr, version)) }
