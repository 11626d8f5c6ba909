package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/berthdev/berth/internal/app/mounted"
	"github.com/berthdev/berth/internal/project"
)

// dockerSocket is how programs reach a container engine.
const dockerSocket = "docker.sock"

// maxSecretBytes is what a parameter holds.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
const maxSecretBytes = 8 << 10

// instead is what berth does with a mount of this computer's files, or offers in
// its place. The zero value leaves it out.
type instead int

const (
	// leftOut: the overlay takes the mount out.
	leftOut instead = iota
	// baked: the files become a part of the image.
	baked
	// readOnly: the overlay mounts the files read-only, and they are baked.
	readOnly
	// asVolume: the overlay has a named volume in its place.
	asVolume
	// asSecret: the overlay has a secret in its place.
	asSecret
	// engineSocket: it is the socket of a container engine.
	engineSocket
	// clockFile: it is this computer's time zone.
	clockFile
)

// bound is a mount of the service with what takes its place. Mounts that are no
// bind mounts have the zero value.
type bound struct {
	what instead
	// credential is the file with a credential that keeps a folder out of the
	// image, relative to it.
	credential string
	// manyFiles says that the folder has too many files to look through.
	manyFiles bool
	// history says that it belongs to version control.
	history bool
}

// decide says what takes the place of a bind mount. It reads the mounted files,
// so it is asked once for each mount.
func (w *storage) decide(v types.ServiceVolumeConfig) bound {
	switch v.Source {
	case "/etc/localtime", "/etc/timezone":
		return bound{what: clockFile}
	}
	if path.Base(filepath.ToSlash(v.Source)) == dockerSocket {
		return bound{what: engineSocket}
	}
	if w.canBeVolume(v) {
		return bound{what: asVolume}
	}
	info, err := os.Stat(v.Source)
	if err != nil || liesInVolume(w.compose, v.Target) || !bakeable(v) {
		return bound{}
	}
	if rel, ok := mounted.InProject(w.project.Dir, v.Source); !ok || mounted.InHistory(rel) {
		return bound{history: ok}
	}
	if !info.IsDir() && mounted.IsCredential(v.Source) {
		if info.Size() <= maxSecretBytes && !occupied(path.Dir(path.Clean(v.Target))) {
			return bound{what: asSecret}
		}
		return bound{}
	}
	if b := w.image.build; b != nil && b.URL != "" && b.Inline == "" {
		return bound{} // berth does not have its Dockerfile
	}
	found, all := mounted.FindCredential(v.Source)
	switch {
	case found != "" || !all:
		return bound{credential: found, manyFiles: !all}
	case v.ReadOnly:
		return bound{what: baked}
	case w.image.build != nil && mounted.Within(w.image.build.Dir, v.Source):
		return bound{} // while developing it hides what the build copies
	}
	return bound{what: readOnly}
}

// liesInVolume says whether a named volume hides what the image has at a path.
func liesInVolume(s types.ServiceConfig, target string) bool {
	for _, v := range s.Volumes {
		if v.Type == types.VolumeTypeVolume && v.Source != "" && path.Clean(v.Target) != path.Clean(target) && mounted.Within(path.Clean(v.Target), path.Clean(target)) {
			return true
		}
	}
	return false
}

// bind bakes the files of a mount of this computer, or keeps it for
// binds.refuse, with what takes its place.
func (w *storage) bind(key string, v types.ServiceVolumeConfig, b bound) {
	source, folder := w.short(v.Source), path.Dir(path.Clean(v.Target))
	p := Problem{
		At: w.at(w.path + dotted(key)), What: fmt.Sprintf("service %s: the local file or folder %s cannot be mounted", w.name, source),
		Why: "a task on AWS cannot see the files of this computer", Remedy: "copy the files into the image",
	}
	switch b.what {
	case baked:
		noticeOf(w.subject, project.Further, w.path+dotted(key), source, fmt.Sprintf("becomes part of the image, at %s: a task cannot see the files of this computer", v.Target),
			"become parts of the image: a task cannot see the files of this computer")
		w.baked = append(w.baked, v)
		return
	case clockFile:
		w.notice(key, "%s has no effect: a task's clock is in UTC; the variable TZ sets the zone of most programs", v.Source)
		return
	case engineSocket:
		p.What = fmt.Sprintf("service %s: %s cannot be mounted", w.name, source)
		p.Why = w.capacity.ContainerEngine()
		p.Remedy = "run the service without it, or leave out a service that only works for the container engine: x-berth.host gives services names, paths and TLS without your own proxy"
	case asVolume:
		p.Remedy = "make it a volume, which starts empty"
	case readOnly:
		p.Remedy = "mount it read-only: berth then copies it into the image"
	case asSecret:
		p.Remedy = fmt.Sprintf("it contains a credential: make it a secret with `berth secret set %s - < %s` if the image needs nothing else in %s",
			w.binds.name(w, "secrets", v.Source), source, folder)
	case leftOut:
		w.explain(&p, v, b)
	}
	w.binds.problems = append(w.binds.problems, p)
	w.binds.change(w)
}

// explain says why a mount is left out.
func (w *storage) explain(p *Problem, v types.ServiceVolumeConfig, b bound) {
	switch _, err := os.Stat(v.Source); {
	case errors.Is(err, fs.ErrNotExist):
		p.Why = "there is no such file or folder, and a task on AWS cannot see this computer's"
		p.Remedy = "create it and mount it read-only: berth then copies it into the image"
	case liesInVolume(w.compose, v.Target):
		p.Remedy = "move its target outside of the volume, and mount it read-only: berth then copies it into the image"
	case b.history:
		p.Why = "version control keeps the project's history there, which must not be in an image"
		p.Remedy = "take what the service needs from it into a file while building: a build argument can pass the commit"
	case b.credential != "":
		p.Why = fmt.Sprintf("%s in it contains a credential, which must not be in an image", b.credential)
		p.Remedy = "make that file a secret of the service, and mount the others one by one and read-only: berth then copies them into the image"
	case b.manyFiles:
		p.Why = fmt.Sprintf("it has more than %d files, too many for berth to look for credentials in them", mounted.Most)
		p.Remedy = "mount only the files that the service needs, read-only, or copy them in a Dockerfile"
	}
}

// canBeVolume says whether a mount is a place to write, which a named volume is
// on AWS: nothing is in it yet, and it hides no code that was built, or it is
// where a program keeps its data.
func (w *storage) canBeVolume(v types.ServiceVolumeConfig) bool {
	if !w.isWritten(v.Source) {
		return false
	}
	known, _ := w.image.known()
	data := dataFolder.MatchString(path.Clean(v.Target))
	_, ours := mounted.InProject(w.project.Dir, v.Source)
	inside, err := os.ReadDir(v.Source)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return data || (w.image.build == nil || !ours) && path.Ext(v.Source) == "" // with one it would rather be a file
	case err != nil:
		return false
	case len(inside) == 0:
		return data || w.image.build == nil
	}
	return data && known.Stateful
}

// isWritten says whether a service may write what is mounted from this computer.
func (r reading) isWritten(source string) bool {
	for _, s := range r.project.Compose.Services {
		for _, v := range s.Volumes {
			if v.Type == types.VolumeTypeBind && v.Source == source && !v.ReadOnly {
				return true
			}
		}
	}
	return false
}

// dataFolder is where images keep what they write.
var dataFolder = regexp.MustCompile(`^(/var/(lib|opt|log)/|/bitnami/|/(data|storage|uploads|media|backups?)(/|$))`)

// binds are the mounts of this computer's files that are refused, together: one
// overlay takes all of them out.
type binds struct {
	problems []Problem
	// changed are the services in the overlay, in the order in which they come.
	changed []*storage
	// names are those in the overlay for files and folders of this computer.
	names map[string]string
}

func newBinds() *binds { return &binds{names: map[string]string{}} }

// change puts a service into the overlay, once.
func (b *binds) change(w *storage) {
	if n := len(b.changed); n == 0 || b.changed[n-1] != w {
		b.changed = append(b.changed, w)
	}
}

// refuse refuses the mounts of this computer's files, and offers the lines that
// take all of them out and leave them in for docker compose.
func (b *binds) refuse(r reading) {
	for _, p := range b.problems {
		r.problems.Add(p)
	}
	if len(b.problems) > 0 || slices.ContainsFunc(r.problems.List, func(p Problem) bool { return p.Drop != "" }) {
		r.problems.Offer = project.Offer{File: r.project.Overlay, Lines: b.overlay(r)}
	}
}
