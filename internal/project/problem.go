package project

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Position is a place in a file. The zero value is no place.
type Position struct {
	// File is relative to the project's folder when it is inside of it.
	File string
	// Line counts from 1.
	Line int
}

// String is "compose.yaml:12", the file alone without a line, or empty.
func (p Position) String() string {
	if p.File == "" || p.Line == 0 {
		return p.File
	}
	return p.File + ":" + strconv.Itoa(p.Line)
}

// ParsePosition reads what String wrote.
func ParsePosition(text string) Position {
	i := strings.LastIndexByte(text, ':')
	if i < 0 {
		return Position{File: text}
	}
	line, err := strconv.Atoi(text[i+1:])
	if err != nil {
		return Position{File: text}
	}
	return Position{File: text[:i], Line: line}
}

// Problem is something in the input that keeps berth from going on.
type Problem struct {
	// At is the place in the files; zero if there is none.
	At Position
	// What says what is wrong: "service web: privileged is not supported".
	What string
	// Why says the cause; it may be empty.
	Why string
	// Remedy says what to do.
	Remedy string
	// Drop is the path of a service's key that an overlay can take out; empty if that
	// is no remedy.
	Drop string
}

// String is the problem in one or two lines: place, what and why, then the
// remedy on a separate line.
func (p Problem) String() string {
	var b strings.Builder
	if at := p.At.String(); at != "" {
		b.WriteString(at + ": ")
	}
	b.WriteString(p.What)
	if p.Why != "" {
		b.WriteString(": " + p.Why)
	}
	if p.Remedy != "" {
		b.WriteString("\n  " + p.Remedy)
	}
	return b.String()
}

// Problems are all problems of all files, as one error.
type Problems struct {
	List []Problem
	// Positions are the places of all keys in the files that could be read.
	Positions *Positions
	// Offer is what takes out several of the problems at once: lines to paste. It
	// stands behind all problems.
	Offer Offer
}

// Offer are lines for a file.
type Offer struct {
	// File is relative to the project's folder.
	File string
	// Lines are YAML, each with its line feed; empty for no offer.
	Lines string
}

// Error lists the problems, each on lines of its own, and the offer.
func (p *Problems) Error() string {
	lines := make([]string, len(p.List))
	for i, problem := range p.List {
		lines[i] = problem.String()
	}
	if p.Offer.Lines != "" {
		lines = append(lines, "  put this into "+p.Offer.File+", which berth reads and docker compose does not:")
		for line := range strings.Lines(p.Offer.Lines) {
			lines = append(lines, "    "+strings.TrimSuffix(line, "\n"))
		}
	}
	return strings.Join(lines, "\n")
}

// Add appends a problem.
func (p *Problems) Add(problem Problem) { p.List = append(p.List, problem) }

// Err is the problems, sorted and without repetition, or nil if there are none.
func (p *Problems) Err() error {
	if len(p.List) == 0 {
		return nil
	}
	slices.SortStableFunc(p.List, func(a, b Problem) int {
		return cmp.Or(ByPlace(a.At, b.At), cmp.Compare(a.What, b.What), cmp.Compare(a.Why, b.Why))
	})
	p.List = slices.Compact(p.List)
	return p
}

// ByPlace compares places: by file, then by line.
func ByPlace(a, b Position) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
}
