package project

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Positions know the place of every key of the files. A path looks like
// services.web.ports[0].target. An item of a list of plain values is found by its
// index and by its text up to the first "=": services.web.environment.KEY.
type Positions struct {
	at map[string]Position
	// bases are the services that others extend, by the name of the extending one.
	bases map[string]base
	// files are the positions in files that are read for extends only, by file.
	files map[string]*Positions
}

// base is the service that another one extends; file is empty for one of the
// same file.
type base struct {
	file, service string
}

func newPositions() *Positions {
	return &Positions{at: map[string]Position{}, bases: map[string]base{}, files: map[string]*Positions{}}
}

// At is the place of a path or, if it is in no file, of the nearest key above it.
func (p *Positions) At(path string) Position {
	for path != "" {
		if at, ok := p.find(path); ok {
			return at
		}
		path = parentPath(path)
	}
	return Position{}
}

// Paths are the paths of all keys and items, sorted.
func (p *Positions) Paths() []string { return slices.Sorted(maps.Keys(p.at)) }

// Has says whether a path is in a file.
func (p *Positions) Has(path string) bool {
	_, ok := p.find(path)
	return ok
}

func (p *Positions) find(path string) (Position, bool) {
	at, _, ok := p.resolve(path)
	return at, ok
}

// resolve is find, and also returns the path in the file where the key is: for a
// key of an extended service it differs from path.
func (p *Positions) resolve(path string) (at Position, own string, ok bool) {
	in := p
	for range maxExtends {
		if at, ok := in.at[path]; ok {
			return at, path, true
		}
		rest, ok := strings.CutPrefix(path, "services.")
		if !ok {
			return Position{}, "", false
		}
		name, b, ok := in.baseOf(rest)
		if !ok {
			return Position{}, "", false
		}
		path = "services." + b.service + strings.TrimPrefix(rest, name)
		if b.file != "" {
			if in = p.files[b.file]; in == nil {
				return Position{}, "", false
			}
		}
	}
	return Position{}, "", false
}

// baseOf finds the service of a path below services, and the service that it
// extends. Names may contain dots, so it tries all prefixes.
func (p *Positions) baseOf(rest string) (string, base, bool) {
	for i := 0; i <= len(rest); i++ {
		if i < len(rest) && rest[i] != '.' && rest[i] != '[' {
			continue
		}
		if b, ok := p.bases[rest[:i]]; ok {
			return rest[:i], b, true
		}
	}
	return "", base{}, false
}

// maxExtends is the longest chain of extends that berth follows.
const maxExtends = 20

// forget removes a path and all paths below it.
func (p *Positions) forget(path string) {
	for k := range p.at {
		if k == path || strings.HasPrefix(k, path+".") || strings.HasPrefix(k, path+"[") {
			delete(p.at, k)
		}
	}
}

// Child is the path of a key below another.
func Child(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// Item is the path of an item of a list.
func Item(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

func parentPath(path string) string {
	i := strings.LastIndexAny(path, ".[")
	if i < 0 {
		return ""
	}
	return path[:i]
}
