package project

import "github.com/compose-spec/compose-go/v2/types"

// Options say what to read. The zero value reads the files of the current
// folder for the environment dev.
type Options struct {
	// Dir is the folder to work in (-C); empty is the current one.
	Dir string
	// Files are the Compose files (-f) in the order in which they are merged;
	// without any, the default names are looked for in Dir and above it.
	Files []string
	// Stdin is the content of the file "-" among Files.
	Stdin []byte
	// EnvFiles (--env-file) replace .env.
	EnvFiles []string
	// Name is the project's name (-p).
	Name string
	// Environment (-e) chooses the overlays. Empty is dev, without an overlay.
	Environment string
	// Profiles (--profile) are the Compose profiles to enable.
	Profiles []string
	// Env are the variables of the shell, as os.Environ gives them.
	Env []string

	// implicit says that Environment was empty.
	implicit bool
}

// variableFiles are the files in which a user sets a variable.
func (o Options) variableFiles() string {
	if o.implicit {
		return ".env"
	}
	return ".env." + o.Environment + ", in .env"
}

// Project is the content of the files.
type Project struct {
	// Compose is compose-go's project: merged, with paths resolved and variables
	// filled in. Variables without a value are still in it: see Unset.
	Compose *types.Project
	// XBerth is x-berth at the top level, Services x-berth in the services, by name.
	// Both include x-defang and x-aws keys.
	XBerth   XBerth
	Services map[string]XService
	// Filled says which values under environment come from variables.
	Filled Filled
	// FromFiles says which variables come from an env_file, and where they stand there.
	FromFiles FromFiles
	// Positions know the place of each key.
	Positions *Positions
	// Files are the Compose files that were read, including those of include and
	// extends; files inside of Dir are relative to it.
	Files []string
	// Environment is the environment as the user calls it, "dev" without -e.
	Environment string
	// Overlay is the name of a file, relative to Dir, that berth reads after all
	// others if it is there, and docker compose does not: compose.berth.yaml.
	Overlay string
	// Dir is the absolute path of the first file's folder.
	Dir string
	// Later are the keys that berth understands but cannot handle yet.
	Later []Later
	Git   Git
	// Notices and Problems were found while reading; app.From adds its own.
	Notices  []Notice
	Problems []Problem
}

// Later is a key whose meaning berth knows but cannot handle yet.
type Later struct {
	At Position
	// What is the key and its owner, such as "host of service web".
	What string
	// Comes says what it is waiting for, such as "host names and TLS".
	Comes string
}

// DefaultEnvironment is the environment without -e.
const DefaultEnvironment = "dev"
