package mounted

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/credential"
	"github.com/berthdev/berth/internal/regular"
)

// Most bounds the files of a folder that FindCredential reads, and maxText the
// size of each: credentials are in small files.
const (
	Most    = 1000
	maxText = 32 << 10
)

// Histories are the names of the folders, or files, in which version control keeps
// all that a project ever had: old credentials, and programs that it runs. They
// are left out of what is mounted.
func Histories() []string { return []string{".git", ".hg", ".svn", ".bzr", ".jj"} }

// InHistory says whether a path with slashes is one of the Histories, or in one.
func InHistory(path string) bool {
	return slices.ContainsFunc(strings.Split(path, "/"), func(name string) bool { return slices.Contains(Histories(), name) })
}

// Within says whether a path is a folder or in it.
func Within(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rel)
}

// InProject is a path relative to the project's folder, with slashes and all
// links resolved: a link alone in an image would lead nowhere. ok is false if the
// path is outside of the folder, or does not exist.
func InProject(project, source string) (rel string, ok bool) {
	dir, err1 := filepath.EvalSymlinks(project)
	target, err2 := filepath.EvalSymlinks(source)
	if err1 != nil || err2 != nil || !Within(dir, target) {
		return "", false
	}
	rel, err := filepath.Rel(dir, target)
	return filepath.ToSlash(rel), err == nil
}

// IsCredential says whether a file contains a credential.
func IsCredential(file string) bool {
	text, err := regular.Read(file, maxText)
	return err == nil && credential.File(string(text))
}

// FindCredential is the first file with a credential in a folder, relative to it;
// empty without one. all is false if there are more than Most files. Histories do
// not count: they are never in an image.
func FindCredential(folder string) (found string, all bool) {
	left := Most
	_ = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		switch inHistory := path != folder && InHistory(d.Name()); {
		case err == nil && inHistory && d.IsDir():
			return fs.SkipDir
		case err != nil || inHistory || !d.Type().IsRegular():
			return nil //nolint:nilerr // who builds the image says what cannot be read
		}
		if left--; left < 0 {
			return fs.SkipAll
		}
		if IsCredential(path) {
			found, _ = filepath.Rel(folder, path)
			return fs.SkipAll
		}
		return nil
	})
	return found, left >= 0
}
