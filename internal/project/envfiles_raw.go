package project

import (
	"bufio"
	"os"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/types"
)

// formatRaw is the env_file format whose lines are taken as they are. It comes
// with docker compose; compose-go does not know it.
const formatRaw = "raw"

// withRawFiles reads the env_files of a service that has a raw one into its
// environment, in their order. Other services are left to compose-go.
func withRawFiles(s types.ServiceConfig, env types.Mapping) (types.ServiceConfig, error) {
	if !slices.ContainsFunc(s.EnvFiles, func(f types.EnvFile) bool { return f.Format == formatRaw }) {
		return s, nil
	}
	vars := map[string]string{}
	for _, f := range s.EnvFiles {
		if err := readEnvFile(f, vars, env); err != nil {
			return s, err
		}
	}
	all := types.MappingWithEquals{}
	for name, value := range vars {
		all[name] = &value
	}
	s.Environment, s.EnvFiles = all.OverrideBy(s.Environment), nil
	return s, nil
}

func readEnvFile(f types.EnvFile, vars map[string]string, env types.Mapping) error {
	file, err := os.Open(f.Path)
	if err != nil {
		return err
	}
	defer file.Close()
	if f.Format != formatRaw {
		return dotenv.ParseWithFormat(file, f.Path, vars, env.Resolve, f.Format)
	}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		name, value, found := strings.Cut(lines.Text(), "=")
		if found && !strings.HasPrefix(name, "#") {
			vars[strings.TrimSpace(name)] = value
		}
	}
	return lines.Err()
}
