package blueprint

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
)

// FilesImage is the image of the container that writes files. It is pulled
// without credentials, for both architectures.
const FilesImage = "public.ecr.aws/docker/library/busybox:1.37.0"

// addFiles adds to a task the container that writes the secrets and configs of one of
// its containers into volumes before that starts. On Fargate this is the only way to
// make a file: it mounts folders, which start empty.
func (t taskStage) addFiles(d *ecs.TaskDefinition, i int, w app.Workload, sidecar bool) {
	if len(w.Files) == 0 {
		return
	}
	main, apart := &d.Containers[i], ""
	if sidecar {
		apart = "-" + main.Name
	}
	writer := ecs.Container{
		Name: ecs.FilesContainer + apart, Image: engine.Lit(FilesImage), EntryPoint: []string{"sh", "-ec"},
		Environment: map[string]string{}, Secrets: map[string]string{},
		LogGroup: main.LogGroup, LogRegion: main.LogRegion, LogPrefix: main.LogPrefix, LogOptions: main.LogOptions,
	}
	for i, folder := range app.FileFolders(w.Files) {
		if m, ok := w.Holds(folder); ok {
			// The folder is in an empty directory that is mounted anyway.
			writer.Mounts = append(writer.Mounts, ecs.Mount{Volume: volumeName(m), Path: m.Path})
			continue
		}
		// No volume's name begins with an underscore.
		name := "_files" + apart + strconv.Itoa(i)
		d.Volumes = append(d.Volumes, ecs.Volume{Name: name})
		writer.Mounts = append(writer.Mounts, ecs.Mount{Volume: name, Path: folder})
		main.Mounts = append(main.Mounts, ecs.Mount{Volume: name, Path: folder})
	}
	var script strings.Builder
	script.WriteString("umask 077\n")
	for i, f := range w.Files {
		variable := "FILE_" + strconv.Itoa(i)
		if f.Secret != "" {
			t.fill(&writer, variable, f.Secret)
		} else {
			writer.Environment[variable] = f.Content
		}
		writeFile(&script, f, variable)
	}
	writer.Command = []string{script.String()}
	main.DependsOn = append(main.DependsOn, ecs.ContainerDependency{Container: writer.Name, Condition: "SUCCESS"})
	d.Containers = append(d.Containers, writer)
}

// writeFile adds the lines that write one file. Every user can read its folder, as
// in an image; the content is never in the script.
func writeFile(script *strings.Builder, f app.File, variable string) {
	at := shellWord(f.Path)
	fmt.Fprintf(script, "(umask 022; mkdir -p %s)\n", shellWord(path.Dir(f.Path)))
	fmt.Fprintf(script, "printf %%s \"$%s\" > %s\n", variable, at)
	fmt.Fprintf(script, "chown %d:%d %s\nchmod %04o %s\n", f.UID, f.GID, at, f.Mode, at)
}

// shellWord is a text quoted as one word of a shell.
func shellWord(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
