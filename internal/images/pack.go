package images

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/regular"
)

// The names of a build's parts in what is uploaded. Folders are archives of
// their own, because a zip file loses rights and links.
const (
	packedContext    = "context"
	packedDockerfile = "Dockerfile"
	packedContexts   = "contexts"
	packedSuffix     = ".tar.gz"
)

// pack writes all that a build is made of into a zip file: the folders without
// what their .dockerignore leaves out, and the Dockerfile. Equal folders make
// equal files.
func pack(ctx context.Context, b *app.Build, to io.Writer) error {
	z := zip.NewWriter(to)
	if b.Dir != "" {
		if err := packFolder(ctx, z, packedContext, b.Dir, ignoreFile(b), b.Only); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.Contexts)) {
		if c := b.Contexts[name]; c.Dir != "" {
			if err := packFolder(ctx, z, packedContexts+"/"+name, c.Dir, filepath.Join(c.Dir, ".dockerignore"), c.Only); err != nil {
				return err
			}
		}
	}
	text, err := dockerfileOf(b)
	if err != nil {
		return err
	}
	if len(text) > 0 {
		w, err := z.Create(packedDockerfile)
		if err == nil {
			_, err = w.Write(text)
		}
		if err != nil {
			return fmt.Errorf("packing the Dockerfile: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("packing the build: %w", err)
	}
	return nil
}

func packFolder(ctx context.Context, z *zip.Writer, name, dir, ignore string, only []string) error {
	t, err := walk(ctx, dir, ignore, only)
	if err != nil {
		return fmt.Errorf("reading %s: %w", dir, err)
	}
	w, err := z.CreateHeader(&zip.FileHeader{Name: name + packedSuffix, Method: zip.Store})
	if err != nil {
		return fmt.Errorf("packing %s: %w", dir, err)
	}
	zipped := gzip.NewWriter(w)
	archive := tar.NewWriter(zipped)
	for _, e := range t.entries {
		if err := errors.Join(context.Cause(ctx), packEntry(ctx, archive, t.root, e)); err != nil {
			return fmt.Errorf("packing %s: %w", e.path, err)
		}
	}
	return errors.Join(archive.Close(), zipped.Close())
}

func packEntry(ctx context.Context, to *tar.Writer, root string, e entry) error {
	h := &tar.Header{Name: e.path, Mode: int64(e.mode.Perm()), ModTime: time.Unix(0, 0), Format: tar.FormatPAX}
	switch {
	case e.mode.IsDir():
		h.Typeflag, h.Name = tar.TypeDir, e.path+"/"
	case e.mode&fs.ModeSymlink != 0:
		h.Typeflag, h.Linkname = tar.TypeSymlink, e.link
	default:
		h.Typeflag, h.Size = tar.TypeReg, e.size
	}
	if err := to.WriteHeader(h); err != nil || h.Typeflag != tar.TypeReg {
		return err
	}
	f, err := regular.Open(filepath.Join(root, filepath.FromSlash(e.path)))
	if err != nil {
		return err
	}
	_, err = io.Copy(to, stoppable{ctx, f})
	return errors.Join(err, f.Close())
}
