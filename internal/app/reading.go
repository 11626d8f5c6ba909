package app

import (
	"fmt"
	"path/filepath"

	"github.com/berthdev/berth/internal/app/capacity"
	"github.com/berthdev/berth/internal/app/keys"
	"github.com/berthdev/berth/internal/project"
)

// reading is what all stages share: the files, the table of keys, the capacity,
// and where problems and notices go.
type reading struct {
	project  *project.Project
	keys     keys.Table
	capacity capacity.Capacity
	problems *Problems
	notices  *[]Notice
}

// at is the place of a path in the files.
func (r reading) at(path string) project.Position { return r.project.Positions.At(path) }

func (r reading) refuse(path, what, why, remedy string) {
	r.problems.Add(Problem{At: r.at(path), What: what, Why: why, Remedy: remedy})
}

func (r reading) notice(path, format string, args ...any) {
	*r.notices = append(*r.notices, Notice{At: r.at(path), Text: fmt.Sprintf(format, args...)})
}

// about is a notice of a service, a network or a volume.
func about(r reading, kind, name, path, format string, args ...any) {
	raise(r, project.Further, kind, name, path, format, args...)
}

// raise is about with what there is to decide.
func raise(r reading, c project.Concern, kind, name, path, format string, args ...any) {
	*r.notices = append(*r.notices, Notice{At: r.at(path), Concern: c, Kind: kind, Names: []string{name}, Text: fmt.Sprintf(format, args...)})
}

// tell reports what another package has found.
func tell(r reading, problems []Problem, notices []Notice) {
	r.problems.List = append(r.problems.List, problems...)
	*r.notices = append(*r.notices, notices...)
}

// isManaged says whether AWS runs a service as a managed database.
func (r reading) isManaged(name string) bool { return r.project.Services[name].Database() != nil }

// isInternal says whether all networks of a service are internal.
func (r reading) isInternal(names []string) bool {
	for _, n := range names {
		if !r.project.Compose.Networks[n].Internal {
			return false
		}
	}
	return len(names) > 0
}

// short is a path as it is shown: relative to the project's folder.
func (r reading) short(path string) string {
	rel, err := filepath.Rel(r.project.Dir, path)
	switch {
	case err != nil || !filepath.IsLocal(rel) || !filepath.IsAbs(path):
		return path
	case rel == ".":
		return "."
	}
	return "./" + filepath.ToSlash(rel)
}

// relative is a path relative to the project's folder, even if it is outside of
// it: a build's key must not depend on where the project is.
func (r reading) relative(path string) string {
	rel, err := filepath.Rel(r.project.Dir, path)
	if err != nil || filepath.IsLocal(rel) || !filepath.IsAbs(path) {
		return r.short(path)
	}
	return filepath.ToSlash(rel)
}
