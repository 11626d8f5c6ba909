package files

import (
	"fmt"
	"strconv"
	"strings"
)

// Refused is what a public file needs that berth does not run.
const Refused = "refused"

// PublicList is the content of public.txt.
type PublicList struct {
	// About are the comments at the top, with their #.
	About string
	// Tried is the day on which the results were written.
	Tried string
	Files []PublicFile
}

// PublicFile is a Compose file of another project, and how berth runs it. The file
// itself is not in this repository: `make public-files` fetches it.
type PublicFile struct {
	// Repository is owner/name on GitHub, Path the file's path there.
	Repository, Path string
	// Commit is the full hash.
	Commit string
	// Needs is what it needed before `up`, separated by commas: "nothing", or Refused.
	Needs string
	// Notices is the number of notices.
	Notices int
	// Reads are the paths in the repository of files that the Compose file reads.
	Reads []string
	// Variables are the lines NAME=VALUE of the files of variables that its
	// instructions ask for, by the path of the file of variables, in their order.
	Variables []PublicVariable
}

// PublicVariable is a line of a file of variables.
type PublicVariable struct{ File, Line string }

// ParsePublic reads the list.
func ParsePublic(text string) (PublicList, error) {
	var l PublicList
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		indented := strings.HasPrefix(line, " ")
		switch {
		case len(words) == 0:
		case words[0] == "#":
			l.About += line
		case !indented && len(words) == 2 && words[0] == "tried":
			l.Tried = words[1]
		case !indented && len(words) == 5:
			notices, err := strconv.Atoi(words[4])
			if err != nil {
				return l, fmt.Errorf("%q does not end with the number of notices: %w", line, err)
			}
			l.Files = append(l.Files, PublicFile{Repository: words[0], Path: words[1], Commit: words[2], Needs: words[3], Notices: notices})
		case indented && len(l.Files) > 0 && len(words) == 2 && words[0] == "reads":
			f := &l.Files[len(l.Files)-1]
			f.Reads = append(f.Reads, words[1])
		case indented && len(l.Files) > 0 && len(words) == 3 && words[0] == "env":
			f := &l.Files[len(l.Files)-1]
			f.Variables = append(f.Variables, PublicVariable{words[1], words[2]})
		default:
			return l, fmt.Errorf("%q is no line of the list", line)
		}
	}
	return l, nil
}

// String is the text of the list, as ParsePublic reads it.
func (l PublicList) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%stried %s\n", l.About, l.Tried)
	for _, f := range l.Files {
		fmt.Fprintf(&b, "%s %s %s %s %d\n", f.Repository, f.Path, f.Commit, f.Needs, f.Notices)
		for _, path := range f.Reads {
			fmt.Fprintf(&b, "  reads %s\n", path)
		}
		for _, v := range f.Variables {
			fmt.Fprintf(&b, "  env %s %s\n", v.File, v.Line)
		}
	}
	return b.String()
}
