package app

import (
	"cmp"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/berthdev/berth/internal/regular"
)

// dockerfile is what a Dockerfile tells of the image's last stage.
type dockerfile struct {
	// from is the image that it starts from.
	from string
	// ports are the words of its EXPOSE lines: 80, 53/udp, 8000-8010.
	ports []string
	// stages are the names of all stages that have one.
	stages []string
	// lacks says that the target is not among its stages.
	lacks bool
}

// maxDockerfile bounds what is read of a Dockerfile.
const maxDockerfile = 256 << 10

// dockerfile reads the Dockerfile of a build, if it is here and small. A
// Dockerfile that cannot be read tells nothing: whoever reads the context says
// why.
func (w *workload) dockerfile() dockerfile {
	if w.docker == nil {
		d := readDockerfile(w.compose.Build)
		w.docker = &d
	}
	return *w.docker
}

func readDockerfile(b *types.BuildConfig) dockerfile {
	if b.DockerfileInline != "" {
		return parseDockerfile(b.DockerfileInline, b.Target)
	}
	path := cmp.Or(b.Dockerfile, "Dockerfile")
	if !filepath.IsAbs(path) {
		path = filepath.Join(b.Context, path)
	}
	data, err := regular.Read(path, maxDockerfile)
	if err != nil {
		return dockerfile{}
	}
	return parseDockerfile(string(data), b.Target)
}

// stage is one FROM of a Dockerfile with the ports of its EXPOSE lines.
type stage struct {
	name, from string
	ports      []string
}

// parseDockerfile finds what the last stage, or the target, starts from and
// exposes. A stage that starts from another one has that one's ports too.
func parseDockerfile(text, target string) dockerfile {
	stages := stagesOf(text)
	at := len(stages) - 1
	d := dockerfile{lacks: target != "" && len(stages) > 0}
	for i, s := range stages {
		if s.name != "" {
			d.stages = append(d.stages, s.name)
		}
		if target != "" && (strings.EqualFold(s.name, target) || strconv.Itoa(i) == target) {
			at, d.lacks = i, false
		}
	}
	for at >= 0 {
		d.from = stages[at].from
		d.ports = append(d.ports, stages[at].ports...)
		next := -1
		for i := range at {
			if strings.EqualFold(stages[i].name, d.from) {
				next = i
			}
		}
		at = next
	}
	return d
}

// hereDocument is the word that begins a text inside of a Dockerfile, which
// goes to a line with the rest of the word alone.
var hereDocument = regexp.MustCompile(`^[0-9]*<<-?["']?([A-Za-z_][A-Za-z0-9_]*)["']?$`)

func stagesOf(text string) []stage {
	var stages []stage
	var until []string // the ends of the here-documents that the line is in
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for line := range strings.Lines(strings.ReplaceAll(text, "\\\n", " ")) {
		words := strings.Fields(line)
		if len(until) > 0 {
			if strings.TrimSpace(line) == until[0] {
				until = until[1:]
			}
			continue
		}
		for _, word := range words {
			if m := hereDocument.FindStringSubmatch(word); m != nil {
				until = append(until, m[1])
			}
		}
		if len(words) < 2 {
			continue
		}
		switch strings.ToUpper(words[0]) {
		case "FROM":
			words = words[1:]
			for len(words) > 0 && strings.HasPrefix(words[0], "--") {
				words = words[1:]
			}
			s := stage{}
			if len(words) > 0 {
				s.from = words[0]
			}
			if len(words) > 2 && strings.EqualFold(words[1], "as") {
				s.name = words[2]
			}
			stages = append(stages, s)
		case "EXPOSE":
			if len(stages) == 0 {
				continue
			}
			for _, p := range words[1:] {
				if strings.HasPrefix(p, "#") {
					break
				}
				if !strings.Contains(p, "$") {
					stages[len(stages)-1].ports = append(stages[len(stages)-1].ports, p)
				}
			}
		}
	}
	return stages
}
