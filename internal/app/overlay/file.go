package overlay

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// File is an overlay: a Compose file with one line for each entry of its
// sections.
type File struct{ services, volumes, secrets map[string]string }

// New returns a File without entries.
func New() *File {
	return &File{services: map[string]string{}, volumes: map[string]string{}, secrets: map[string]string{}}
}

// Service sets the keys of a service, such as "ports: !reset []".
func (f *File) Service(name string, keys []string) {
	f.services[name] = "{" + strings.Join(keys, ", ") + "}"
}

// WithoutService takes a service out.
func (f *File) WithoutService(name string) { f.services[name] = "!reset null" }

// Volume adds a named volume.
func (f *File) Volume(name string) { f.volumes[name] = "{}" }

// Secret adds a secret whose value is in a file of this computer.
func (f *File) Secret(name, file string) { f.secrets[name] = "{file: " + Quoted(file) + "}" }

// String is the text of the file.
func (f *File) String() string {
	var lines strings.Builder
	for _, section := range []struct {
		name    string
		entries map[string]string
	}{{"services", f.services}, {"volumes", f.volumes}, {"secrets", f.secrets}} {
		if len(section.entries) == 0 {
			continue
		}
		fmt.Fprintf(&lines, "%s:\n", section.name)
		for _, name := range slices.Sorted(maps.Keys(section.entries)) {
			fmt.Fprintf(&lines, "  %s: %s\n", name, section.entries[name])
		}
	}
	return lines.String()
}
