package dockerfile

import (
	"cmp"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/berthdev/berth/internal/regular"
)

// File is what a Dockerfile says about its last stage, or about the target.
type File struct {
	// From is the image that it starts from.
	From string
	// Ports are the arguments of its EXPOSE lines: 80, 53/udp, 8000-8010.
	Ports []string
	// Stages are the names of all stages that have one.
	Stages []string
	// Lacks says that the target is not among its stages.
	Lacks bool
}

// maxDockerfile is the largest Dockerfile that Read reads.
const maxDockerfile = 256 << 10

// Read reads the Dockerfile of a build, if it is on this computer and not larger
// than maxDockerfile. It returns an empty File if it cannot be read: the package
// that reads the whole context reports why.
func Read(b *types.BuildConfig) File {
	if b.DockerfileInline != "" {
		return parse(b.DockerfileInline, b.Target)
	}
	path := cmp.Or(b.Dockerfile, "Dockerfile")
	if !filepath.IsAbs(path) {
		path = filepath.Join(b.Context, path)
	}
	data, err := regular.Read(path, maxDockerfile)
	if err != nil {
		return File{}
	}
	return parse(string(data), b.Target)
}

// stage is one FROM of a Dockerfile with the ports of its EXPOSE lines.
type stage struct {
	name, from string
	ports      []string
}

// parse finds the base image and the exposed ports of the last stage, or of the
// target. A stage that starts from another stage has the ports of both.
func parse(text, target string) File {
	stages := stagesOf(text)
	at := len(stages) - 1
	d := File{Lacks: target != "" && len(stages) > 0}
	for i, s := range stages {
		if s.name != "" {
			d.Stages = append(d.Stages, s.name)
		}
		if target != "" && (strings.EqualFold(s.name, target) || strconv.Itoa(i) == target) {
			at, d.Lacks = i, false
		}
	}
	for at >= 0 {
		d.From = stages[at].from
		d.Ports = append(d.Ports, stages[at].ports...)
		next := -1
		for i := range at {
			if strings.EqualFold(stages[i].name, d.From) {
				next = i
			}
		}
		at = next
	}
	return d
}

// hereDocument matches the start of a here-document, such as <<EOF, which ends at
// a line with the name alone.
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
