package project

import (
	"fmt"

	"github.com/compose-spec/compose-go/v2/types"
)

// resolveFiles reads env_file and label_file of the services that are on. A
// file that cannot be read is a problem of its service and stops no other.
func (l *reader) resolveFiles(p *Project) {
	for name, s := range p.Compose.Services {
		path := Child("services", name)
		s.EnvFiles = l.usableEnvFiles(p, path, s.EnvFiles)
		var labels []string
		for i, f := range s.LabelFiles {
			if err := checkSmallFile(f); err != nil {
				p.Problems = append(p.Problems, fileProblem(p.Positions.At(Item(Child(path, "label_file"), i)), name, l.scan.short(f), err))
				continue
			}
			labels = append(labels, f)
		}
		s.LabelFiles = labels
		p.Compose.Services[name] = s
	}
	resolved, err := p.Compose.WithServicesEnvironmentResolved(false)
	if err == nil {
		resolved, err = resolved.WithServicesLabelsResolved(false)
	}
	if err != nil {
		p.Problems = append(p.Problems, Problem{What: "a file of variables or labels cannot be read", Why: err.Error(), Remedy: "write one NAME=VALUE a line; quote values with spaces or $"})
		return
	}
	p.Compose = resolved
}

func (l *reader) usableEnvFiles(p *Project, path string, files []types.EnvFile) []types.EnvFile {
	var out []types.EnvFile
	for i, f := range files {
		err := checkSmallFile(f.Path)
		if err == nil {
			out = append(out, f)
			continue
		}
		if bool(f.Required) || isPresent(f.Path) {
			at := p.Positions.At(Item(Child(path, "env_file"), i))
			p.Problems = append(p.Problems, fileProblem(at, path[len("services."):], l.scan.short(f.Path), err))
		}
	}
	return out
}

func fileProblem(at Position, service, file string, err error) Problem {
	return Problem{
		At: at, What: fmt.Sprintf("service %s: %s cannot be read", service, file), Why: err.Error(),
		Remedy: "make the file, or mark it as optional: {path: " + file + ", required: false}",
	}
}
