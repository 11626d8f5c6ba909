package project

import (
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/regular"
)

// sayDollars gives notice of the lines of a file of variables in which a $ begins
// the name of a variable that has no value: often it is a part of a password. It
// shows no part of the value, and not even that name.
func (s *sources) sayDollars(file string) {
	data, err := regular.Read(file, maxFile)
	if err != nil {
		return // reported when the variables were read
	}
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		value = strings.TrimSpace(value)
		if !ok || strings.HasPrefix(name, "#") || strings.HasPrefix(value, "'") || strings.Contains(value, `\$`) {
			continue
		}
		if !slices.ContainsFunc(plainVariables(value), func(v string) bool { _, set := s.env[v]; return !set }) {
			continue
		}
		name = strings.TrimSpace(strings.TrimPrefix(name, "export "))
		s.notices = append(s.notices, Notice{
			At:   Position{File: shortPath(s.dir, file), Line: n},
			Text: name + " loses the text behind a $, which is read as the name of a variable without a value; put the value into single quotes",
		})
	}
}
