package overlay

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// Mount is a mount that stays, as it is written in the file. A volume with a name of
// one letter is written with keys: Compose takes the letter for a Windows drive.
func Mount(v types.ServiceVolumeConfig) string {
	plain := v.Type == types.VolumeTypeVolume && (v.Volume == nil || !v.Volume.NoCopy && v.Volume.Subpath == "")
	switch {
	case plain && v.Source == "":
		return Quoted(v.Target)
	case plain && len(v.Source) > 1:
		text := v.Source + ":" + v.Target
		if v.ReadOnly {
			text += ":ro"
		}
		return Quoted(text)
	}
	words := []string{"type: " + v.Type}
	if v.Source != "" {
		words = append(words, "source: "+Quoted(v.Source))
	}
	words = append(words, "target: "+Quoted(v.Target))
	if v.ReadOnly {
		words = append(words, "read_only: true")
	}
	if o := v.Volume; o != nil && o.NoCopy {
		words = append(words, "volume: {nocopy: true}")
	} else if o != nil && o.Subpath != "" {
		words = append(words, "volume: {subpath: "+Quoted(o.Subpath)+"}")
	}
	if o := v.Tmpfs; o != nil && o.Size > 0 {
		words = append(words, fmt.Sprintf("tmpfs: {size: %d}", o.Size))
	}
	return "{" + strings.Join(words, ", ") + "}"
}

// Without are the keys of a service that wait for or lead to services that are
// left out, without these.
func Without(s types.ServiceConfig, gone map[string]bool) []string {
	var out []string
	waits, depends := false, []string{}
	for _, name := range slices.Sorted(maps.Keys(s.DependsOn)) {
		if gone[name] {
			waits = true
			continue
		}
		d := s.DependsOn[name]
		text := fmt.Sprintf("%s: {condition: %s", name, d.Condition)
		if !d.Required {
			text += ", required: false"
		}
		depends = append(depends, text+"}")
	}
	if waits {
		out = append(out, Overridden("depends_on", "{", depends, "}"))
	}
	for key, list := range map[string][]string{"links": s.Links, "volumes_from": s.VolumesFrom} {
		var kept []string
		for _, entry := range list {
			if name, _, _ := strings.Cut(entry, ":"); !gone[name] {
				kept = append(kept, Quoted(entry))
			}
		}
		if len(kept) < len(list) {
			out = append(out, Overridden(key, "[", kept, "]"))
		}
	}
	slices.Sort(out)
	return out
}

// Overridden is a key with a new list or map in the place of the file's.
func Overridden(key, open string, entries []string, end string) string {
	tag := "!override"
	if len(entries) == 0 {
		tag = "!reset"
	}
	return key + ": " + tag + " " + open + strings.Join(entries, ", ") + end
}

// Quoted is a text as Compose reads it from a file.
func Quoted(text string) string { return strconv.Quote(strings.ReplaceAll(text, "$", "$$")) }
