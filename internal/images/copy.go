package images

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/regular"
)

// copyContexts copies the additional contexts of which an image needs only some
// files, and changes where they are: docker would read all of a folder, and
// leave out what its .dockerignore names.
func copyContexts(ctx context.Context, b *app.Build, at map[string]string, dir string) error {
	for name, c := range b.Contexts {
		if c.Only == nil {
			continue
		}
		t, err := walk(ctx, c.Dir, "", c.Only)
		if err != nil {
			return fmt.Errorf("reading %s: %w", c.Shown, err)
		}
		at[name] = filepath.Join(dir, "contexts", name)
		if err := t.copyTo(ctx, at[name]); err != nil {
			return fmt.Errorf("copying the files of %s: %w", c.Shown, err)
		}
	}
	return nil
}

// copyTo copies the files of a tree into a folder that it makes. Their modes are
// kept; links lead where they led.
func (t *tree) copyTo(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, e := range t.entries {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		from, to := filepath.Join(t.root, filepath.FromSlash(e.path)), filepath.Join(dir, filepath.FromSlash(e.path))
		var err error
		switch {
		case e.mode.IsDir():
			err = os.Mkdir(to, e.mode.Perm()|0o700)
		case e.mode&fs.ModeSymlink != 0:
			err = os.Symlink(e.link, to)
		default:
			err = copyFile(from, to, e.mode.Perm())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string, mode fs.FileMode) error {
	in, err := regular.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Chmod(mode), out.Close())
}
