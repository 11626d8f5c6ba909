package app

import (
	"fmt"

	"github.com/berthdev/berth/internal/project"
	"github.com/compose-spec/compose-go/v2/types"
)

// storage looks at everything that is mounted into the container.
func (w *workload) storage() {
	for i, v := range w.compose.Volumes {
		w.mount(item("volumes", i), v)
	}
	for i, target := range w.compose.Tmpfs {
		w.scratch(item("tmpfs", i), target)
	}
	for i, s := range w.compose.Secrets {
		w.later(item("secrets", i), "file of secret "+s.Source, comesSecrets)
	}
	for i, c := range w.compose.Configs {
		w.later(item("configs", i), "file of config "+c.Source, comesSecrets)
	}
	if known, ok := w.known(); ok && known.stateful && len(w.compose.Volumes) == 0 && w.x.Managed == nil {
		w.notice("image", "what %s stores is lost when its task is replaced: it has no volume", known.name)
	}
}

func (w *workload) mount(key string, v types.ServiceVolumeConfig) {
	switch v.Type {
	case types.VolumeTypeVolume:
		if v.Source == "" {
			w.notice(key, "the anonymous volume at %s is on the task's own disk, which is lost when the task is replaced", v.Target)
			return
		}
		w.later(key, "volume "+v.Source, comesVolumes)
	case types.VolumeTypeTmpfs:
		w.scratch(key, v.Target)
	case types.VolumeTypeBind:
		w.refuse(key, fmt.Sprintf("%s of this computer cannot be mounted", w.short(v.Source)), "a task on AWS does not see the files of this computer", w.overlay())
	default:
		w.refuse(key, "a mount of type "+v.Type+" is not possible", "ECS has no such mounts", "copy the files into the image")
	}
}

// scratch is a tmpfs: on AWS the task's own disk, which is the container's
// file system unless that cannot be written.
func (w *workload) scratch(key, target string) {
	if w.ReadOnly {
		w.later(key, "writable "+target, comesVolumes)
		return
	}
	w.notice(key, "%s is on the task's own disk and not in memory", target)
}

// overlay offers the lines that take the bind mounts out for one environment
// and leave them in for docker compose.
func (w *workload) overlay() string {
	keep := "!reset []"
	for _, v := range w.compose.Volumes {
		if v.Type == types.VolumeTypeVolume && v.Source != "" {
			if keep == "!reset []" {
				keep = "!override ["
			} else {
				keep += ", "
			}
			keep += fmt.Sprintf("%q", v.Source+":"+v.Target)
		}
	}
	if keep != "!reset []" {
		keep += "]"
	}
	return fmt.Sprintf("copy the files into the image, and put into compose.%s.yaml: services: {%s: {volumes: %s}}", w.project.Environment, w.Name, keep)
}

func item(key string, i int) string { return project.Item(key, i) }
