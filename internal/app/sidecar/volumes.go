package sidecar

import (
	"fmt"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/berthdev/berth/internal/project"
)

// Local says whether a named volume is a directory on the disk of a task, which only
// the containers of that task share.
func (s *Sidecars) Local(volume string) bool { return s.local[volume] }

// Shares says whether another container of its task takes the volumes of a service
// with volumes_from.
func (s *Sidecars) Shares(name string) bool {
	for _, other := range s.containers(s.Task(name)) {
		for _, entry := range s.project.Compose.Services[other].VolumesFrom {
			if from, _, _ := strings.Cut(entry, ":"); from == name && other != name {
				return true
			}
		}
	}
	return false
}

// containers are the services whose containers are in the tasks of one.
func (s *Sidecars) containers(task string) []string { return append([]string{task}, s.In(task)...) }

// findLocal finds the volumes on the disk of a task: those that the file makes so, and
// those that Compose has in memory.
func (s *Sidecars) findLocal() {
	for _, name := range sortedKeys(s.project.Compose.Volumes) {
		x := s.project.XBerth.Volumes[name]
		memory := s.project.Compose.Volumes[name].DriverOpts["type"] == "tmpfs"
		tasks, mounting := s.mounting(name)
		key := project.Child("x-berth.volumes", name) + ".task_local"
		of := strings.Join(tasks, " and of ")
		switch {
		case x.TaskLocal && x.Bucket+x.FileSystem+x.AccessPoint+x.Path != "":
			s.refuseAt(key, "volume "+name+": it is on the task's disk and elsewhere, too", "", "remove task_local, or the other settings")
		case x.TaskLocal && len(tasks) > 1:
			s.refuseAt(key, "volume "+name+" cannot be on a task's disk", "the tasks of "+of+" mount it", "remove task_local, or make one the sidecar of the other")
		case x.TaskLocal && len(tasks) == 1, memory && len(tasks) == 1:
			s.local[name] = true
			at, where := key, ""
			if !x.TaskLocal {
				at, where = project.Child("volumes", name), " and not in memory"
			}
			s.noticeAt(at, name, project.Data, "it is on the disk of each task of %s%s: it starts empty, ends with the task, and belongs to root unless an image has a VOLUME there", of, where)
		case len(tasks) == 1 && mounting > 1 && x.Bucket+x.FileSystem == "":
			s.noticeAt(project.Child("volumes", name), name, project.Cost, "it is kept on EFS, although only containers of one task mount it; x-berth.volumes.%s.task_local: true puts it on the disk of each task of %s, where it starts empty", name, of)
		}
	}
}

// mounting are the tasks whose containers mount a volume, and the number of these
// containers.
func (s *Sidecars) mounting(volume string) (tasks []string, containers int) {
	for _, name := range sortedKeys(s.project.Compose.Services) {
		if s.managed(name) || !s.mounts(name, volume) {
			continue
		}
		containers++
		if task := s.Task(name); !slices.Contains(tasks, task) {
			tasks = append(tasks, task)
		}
	}
	return tasks, containers
}

// mounts says whether a service mounts a volume itself, or takes it from another one.
func (s *Sidecars) mounts(name, volume string) bool {
	c := s.project.Compose.Services[name]
	from := []string{name}
	for _, entry := range c.VolumesFrom {
		other, _, _ := strings.Cut(entry, ":")
		from = append(from, other)
	}
	return slices.ContainsFunc(from, func(name string) bool {
		return slices.ContainsFunc(s.project.Compose.Services[name].Volumes, func(v types.ServiceVolumeConfig) bool {
			return v.Type == types.VolumeTypeVolume && v.Source == volume
		})
	})
}

func (s *Sidecars) refuseAt(path, what, why, remedy string) {
	s.Problems = append(s.Problems, project.Problem{At: s.project.Positions.At(path), What: what, Why: why, Remedy: remedy})
}

func (s *Sidecars) noticeAt(path, volume string, c project.Concern, format string, args ...any) {
	s.Notices = append(s.Notices, project.Notice{
		At: s.project.Positions.At(path), Concern: c, Kind: project.OfVolume, Names: []string{volume}, Text: fmt.Sprintf(format, args...),
	})
}
