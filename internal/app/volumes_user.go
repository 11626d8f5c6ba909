package app

import (
	"slices"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/app/catalog"
	"github.com/berthdev/berth/internal/project"
)

// owner is a user and a group, by number.
type owner struct{ uid, gid int }

// mounter is what the stage of volumes needs of a workload.
type mounter struct {
	// user owns the data of the image.
	user owner
	// database says that it keeps files that a second process must not write.
	database bool
}

// user decides the user as which processes act in a volume: the one that x-berth
// names, else that of the services that mount it, or root if these differ or are
// unknown. An access point makes every process act as this user, so that every
// process can write, whatever its user. Objects that others put into a bucket
// belong to none of the services' users: there the user is root, without a notice.
func (t volumeStage) user(v *Volume, users []Workload, x project.XVolume) {
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
			about(t.reading, project.OfVolume, v.Name, project.Child("volumes", v.Name), "the services that mount it may run as different users, so all act as root in it; x-berth.volumes.%s.uid sets a user", v.Name)
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

// dataOwner is the user that would own the data of a workload's image: the one
// that the file names by number, else that of a known image, else root.
func dataOwner(i image, user string) owner {
	var out owner
	if user != "" {
		out.uid, out.gid, _ = userIDs(user)
		return out
	}
	out.uid, out.gid = catalog.Owner(i.base())
	if _, ok := catalog.Find(i.base()); ok {
		return out
	}
	for _, target := range i.mounted {
		if uid := catalog.OwnerByFolder(target); uid != 0 {
			return owner{uid, uid}
		}
	}
	return out
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

// keepsDatabase says whether an image keeps files that a second process must not
// write.
func keepsDatabase(s subject, i image) bool {
	known, ok := i.known()
	if !ok || !known.Alone {
		return false
	}
	return !slices.ContainsFunc(known.Elsewhere, func(name string) bool {
		_, set := s.compose.Environment[name]
		return set
	})
}

// lone is a service, with what decides whether two of its tasks may write its
// volumes.
type lone struct {
	subject
	image  image
	mounts []Mount
}

// writes says whether two tasks of the service would write the files of one
// database: it mounts a volume and can write it.
func (l lone) writes() bool {
	return keepsDatabase(l.subject, l.image) && slices.ContainsFunc(l.mounts, func(m Mount) bool { return m.Volume != "" && !m.ReadOnly })
}

// update makes a service of which only one task may write stop before its new
// version starts, and gives notice of settings that let two tasks write.
func (l lone) update(u *Update, replicas int) {
	if !l.writes() {
		return
	}
	known, _ := l.image.known()
	if replicas > 1 {
		concern(l.subject, project.Data, "volumes", "%d tasks write the files of one %s, which can destroy them: write deploy.replicas: 1", replicas, known.Name)
	}
	d := l.compose.Deploy
	asked := d != nil && d.UpdateConfig != nil && d.UpdateConfig.Order != ""
	switch {
	case l.x.Update.MinPercent != nil || l.x.Update.MaxPercent != nil || asked:
		if u.MaxPercent > 100 {
			concern(l.subject, project.Data, "volumes", "an update starts the new task before it stops the old one, and both write the files of one %s, which can destroy them: write deploy.update_config.order: stop-first", known.Name)
		}
	default:
		u.MinPercent, u.MaxPercent = 0, 100
		l.notice("volumes", "an update stops the old task before it starts the new one, so nothing answers for a minute or two: two tasks must not write the same files")
	}
}

// sharedDatabases gives notice of volumes that a database and another service
// write.
func (t volumeStage) sharedDatabases() {
	for _, v := range t.made {
		var writers []string
		database := false
		for _, s := range t.app.Services {
			for _, c := range s.Containers() {
				for _, m := range c.Mounts {
					if m.Volume == v.Name && !m.ReadOnly {
						writers = append(writers, c.Name)
						database = database || t.mounters[c.Name].database
					}
				}
			}
		}
		if database && len(writers) > 1 {
			raise(t.reading, project.Data, project.OfVolume, v.Name, project.Child("volumes", v.Name), "%s write the files of one database, which can destroy them", strings.Join(writers, " and "))
		}
	}
}
