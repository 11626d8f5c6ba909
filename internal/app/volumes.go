package app

import (
	"path"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app/capacity"
	"github.com/berthdev/berth/internal/project"
	"github.com/compose-spec/compose-go/v2/types"
)

// storage is what is mounted into a container.
type storage struct {
	subject
	image   image
	process process
	binds   *binds
	// taskMiB is the memory of a task, inMemory what the file has in memory.
	taskMiB  int
	inMemory []inMemory
	tmpfs    []Tmpfs
	// mounts, files and mounter are the result; mounter is for the stage of volumes.
	mounts  []Mount
	files   []File
	mounter mounter
	// bound are the decisions about the bind mounts, by the mount's place in the
	// list; baked are the mounts of files that become part of the image.
	bound []bound
	baked []types.ServiceVolumeConfig
}

// storageOf translates everything that is mounted into the container.
func storageOf(s subject, i image, p process, size capacity.Size, b *binds) *storage {
	w := &storage{subject: s, image: i, process: p, taskMiB: size.Memory, binds: b}
	if isManaged(s.x) {
		return w // AWS keeps the data of a managed database
	}
	w.mounter = mounter{dataOwner(i, p.user), keepsDatabase(s, i)}
	w.bound = make([]bound, len(s.compose.Volumes))
	for n, v := range s.compose.Volumes {
		if v.Type == types.VolumeTypeBind {
			w.bound[n] = w.decide(v)
		}
		w.mount(item("volumes", n), v, w.bound[n])
	}
	w.volumesFrom()
	for n, entry := range s.compose.Tmpfs {
		w.shortTmpfs(item("tmpfs", n), entry)
	}
	w.addFiles()
	if known, ok := i.known(); ok && known.Stateful && len(s.compose.Volumes)+len(s.compose.VolumesFrom) == 0 {
		concern(w.subject, project.Data, "image", "the data is lost when the task is replaced: there is no volume")
	}
	return w
}

// isManaged says whether the service is a managed database and not a container.
func isManaged(x project.XService) bool { return x.Managed != nil && x.Managed != false }

func (w *storage) mount(key string, v types.ServiceVolumeConfig, b bound) {
	if !path.IsAbs(v.Target) {
		w.refuse(key, v.Target+" is not an absolute path in the container", "Compose reads one letter before a colon as a Windows drive",
			"begin the path with /, and give the volume a name of two letters or more")
		return
	}
	switch v.Type {
	case types.VolumeTypeVolume:
		if v.Source == "" {
			concern(w.subject, project.Data, key, "the anonymous volume at %s is on the task's disk, which is lost when the task is replaced", v.Target)
			if w.sidecars.Shares(w.name) {
				w.mounts = append(w.mounts, Mount{Disk: w.name + v.Target, Path: v.Target, ReadOnly: v.ReadOnly, Origin: w.origin(key)})
				return
			}
			w.writable(key, v.Target)
			return
		}
		w.mountNamed(key, v)
	case types.VolumeTypeTmpfs:
		longTmpfs(w, key, v)
	case types.VolumeTypeBind:
		w.bind(key, v, b)
	default:
		w.refuse(key, "a mount of type "+v.Type+" is not supported", "ECS has no such mounts", "copy the files into the image")
	}
}

// mountNamed mounts a named volume. Docker fills a new one with the image's
// files; EFS does not.
func (w *storage) mountNamed(key string, v types.ServiceVolumeConfig) {
	if o := v.Volume; o != nil && o.Subpath != "" {
		w.refuse(key+".volume.subpath", "a subpath of volume "+v.Source+" cannot be mounted", "an access point has one root directory", "make a separate volume for "+o.Subpath)
		return
	}
	if w.sidecars.Local(v.Source) {
		w.mounts = append(w.mounts, Mount{Disk: v.Source, Path: v.Target, ReadOnly: v.ReadOnly, Origin: w.origin(key)})
		return
	}
	copies := v.Volume == nil || !v.Volume.NoCopy
	starts, start := "starts empty", "start empty"
	switch x := w.project.XBerth.Volumes[v.Source]; {
	case x.Bucket != "":
		starts = "shows what is in bucket " + strings.TrimSuffix(x.Bucket, "/")
		start = ""
	case x.FileSystem != "":
		starts, start = "shows what is on its file system", "show what is on their file systems"
	}
	if start != "" {
		start += ": what the image has there is not copied into them"
	}
	if known, ok := w.image.known(); copies && !v.ReadOnly && (!ok || !known.Stateful) {
		noticeOf(w.subject, project.Data, w.path+dotted(key), "volume "+v.Source, starts+": what the image has at "+v.Target+" is not copied into it",
			start)
	}
	w.mounts = append(w.mounts, Mount{
		Volume: v.Source, Path: v.Target, ReadOnly: v.ReadOnly, Origin: w.origin(key),
	})
}

// volumesFrom mounts the named volumes of other services at the same paths, and the
// anonymous ones of a container in the same task.
func (w *storage) volumesFrom() {
	for i, entry := range w.compose.VolumesFrom {
		key := item("volumes_from", i)
		name, mode, _ := strings.Cut(entry, ":")
		other, ok := w.project.Compose.Services[name]
		if !ok {
			w.refuse(key, "volumes_from "+entry+" is not supported", "only services of the project have volumes to share", "name a service of the file, or remove it")
			continue
		}
		for _, v := range other.Volumes {
			anonymous := v.Type == types.VolumeTypeVolume && v.Source == ""
			if anonymous && w.sidecars.Task(name) == w.sidecars.Task(w.name) && !slices.ContainsFunc(w.mounts, func(m Mount) bool { return m.Path == v.Target }) {
				w.mounts = append(w.mounts, Mount{Disk: name + v.Target, Path: v.Target, ReadOnly: mode == "ro", Origin: w.origin(key)})
				continue
			}
			if v.Type != types.VolumeTypeVolume || v.Source == "" {
				concern(w.subject, project.Failure, key, "%s of %s is not mounted: only named volumes are shared between tasks", v.Target, name)
				continue
			}
			v.ReadOnly = v.ReadOnly || mode == "ro"
			if !slices.ContainsFunc(w.mounts, func(m Mount) bool { return m.Path == v.Target }) {
				w.mountNamed(key, v)
			}
		}
	}
}

// writable makes a path of a read-only container an empty directory on the task's
// disk, which belongs to root on Fargate.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
func (w *storage) writable(key, target string) {
	if !w.process.readOnly {
		return
	}
	if uid, _, ok := userIDs(w.process.user); w.process.user != "" && (!ok || uid != 0) {
		concern(w.subject, project.Failure, key, "%s belongs to root: user %s can write there only if the image declares it as a VOLUME of that user", target, w.process.user)
	}
	disk := ""
	if w.host != "" {
		disk = w.name + target // its own, not that of the same path in the host
	}
	w.mounts = append(w.mounts, Mount{Disk: disk, Path: target, Origin: w.origin(key)})
}
