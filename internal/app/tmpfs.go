package app

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/app/capacity"
	"github.com/berthdev/berth/internal/app/mounted"
	"github.com/berthdev/berth/internal/project"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/docker/go-units"
)

// sharedMemory is mounted by the platform.
const sharedMemory = "/dev/shm"

// inMemory is a tmpfs as the file writes it.
type inMemory struct {
	key, target string
	// size is in MiB; 0 for none.
	size int
	// options are those of mount(8), without the size.
	options []string
}

// shortTmpfs reads an entry of the key tmpfs: /run:size=64m,noexec.
func (w *storage) shortTmpfs(key, entry string) {
	target, options, _ := strings.Cut(entry, ":")
	m := inMemory{key: key, target: target}
	for option := range strings.SplitSeq(options, ",") {
		size, isSize := strings.CutPrefix(option, "size=")
		bytes, err := units.RAMInBytes(size)
		switch {
		case option == "":
		case isSize && (err != nil || bytes <= 0):
			w.refuse(key, option+" of "+target+" is not a size", "", "write a size such as size=64m")
			return
		case isSize:
			m.size = capacity.Of(0, bytes).Memory
		default:
			m.options = append(m.options, option)
		}
	}
	w.keepTmpfs(m)
}

// longTmpfs reads a volume of the type tmpfs.
func longTmpfs(w *storage, key string, v types.ServiceVolumeConfig) {
	m := inMemory{key: key, target: v.Target}
	if v.Tmpfs != nil {
		m.size = capacity.Of(0, int64(v.Tmpfs.Size)).Memory
	}
	if v.Tmpfs != nil && v.Tmpfs.Mode != 0 {
		w.notice(key+".tmpfs.mode", "the mode of %s has no effect: every user may write there", v.Target)
	}
	if v.ReadOnly {
		m.options = []string{"ro"}
	}
	w.keepTmpfs(m)
}

// keepTmpfs keeps a tmpfs for placeTmpfs, except /dev/shm.
// https://github.com/aws/containers-roadmap/issues/710
func (w *storage) keepTmpfs(m inMemory) {
	if !path.IsAbs(m.target) || path.Clean(m.target) == "/" {
		w.refuse(m.key, strconv.Quote(m.target)+" cannot be a folder in memory", "the path must begin with / and name a folder",
			"write a path such as /tmp")
		return
	}
	if path.Clean(m.target) == sharedMemory {
		w.notice(m.key, "%s stays as Fargate has it: browsers fail with another mount in its place", sharedMemory)
		return
	}
	w.inMemory = append(w.inMemory, m)
}

// placeTmpfs mounts what the file has in memory. The container that writes secrets
// and configs shares no memory with the workload's, so a folder with such files is
// on the task's disk.
func (w *storage) placeTmpfs() {
	for _, m := range w.inMemory {
		if slices.ContainsFunc(w.files, func(f File) bool { return mounted.Within(path.Clean(m.target), f.Folder()) }) {
			w.notice(m.key, "%s is on the task's disk and not in memory: secrets or configs are in it", m.target)
			w.writable(m.key, m.target)
			continue
		}
		if exceedsTask(w.subject, m, w.taskMiB) {
			continue
		}
		t := Tmpfs{Path: path.Clean(m.target), SizeMiB: m.size, Options: tmpfsOptions(w.subject, m), Origin: w.origin(m.key)}
		switch t.SizeMiB {
		case 0:
			t.SizeMiB = max(1, w.taskMiB/2)
			noticeOf(w.subject, project.Further, w.path+dotted(m.key), t.Path, "has no size and may take half of the task's memory; size=64m sets one",
				"have no size and may each take half of the task's memory; size=64m sets one")
		case w.taskMiB:
			w.notice(m.key, "%s may take all of the task's memory, which is for its processes, too: deploy.resources.limits.memory asks for more", t.Path)
		}
		w.tmpfs = append(w.tmpfs, t)
	}
}

// exceedsTask refuses a tmpfs that could hold more than the memory of the task; taskMiB
// is 0 if the task has no size that is allowed.
func exceedsTask(s subject, m inMemory, taskMiB int) bool {
	if _, refused := s.capacity.Fit(capacity.Size{Memory: m.size}); refused != nil {
		s.refuse(m.key, m.target+" is larger than the memory of any task", refused.Why, "write a smaller size, such as size=64m")
		return true
	}
	if taskMiB == 0 || m.size <= taskMiB {
		return false
	}
	s.refuse(m.key, m.target+" is larger than the memory of its task",
		fmt.Sprintf("it may take %s, and the task has %s for it and its processes", capacity.Size{Memory: m.size}, capacity.Size{Memory: taskMiB}),
		"write a smaller size, or ask for more with deploy.resources.limits.memory")
	return true
}

// tmpfsOptions are the options of a tmpfs: Docker's, unless the file has the
// opposite, and those of the file that take no value. ECS does not document how it
// reads the others.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tmpfs.html
func tmpfsOptions(s subject, m inMemory) []string {
	out := []string{"noexec", "nosuid", "nodev"}
	for _, option := range m.options {
		opposite := slices.Index(out, "no"+option)
		switch {
		case opposite >= 0:
			out[opposite] = option
		case slices.Contains(out, option), option == "defaults", option == "rw":
		case slices.Contains([]string{"ro", "sync", "async", "dirsync", "noatime", "nodiratime", "relatime", "strictatime"}, option):
			out = append(out, option)
		default:
			s.notice(m.key, "option %s of %s has no effect on Fargate; every user may write there", option, m.target)
		}
	}
	return out
}
