package app

import (
	"regexp"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/project"
	"github.com/compose-spec/compose-go/v2/types"
)

// onBucket makes a volume of a bucket, or of a prefix in it. The bucket decides
// the file system and its root, so the file must not name another.
func (t volumeStage) onBucket(v *Volume, x project.XVolume) {
	v.Origin = t.at(volumeKey(v.Name, "bucket")).String()
	name, prefix, _ := strings.Cut(strings.TrimSuffix(x.Bucket, "/"), "/")
	v.Bucket, v.Prefix = name, prefix
	if prefix != "" {
		v.Prefix += "/"
	}
	const why = "berth makes a file system on the bucket"
	if x.FileSystem != "" {
		t.refuse(volumeKey(v.Name, "file_system"), "volume "+v.Name+": it has both file_system and bucket", why, "remove one of them")
	}
	if x.AccessPoint != "" {
		t.refuse(volumeKey(v.Name, "access_point"), "volume "+v.Name+": it has both access_point and bucket", why,
			"remove access_point, or write its file_system instead of the bucket")
	}
	if x.Path != "" {
		t.refuse(volumeKey(v.Name, "path"), "volume "+v.Name+": it has both path and bucket", why+", with its prefix as the root",
			"write bucket: "+strings.TrimSuffix(x.Bucket, "/")+"/"+strings.Trim(x.Path, "/"))
	}
	v.FileSystem, v.AccessPoint = "", ""
}

// nestedBuckets gives notice of a volume below another's prefix: the same objects
// are then in two file systems.
func (t volumeStage) nestedBuckets() {
	for _, v := range t.made {
		for _, other := range t.made {
			if v.OnBucket() && v.Bucket == other.Bucket && v.Prefix != other.Prefix && strings.HasPrefix(v.Prefix, other.Prefix) {
				raise(t.reading, project.Data, project.OfVolume, v.Name, volumeKey(v.Name, "bucket"),
					"it is part of volume %s, in another file system: if both change a file within a minute, one of the changes is lost", other.Name)
			}
		}
	}
}

// bucketDriver gives notice that the Docker driver of a volume on a bucket has no
// effect: it is for docker compose only.
func (t volumeStage) bucketDriver(path, name string, c types.VolumeConfig) {
	if c.Driver != "" && c.Driver != "local" {
		about(t.reading, project.OfVolume, name, path+".driver", "driver %s has no effect on AWS: tasks mount the bucket with S3 Files", c.Driver)
	}
	if len(c.DriverOpts) > 0 {
		about(t.reading, project.OfVolume, name, path+".driver_opts", "driver_opts have no effect on AWS: tasks mount the bucket with S3 Files")
	}
}

var (
	bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	bucketURL  = regexp.MustCompile(`\bs3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])`)
)

// bucketHint is the bucket that a volume with an S3 driver is probably on, from its
// options or its name.
func (t volumeStage) bucketHint(path, name string, c types.VolumeConfig) string {
	for _, key := range sorted(c.DriverOpts) {
		if m := bucketURL.FindStringSubmatch(c.DriverOpts[key]); m != nil {
			return m[1]
		}
		if strings.Contains(strings.ToLower(key), "bucket") && bucketName.MatchString(c.DriverOpts[key]) {
			return c.DriverOpts[key]
		}
	}
	if t.project.Positions.Has(path+".name") && bucketName.MatchString(c.Name) {
		return c.Name
	}
	if bucketName.MatchString(name) {
		return name
	}
	return "BUCKET"
}

// bucketDatabases gives notice of databases whose files are on a bucket.
func (t volumeStage) bucketDatabases() {
	for _, v := range t.made {
		if !v.OnS3() {
			continue
		}
		key := "bucket"
		if v.Existing() {
			key = "file_system"
		}
		for _, w := range t.mounting(v.Name) {
			writes := slices.ContainsFunc(w.Mounts, func(m Mount) bool { return m.Volume == v.Name && !m.ReadOnly })
			if writes && t.mounters[w.Name].database {
				raise(t.reading, project.Data, project.OfVolume, v.Name, volumeKey(v.Name, key),
					"%s keeps the files of a database on a bucket, which gets changes a minute late and one file at a time: use a volume on EFS, or a managed database", w.Name)
			}
		}
	}
}
