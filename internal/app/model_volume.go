package app

import "strings"

// Volume is a named volume that a workload mounts: a directory of an EFS file
// system, or a bucket, that outlives its tasks.
type Volume struct {
	// Name is its key in the Compose file.
	Name string
	// Origin is the file:line of its definition.
	Origin string
	// Path is its directory on the file system. On the environment's own it is
	// /PROJECT/NAME; on an existing one it is what the file says, "" for the root.
	Path string
	// UID and GID are the user and group as which every process acts in the volume,
	// whatever its user in the container. An existing file system without an access
	// point keeps each process's own.
	UID, GID int
	// Root says that mounts need the permissions of root.
	Root bool
	// FileSystem and AccessPoint are the ids of existing ones, which are used and
	// never changed; if they are empty, berth makes them. Those of S3 Files are ARNs.
	FileSystem, AccessPoint string
	// PointOrigin is the file:line of AccessPoint.
	PointOrigin string `json:"-"`
	// Bucket is the name of an existing bucket, which is never changed. berth makes a
	// file system of its objects below Prefix, which ends in a slash if it is not
	// empty.
	Bucket, Prefix string
	// Labels become tags in AWS.
	Labels map[string]string
}

// Existing says that the volume is on a file system that is not berth's.
func (v Volume) Existing() bool { return v.FileSystem != "" }

// OnBucket says that the volume is a file system that berth makes on a bucket.
func (v Volume) OnBucket() bool { return v.Bucket != "" }

// OnS3 says that the volume's files are objects of a bucket, whether or not berth
// made the file system.
func (v Volume) OnS3() bool { return v.OnBucket() || strings.HasPrefix(v.FileSystem, "arn:") }

// Mount is a volume in a container.
type Mount struct {
	// Volume is a Volume's name; empty is an empty directory on the task's own
	// disk, which is lost with the task.
	Volume string
	// Disk is the name of a directory on the task's disk that several containers
	// mount; empty for one that only this container has.
	Disk string
	// Path is where it is mounted in the container.
	Path     string
	ReadOnly bool
	// Origin is its file:line.
	Origin string
}

// Tmpfs is a folder of a container that is in the task's memory.
type Tmpfs struct {
	// Path is absolute and clean.
	Path string
	// SizeMiB is how much it may hold at most.
	SizeMiB int
	// Options are mount options without values, such as noexec.
	Options []string
	// Origin is its file:line.
	Origin string
}

// Volume returns the volume of a name.
func (a *App) Volume(name string) (Volume, bool) {
	for _, v := range a.Volumes {
		if v.Name == name {
			return v, true
		}
	}
	return Volume{}, false
}

// HasOwnVolumes says whether the environment needs a file system, on EFS or on
// a bucket.
func (a *App) HasOwnVolumes() bool {
	for _, v := range a.Volumes {
		if !v.Existing() {
			return true
		}
	}
	return false
}

// OnEFS are the volumes on the environment's own EFS file system.
func (a *App) OnEFS() []Volume {
	var out []Volume
	for _, v := range a.Volumes {
		if !v.Existing() && !v.OnBucket() {
			out = append(out, v)
		}
	}
	return out
}
