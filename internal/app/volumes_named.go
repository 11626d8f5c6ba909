package app

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app/sidecar"
	"github.com/berthdev/berth/internal/project"
	"github.com/compose-spec/compose-go/v2/types"
)

// maxVolumeName keeps /PROJECT/NAME within the 100 characters of an access
// point's path.
const maxVolumeName = 50

// volumeStage is the stage of the named volumes.
type volumeStage struct {
	reading
	app *App
	// mounters are the workloads' users and databases by name; made are the volumes.
	mounters map[string]mounter
	made     []Volume
	sidecars *sidecar.Sidecars
}

// volumesOf are the named volumes that workloads mount, sorted by name, and
// whether the environment's file system is backed up.
func volumesOf(r reading, a *App, c *sidecar.Sidecars, mounters map[string]mounter) (volumes []Volume, backup bool) {
	t := volumeStage{reading: r, app: a, mounters: mounters, sidecars: c}
	for _, name := range sorted(t.project.XBerth.Volumes) {
		if _, ok := t.project.Compose.Volumes[name]; !ok {
			t.refuse("x-berth.volumes."+name, "there is no volume "+name, "", "write the name of a volume in the file")
		}
	}
	for _, name := range sorted(t.project.Compose.Volumes) {
		if t.sidecars.Local(name) {
			continue
		}
		users := t.mounting(name)
		if len(users) == 0 {
			t.unused(name)
			continue
		}
		t.made = append(t.made, t.volume(name, users))
	}
	backup = t.backup()
	t.sharedDatabases()
	t.nestedBuckets()
	t.bucketDatabases()
	return t.made, backup
}

// unused gives notice of a volume that is not made.
func (t volumeStage) unused(name string) {
	path := project.Child("volumes", name)
	if !t.project.Positions.Has(path) {
		return
	}
	for _, service := range sorted(t.project.Compose.Services) {
		for _, v := range t.project.Compose.Services[service].Volumes {
			if v.Source == name && isManaged(t.project.Services[service]) {
				about(t.reading, project.OfVolume, name, path, "it is not made: AWS keeps the data of the managed database %s", service)
				return
			}
		}
	}
	about(t.reading, project.OfVolume, name, path, "it is not made: no service mounts it")
}

// mounting are the workloads that mount a volume.
func (t volumeStage) mounting(name string) []Workload {
	var users []Workload
	for _, w := range t.app.Containers() {
		for _, m := range w.Mounts {
			if m.Volume == name {
				users = append(users, w)
				break
			}
		}
	}
	return users
}

func (t volumeStage) volume(name string, users []Workload) Volume {
	path, c, x := project.Child("volumes", name), t.project.Compose.Volumes[name], t.project.XBerth.Volumes[name]
	v := Volume{
		Name: name, Origin: t.at(path).String(), Labels: c.Labels,
		FileSystem: x.FileSystem, AccessPoint: x.AccessPoint, PointOrigin: t.at(volumeKey(name, "access_point")).String(),
	}
	switch {
	case x.Bucket != "":
		t.onBucket(&v, x)
		t.bucketDriver(path, name, c)
	case v.FileSystem == "":
		t.checkDriver(path, name, c)
		t.checkOwn(path, name, c, x)
		v.Path = "/" + t.app.Name + "/" + t.directory(path, name, c)
	default:
		t.checkDriver(path, name, c)
		t.checkExisting(&v, x)
	}
	t.user(&v, users, x)
	return v
}

// mountsOwn says whether a service mounts a volume on berth's file system,
// which takes one of its security groups.
func (r reading) mountsOwn(s types.ServiceConfig) bool {
	return slices.ContainsFunc(s.Volumes, func(v types.ServiceVolumeConfig) bool {
		return v.Type == types.VolumeTypeVolume && v.Source != "" && r.project.XBerth.Volumes[v.Source].FileSystem == "" && !r.project.XBerth.Volumes[v.Source].TaskLocal
	})
}

// checkExisting refuses settings that conflict on an existing file system. S3
// Files uses ARNs: that of an access point begins with that of its file system.
func (t volumeStage) checkExisting(v *Volume, x project.XVolume) {
	v.Path, v.Origin = x.Path, t.at(volumeKey(v.Name, "file_system")).String()
	if v.AccessPoint != "" && v.Path != "" {
		t.refuse(volumeKey(v.Name, "path"), "volume "+v.Name+": it has both path and access_point", "an access point has its own root directory", "remove one of them")
	}
	prefix := "fsap-"
	if v.OnS3() {
		prefix = v.FileSystem + "/access-point/fsap-"
	}
	if v.AccessPoint != "" && !strings.HasPrefix(v.AccessPoint, prefix) {
		t.refuse(volumeKey(v.Name, "access_point"), "volume "+v.Name+": "+v.AccessPoint+" is not an access point of "+v.FileSystem, "", "write "+prefix+"...")
	}
}

// directory is the name of a volume's directory: its name: if the file sets one,
// so that the key can be renamed, else its key.
func (t volumeStage) directory(path, name string, c types.VolumeConfig) string {
	own := name
	if t.project.Positions.Has(path + ".name") {
		own = c.Name
	}
	if len(own) > maxVolumeName || !volumeName.MatchString(own) {
		t.refuse(path, fmt.Sprintf("a volume cannot be called %q", own), "the name is a directory on the file system",
			fmt.Sprintf("use up to %d letters, digits and the characters _ . -, a letter or digit first", maxVolumeName))
	}
	return own
}

var volumeName = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_.-]*$`)

// volumeKey is the path of a volume's setting in x-berth.
func volumeKey(name, key string) string {
	return project.Child(project.Child("x-berth.volumes", name), key)
}

// checkOwn refuses settings that are for existing file systems only.
func (t volumeStage) checkOwn(path, name string, c types.VolumeConfig, x project.XVolume) {
	if bool(c.External) {
		t.refuse(path+".external", "volume "+name+" is external, and the file does not say where it is", "berth would make a new one on its own file system",
			"write x-berth: {volumes: {"+name+": {file_system: fs-...}}}, or {bucket: NAME} for a bucket, or remove external")
	}
	for key, value := range map[string]string{"access_point": x.AccessPoint, "path": x.Path} {
		if value != "" {
			t.refuse(volumeKey(name, key), "volume "+name+": "+key+" needs a file system", "", "add file_system: fs-...")
		}
	}
}

// fileSystemID finds an EFS file system among the options of Docker's driver.
var fileSystemID = regexp.MustCompile(`\bfs-[0-9a-f]{8,17}\b`)

// checkDriver refuses Docker's volume drivers, and says what to write instead.
func (t volumeStage) checkDriver(path, name string, c types.VolumeConfig) {
	switch {
	case c.Driver == "" || c.Driver == "local":
	case strings.Contains(c.Driver, "s3"):
		t.refuse(path+".driver", "volume "+name+": driver "+c.Driver+" is not supported", "it is a plugin of a container engine; a task mounts a bucket with S3 Files and its role",
			"write x-berth: {volumes: {"+name+": {bucket: "+t.bucketHint(path, name, c)+"}}}, or remove driver for a volume on EFS")
		return
	default:
		t.refuse(path+".driver", fmt.Sprintf("volume %s: driver %s is not supported", name, c.Driver), "it is a plugin of a container engine", "remove it: the volume is then on EFS")
	}
	if len(c.DriverOpts) == 0 {
		return
	}
	key := path + ".driver_opts"
	all := strings.Join([]string{c.DriverOpts["o"], c.DriverOpts["device"]}, " ")
	switch kind := c.DriverOpts["type"]; {
	case fileSystemID.MatchString(all):
		t.refuse(key, "volume "+name+": the driver_opts of a file system are not supported", "they are for Docker's driver; a task mounts EFS with TLS and its role",
			"remove driver_opts and write x-berth: {volumes: {"+name+": {file_system: "+fileSystemID.FindString(all)+"}}}")
	case kind == "tmpfs":
		t.refuse(key, "volume "+name+" cannot be in memory", "several services mount it, and tasks share no memory", "write tmpfs in the service")
	case kind == "none" || strings.Contains(c.DriverOpts["o"], "bind"):
		t.refuse(key, "volume "+name+" is a folder of this computer", "a task on AWS cannot see the files of this computer", "remove driver_opts, or copy the files into the image")
	default:
		t.refuse(key, fmt.Sprintf("volume %s: driver_opts of type %q are not supported", name, kind), t.capacity.FileServers(), "remove driver_opts, or remove them for this environment with an overlay")
	}
}

// backup says whether the environment's file system, which all volumes share, is
// backed up: if a volume asks for it, or if backup_days is not 0.
func (t volumeStage) backup() bool {
	var with, without []string
	for _, v := range t.made {
		x := t.project.XBerth.Volumes[v.Name].Backup
		switch {
		case v.Existing():
			if x != nil {
				raise(t.reading, project.Data, project.OfVolume, v.Name, volumeKey(v.Name, "backup"), "backup has no effect: its file system is not berth's")
			}
		case v.OnBucket():
			if x != nil {
				raise(t.reading, project.Data, project.OfVolume, v.Name, volumeKey(v.Name, "backup"), "backup has no effect: bucket %s keeps the versions of its objects", v.Bucket)
			}
		case x != nil && *x, x == nil && t.app.Settings.BackupDays.Value > 0:
			with = append(with, v.Name)
		default:
			without = append(without, v.Name)
		}
	}
	if len(with) == 0 {
		return false
	}
	for _, name := range without {
		raise(t.reading, project.Cost, project.OfVolume, name, volumeKey(name, "backup"), "it is backed up too: it shares a file system with %s", with[0])
	}
	return true
}
