package app

import (
	"slices"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/project"
)

// owner is a user and a group, by number.
type owner struct{ uid, gid int }

// mounter is a workload as volumes see it.
type mounter struct {
	// user would have the image's data.
	user owner
	// database: it keeps files that a second process must not write.
	database bool
}

// user decides whom processes act as in a volume: what x-berth says; the user
// of the services that mount it; root, where these differ or nothing tells. An
// access point makes every process this user, so that images whose processes
// are other ones can write as well. What others put into a bucket belongs to
// none of the services' users: there it is root without a word.
func (t *translator) user(v *Volume, users []Workload, x project.XVolume) {
	have := t.mounters[users[0].Name].user
	if v.OnBucket() {
		have, users = owner{}, users[:1]
	}
	for _, w := range users[1:] {
		if t.mounters[w.Name].user.uid == have.uid {
			continue
		}
		have = owner{}
		if x.UID == nil && !v.Existing() {
			t.notice(project.Child("volumes", v.Name), "volume %s: the services that mount it may run as different users, so all act as root in it; x-berth.volumes.%s.uid sets one", v.Name, v.Name)
		}
		break
	}
	if x.UID != nil {
		have = owner{*x.UID, *x.UID}
	}
	if x.GID != nil {
		have.gid = *x.GID
	}
	v.UID, v.GID, v.Root = have.uid, have.gid, have.uid == 0
	if v.AccessPoint != "" { // it has a user of its own
		v.Root = x.UID != nil && *x.UID == 0
	}
}

// volumeUser is whom the workload's image would have own its data: the user
// that the file names by number, else the one of a known image. Zero, which is
// root, if nothing tells.
func (w *workload) volumeUser() owner {
	if w.User != "" {
		uid, gid, _ := userIDs(w.User)
		return owner{uid, gid}
	}
	return imageOwner(w.baseImage())
}

// baseImage is the image that the container is made of, or built from.
func (w *workload) baseImage() string {
	if w.Build != nil {
		return w.dockerfile().from
	}
	return w.Image
}

// userIDs reads "1000", "1000:1000" or "root". A user without a group has the
// group of the same number.
func userIDs(user string) (uid, gid int, ok bool) {
	name, group, both := strings.Cut(user, ":")
	if name == "root" {
		name = "0"
	}
	uid, err := strconv.Atoi(name)
	if err != nil || uid < 0 {
		return 0, 0, false
	}
	gid = uid
	if both {
		if gid, err = strconv.Atoi(group); err != nil || gid < 0 {
			gid = uid
		}
	}
	return uid, gid, true
}

// imageOwner is the user of the official images whose start scripts give their
// data to it: they come upon nothing to change. Others' images are not told
// apart by their names.
func imageOwner(image string) owner {
	name, tag := imageName(image)
	const debian, alpine = 999, 70
	switch name {
	case "postgres", "postgis/postgis":
		if strings.Contains(tag, "alpine") {
			return owner{alpine, alpine}
		}
		return owner{debian, debian}
	case "pgvector/pgvector", "mysql", "mariadb", "mongo", "redis", "valkey", "valkey/valkey":
		return owner{debian, debian}
	}
	return owner{}
}

// isDatabase says whether the workload's image keeps files that a second
// process must not write.
func (w *workload) isDatabase() bool {
	known, ok := w.known()
	if !ok || !known.alone {
		return false
	}
	return !slices.ContainsFunc(known.elsewhere, func(name string) bool {
		_, set := w.compose.Environment[name]
		return set
	})
}

// writesAlone says whether two tasks of the service would write the files of
// one database: it mounts a volume and can write it.
func (w *workload) writesAlone() bool {
	if !w.isDatabase() {
		return false
	}
	for _, m := range w.Mounts {
		if m.Volume != "" && !m.ReadOnly {
			return true
		}
	}
	return false
}

// aloneUpdate makes a service that must write alone stop before it is started
// anew, and warns of what would have two tasks write.
func (w *workload) aloneUpdate(u *Update, replicas int) {
	if !w.writesAlone() {
		return
	}
	known, _ := w.known()
	if replicas > 1 {
		w.notice("volumes", "%d tasks write the files of one %s, which can destroy them: write deploy.replicas: 1", replicas, known.name)
	}
	d := w.compose.Deploy
	asked := d != nil && d.UpdateConfig != nil && d.UpdateConfig.Order != ""
	switch {
	case w.x.Update.MinPercent != nil || w.x.Update.MaxPercent != nil || asked:
		if u.MaxPercent > 100 {
			w.notice("volumes", "an update starts the new task before it stops the old one, and both write the files of one %s, which can destroy them: write deploy.update_config.order: stop-first", known.name)
		}
	default:
		u.MinPercent, u.MaxPercent = 0, 100
		w.notice("volumes", "an update stops the old task before it starts the new one, a minute or two without %s: two must not write the same files", known.name)
	}
}

// sharedDatabases warns of volumes that a database and something else write.
func (t *translator) sharedDatabases() {
	for _, v := range t.app.Volumes {
		var writers []string
		database := false
		for _, s := range t.app.Services {
			for _, m := range s.Mounts {
				if m.Volume == v.Name && !m.ReadOnly {
					writers = append(writers, s.Name)
					database = database || t.mounters[s.Name].database
				}
			}
		}
		if database && len(writers) > 1 {
			t.notice(project.Child("volumes", v.Name), "volume %s: %s write the files of one database, which can destroy them", v.Name, strings.Join(writers, " and "))
		}
	}
}
