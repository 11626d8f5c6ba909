package project

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/berthdev/berth/internal/regular"
)

// resolveFiles reads env_file and label_file of the enabled services. If a file
// cannot be read, that is a problem of its service, and the others are read.
func (l *reader) resolveFiles(p *Project) {
	for name, s := range p.Compose.Services {
		path := Child("services", name)
		l.fill(p, name, s)
		f := fileReader{reader: l, project: p, service: name}
		s.Environment = f.environment(s, path)
		s.Labels = f.labels(s, path)
		p.Compose.Services[name] = s
	}
}

// fileReader reads the files of variables and labels of one service.
type fileReader struct {
	*reader
	project *Project
	service string
}

// environment is the variables of the service's files, later files before earlier
// ones, and before all of them the service's environment.
func (f *fileReader) environment(s types.ServiceConfig, path string) types.MappingWithEquals {
	env := s.Environment.Resolve(f.src.env.Resolve)
	vars := map[string]string{}
	lookup := func(name string) (string, bool) {
		if v, ok := f.src.env[name]; ok {
			return v, true
		}
		if v := env[name]; v != nil {
			return *v, true
		}
		v, ok := vars[name]
		return v, ok
	}
	for i, file := range s.EnvFiles {
		at := f.project.Positions.At(Item(Child(path, "env_file"), i))
		if !bool(file.Required) && !isPresent(file.Path) {
			continue
		}
		values, lines, err := f.variables(file, lookup)
		if err != nil {
			remedy := "correct the file"
			if !isPresent(file.Path) {
				remedy = "create the file, or make it optional: {path: " + f.scan.short(file.Path) + ", required: false}"
			}
			f.problem(at, file.Path, err, remedy)
			continue
		}
		for k, v := range values {
			vars[k] = v
			if _, named := env[k]; !named {
				f.project.FromFiles.add(f.service, k, Position{File: f.scan.short(file.Path), Line: lines[k]})
			}
		}
	}
	if len(vars) == 0 {
		return env
	}
	return types.Mapping(vars).ToMappingWithEquals().OverrideBy(env)
}

// variables reads one file of variables. lines are those that set them, the last one of
// each.
func (f *fileReader) variables(file types.EnvFile, lookup dotenv.LookupFn) (values map[string]string, lines map[string]int, err error) {
	data, err := regular.Read(file.Path, maxFile)
	if err == nil {
		err = checkText(data)
	}
	if err != nil {
		return nil, nil, err
	}
	switch file.Format {
	case "":
	case "raw":
		values, lines = rawVariables(string(data))
		return values, lines, nil
	default:
		return nil, nil, fmt.Errorf("berth does not know the format %q", file.Format)
	}
	asked := map[string]bool{}
	values, err = dotenv.ParseWithLookup(bytes.NewReader(data), func(name string) (string, bool) {
		v, ok := lookup(name)
		asked[name] = asked[name] || !ok
		return v, ok
	})
	if err != nil {
		return nil, nil, variablesError(err)
	}
	lines = map[string]int{}
	for _, a := range fillings(string(data)) {
		lines[a.name] = a.line
	}
	f.project.Notices = append(f.project.Notices, dollars(string(data), f.scan.short(file.Path), values, func(name string) bool {
		_, here := values[name]
		return asked[name] && !here
	})...)
	return values, lines, nil
}

// rawVariables reads lines of NAME=VALUE literally, with quotes and $. lines are those
// that set a variable, the last one of each.
func rawVariables(text string) (values map[string]string, lines map[string]int) {
	values, lines = map[string]string{}, map[string]int{}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\r\n")
		name, value, ok := strings.Cut(line, "=")
		if ok && !strings.HasPrefix(strings.TrimSpace(line), "#") {
			name = strings.TrimSpace(name)
			values[name], lines[name] = value, n
		}
	}
	return values, lines
}

// labels are the labels of the service's files, and before them its own.
func (f *fileReader) labels(s types.ServiceConfig, path string) types.Labels {
	all := types.Labels{}
	for i, file := range s.LabelFiles {
		data, err := regular.Read(file, maxFile)
		var values map[string]string
		if err == nil {
			if values, err = dotenv.ParseWithLookup(bytes.NewReader(data), func(string) (string, bool) { return "", false }); err != nil {
				err = variablesError(err)
			}
		}
		if err != nil {
			f.problem(f.project.Positions.At(Item(Child(path, "label_file"), i)), file, err, "correct the name, or the file")
			continue
		}
		for k, v := range values {
			all[k] = v
		}
	}
	if len(all) == 0 {
		return s.Labels
	}
	for k, v := range s.Labels {
		all[k] = v
	}
	return all
}

func (f *fileReader) problem(at Position, file string, err error, remedy string) {
	p := Problem{At: at, What: fmt.Sprintf("service %s: %s cannot be read", f.service, f.scan.short(file)), Why: err.Error(), Remedy: remedy}
	if !slices.Contains(f.project.Problems, p) {
		f.project.Problems = append(f.project.Problems, p)
	}
}
