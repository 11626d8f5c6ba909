package project

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
	"gopkg.in/yaml.v3"

	"github.com/berthdev/berth/internal/regular"
)

// scan reads the files as YAML before compose-go does. It finds the place of every
// key, the files that they include or extend, and input that compose-go must not
// read.
type scan struct {
	dir     string
	env     types.Mapping
	vars    *variables
	content map[string][]byte
	order   []string
	total   int
	stack   []string
	pos     *Positions
	uses    []use
	// texts are uses, and those of the files that are read for extends only.
	texts    []use
	problems []Problem
	notices  []Notice
}

// use is a text with a variable in it.
type use struct {
	path, text string
	at         Position
}

// read scans a file of the project with all that it includes; in is the
// folder that its relative paths start from.
func (s *scan) read(file, in string, from Position) {
	docs := s.parse(file, from)
	for _, doc := range docs {
		s.includes(doc, file, in)
		s.ownKeys(doc, file)
		s.walk(doc, file, s.pos, true)
		s.extends(doc, file, in, s.pos)
	}
}

// parse reads a file within the bounds.
func (s *scan) parse(file string, from Position) []*yaml.Node {
	at := from
	if at == (Position{}) {
		at.File = s.short(file)
	}
	data, known := s.content[file]
	if !known {
		var err error
		if data, err = s.load(file); err != nil {
			s.problems = append(s.problems, Problem{At: at, What: s.short(file) + " cannot be read", Why: err.Error(), Remedy: "correct the name, or the file"})
			return nil
		}
	}
	var odd *NotTextError
	if errors.As(checkText(data), &odd) {
		s.problems = append(s.problems, Problem{
			At: Position{File: s.short(file), Line: odd.Line}, What: "the file is not text", Why: odd.Why,
			Remedy: "save it in UTF-8",
		})
		return nil
	}
	var docs []*yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var doc yaml.Node
		err := decoder.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return docs
		}
		if err != nil {
			s.problems = append(s.problems, yamlProblem(s.short(file), err))
			return docs
		}
		if err := bounded(&doc); err != nil {
			s.problems = append(s.problems, Problem{At: Position{File: s.short(file)}, What: "the file is too complex", Why: err.Error(), Remedy: "write it with fewer anchors and levels"})
			return docs
		}
		s.finite(&doc, file)
		s.twice(&doc, file)
		if len(doc.Content) == 1 {
			docs = append(docs, doc.Content[0])
		}
	}
}

func (s *scan) load(file string) ([]byte, error) {
	data, err := regular.Read(file, maxFile)
	if err != nil {
		return nil, err
	}
	return data, s.keep(file, data)
}

// keep stores the content of a file, if all files together are within the bounds.
func (s *scan) keep(file string, data []byte) error {
	s.total += len(data)
	if len(s.content) >= maxFiles || s.total > maxTotal || len(data) > maxFile {
		return fmt.Errorf("berth reads at most %d files of %d bytes each and %d bytes together", maxFiles, maxFile, maxTotal)
	}
	s.content[file] = data
	s.order = append(s.order, file)
	return nil
}

// includes follows the include key of a document.
func (s *scan) includes(doc *yaml.Node, file, in string) {
	list := child(doc, "include")
	if list == nil || list.Kind != yaml.SequenceNode {
		return
	}
	for _, entry := range list.Content {
		paths, folder := []*yaml.Node{entry}, ""
		if e := alias(entry); e.Kind == yaml.MappingNode {
			paths = scalars(child(e, "path"))
			if d := child(e, "project_directory"); d != nil {
				folder = s.resolved(d.Value, in)
			}
			s.envFiles(child(e, "env_file"), file, in)
		}
		for _, p := range paths {
			target := s.local(p, file, in)
			if target == "" || s.circle(target, p, file) {
				continue
			}
			if folder == "" {
				folder = filepath.Dir(target)
			}
			s.envFile(filepath.Join(folder, ".env"))
			s.stack = append(s.stack, target)
			s.read(target, folder, Position{s.short(file), p.Line})
			s.stack = s.stack[:len(s.stack)-1]
		}
	}
}

// ownKeys gives notice of the settings at the top level of an included file:
// Compose takes only services and the like from it, because it is a project of its
// own.
func (s *scan) ownKeys(doc *yaml.Node, file string) {
	if len(s.stack) == 0 || doc.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(doc.Content); i += 2 {
		key := doc.Content[i]
		if key.Value == "x-berth" || strings.HasPrefix(key.Value, "x-aws-") || strings.HasPrefix(key.Value, "x-defang-") {
			s.notices = append(s.notices, Notice{
				At:   Position{s.short(file), key.Line},
				Text: key.Value + " has no effect in a file that another one includes: write it at the top level of the project's own file",
			})
		}
	}
}

// circle reports a file that includes itself.
func (s *scan) circle(target string, n *yaml.Node, file string) bool {
	for _, f := range s.stack {
		if f == target {
			s.problems = append(s.problems, Problem{
				At: Position{s.short(file), n.Line}, What: "include has a cycle", Why: s.short(target) + " includes itself",
				Remedy: "remove one of the includes",
			})
			return true
		}
	}
	return len(s.stack) > maxExtends
}

// extends follows the extends keys of a document's services.
func (s *scan) extends(doc *yaml.Node, file, in string, pos *Positions) {
	services := child(doc, "services")
	if services == nil || services.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(services.Content); i += 2 {
		name, e := services.Content[i].Value, child(services.Content[i+1], "extends")
		if e == nil {
			continue
		}
		b := base{service: e.Value}
		if e.Kind == yaml.MappingNode {
			if n := child(e, "service"); n != nil {
				b.service = n.Value
			}
			if n := child(e, "file"); n != nil {
				if b.file = s.local(n, file, in); b.file == "" {
					continue
				}
			}
		}
		pos.bases[name] = b
		if b.file != "" {
			s.base(b.file, Position{s.short(file), e.Line})
		}
	}
}

// base scans a file that services extend.
func (s *scan) base(file string, from Position) {
	if _, done := s.pos.files[file]; done {
		return
	}
	pos := newPositions()
	s.pos.files[file] = pos
	for _, doc := range s.parse(file, from) {
		s.walk(doc, file, pos, false)
		s.extends(doc, file, filepath.Dir(file), pos)
	}
}

// local is the absolute path of a file that another one names, or empty if it is
// not a local file.
func (s *scan) local(n *yaml.Node, file, in string) string {
	n = alias(n)
	path := s.resolved(n.Value, in)
	if n.Kind != yaml.ScalarNode || path == "" {
		return ""
	}
	if isRemote(n.Value) {
		s.problems = append(s.problems, Problem{
			At: Position{s.short(file), n.Line}, What: fmt.Sprintf("%q is not a local file", n.Value),
			Why:    "berth reads local files only, because remote ones may change between plan and apply",
			Remedy: "copy the file into the project and name the copy",
		})
		return ""
	}
	return path
}

func (s *scan) resolved(path, in string) string {
	path, err := s.vars.substitute(path, s.env.Resolve)
	if err != nil || path == "" {
		return ""
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(in, path)
	}
	return filepath.Clean(path)
}

// envFiles checks the files of variables of an include.
func (s *scan) envFiles(n *yaml.Node, file, in string) {
	for _, f := range scalars(n) {
		path := s.resolved(f.Value, in)
		if path == "" || f.Value == "/dev/null" {
			continue
		}
		if err := checkSmallFile(path); err != nil {
			s.problems = append(s.problems, Problem{At: Position{s.short(file), f.Line}, What: f.Value + " cannot be read", Why: err.Error(), Remedy: "correct the name, or the file"})
		}
	}
}

// envFile checks a file of variables that is read if it exists.
func (s *scan) envFile(path string) {
	if !isPresent(path) || isFolder(path) {
		return
	}
	if err := checkSmallFile(path); err != nil {
		s.problems = append(s.problems, Problem{At: Position{File: s.short(path)}, What: "the file of variables cannot be read", Why: err.Error(), Remedy: "replace it by a file, or remove it"})
	}
}

// short is a path as it is shown: relative if it is inside of the project's folder.
func (s *scan) short(file string) string { return shortPath(s.dir, file) }

func shortPath(dir, file string) string {
	if rel, err := filepath.Rel(dir, file); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(file)
}

// isRemote says whether Compose would treat a path as the address of a repository
// or a registry.
func isRemote(path string) bool {
	return strings.Contains(path, "://") || strings.HasPrefix(path, "git@")
}
