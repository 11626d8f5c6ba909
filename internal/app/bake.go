package app

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/berthdev/berth/internal/app/mounted"
	"github.com/berthdev/berth/internal/project"
)

// bakedFiles is the name of the context, and of the stage, that berth adds to a
// build of the file for what it bakes into the image.
const bakedFiles = "berth-files"

// bakeable says whether the words of a mount mean themselves in a Dockerfile.
func bakeable(v types.ServiceVolumeConfig) bool {
	return !strings.ContainsAny(v.Source+v.Target, "*?[]\\\"$\n\r") && path.IsAbs(v.Target)
}

// bake returns the image with the files in it that the service mounts read-only:
// built from the image, or with lines behind those of its Dockerfile.
func bake(s *storage, i image) image {
	if len(s.baked) == 0 || len(project.Unset(i.ref)) > 0 {
		return i
	}
	var only, lines []string
	for _, v := range s.baked {
		source, _ := mounted.InProject(s.project.Dir, v.Source)
		only = append(only, source)
		lines = append(lines, copyLine(source, v.Target))
	}
	slices.Sort(only)
	only = slices.Compact(only)
	if i.build == nil {
		i.build = &Build{
			Context: ".", Dir: s.project.Dir, Only: only, Platforms: []string{"linux/" + i.architecture},
			Inline: "FROM " + i.ref + "\n" + strings.Join(lines, ""), At: s.at(s.path + ".image"),
		}
		return i
	}
	b := *i.build
	b.Contexts = maps.Clone(b.Contexts)
	if b.Contexts == nil {
		b.Contexts = map[string]BuildContext{}
	}
	b.Contexts[bakedFiles] = BuildContext{Dir: s.project.Dir, Shown: ".", Only: only}
	for n, line := range lines {
		lines[n] = strings.Replace(line, "COPY ", "COPY --from="+bakedFiles+" ", 1)
	}
	b.Append = strings.Join(lines, "")
	if b.Target != "" {
		b.Append, b.Target = "FROM "+b.Target+" AS "+bakedFiles+"-image\n"+b.Append, bakedFiles+"-image"
	}
	i.build = &b
	return i
}

// copyLine copies a file, or what is in a folder, as JSON: paths may have spaces.
func copyLine(source, target string) string {
	words, err := json.Marshal([]string{source, path.Clean(target)})
	if err != nil { // texts can always be written
		return ""
	}
	return "COPY " + string(words) + "\n"
}
