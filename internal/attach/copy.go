package attach

import (
	"archive/tar"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/deploy"
)

// Files are copied as a tar archive in base64: the terminal that everything in ECS Exec
// runs on is not for bytes. The image needs sh, tar and base64.

// Copied is what was copied.
type Copied struct {
	Files int
	Bytes int64
	// Skipped are what is no file and no folder, such as links.
	Skipped []string
}

// The exit codes of the scripts.
const (
	codeMissing = 66 // there is no such file
	codeTools   = 69 // a program is missing
)

// needed ends a script if the image lacks what it needs.
const needed = `command -v tar >/dev/null && command -v base64 >/dev/null || `

// ToolsError says that files cannot be copied, because the image lacks a program.
type ToolsError struct{ Container string }

func (e *ToolsError) Error() string {
	return "the image of " + e.Container + " has no tar or no base64, which copying needs"
}

// Remedy is what the user can do.
func (*ToolsError) Remedy() string { return "add them to the image, or use a sidecar that has them" }

// failedTar is written behind an archive that tar could not finish.
const failedTar = "berth: tar failed"

// Download copies a file or folder from a container to a place on this computer, as cp
// does: into it if it is a folder.
func Download(ctx context.Context, p *deploy.Project, t Target, from, to string, lost Lost) (Copied, error) {
	word := nonce(randomOf(p))
	script := quietly + ours + mark(word, "ready") + `; end() { ` + mark(word, "$1") + `; exit; }; ` +
		needed + `end 69; [ -e "$1" ] || end 66; ` +
		`{ tar -cf - -C "$2" "$3" 2>/dev/null || printf "` + failedTar + `"; } | base64; end 0`
	in, out := io.Pipe()
	var done Copied
	unpacked := make(chan error, 1)
	from = path.Clean(from)
	go func() {
		err := concurrent.Safely(func() (err error) {
			done, err = unpack(base64.NewDecoder(base64.StdEncoding, newLineless(in)), path.Base(from), to)
			return err
		})
		if err != nil {
			_, _ = io.Copy(io.Discard, in) // the command ends by itself
		}
		unpacked <- err
	}()
	end, err := start(ctx, p, t, Command{Out: out, Lost: lost}, word, line(script, from, path.Dir(from), path.Base(from)), nil)
	_ = out.Close() // it cannot fail
	unpackErr := <-unpacked
	if err := ended(t, from, end, err); err != nil {
		return done, err
	}
	return done, unpackErr
}

// ended is why a copy failed, by how its script ended.
func ended(t Target, name string, end End, err error) error {
	switch {
	case err != nil:
		return err
	case !end.Known:
		return errors.New("the session ended before everything was copied")
	case end.Code == codeMissing:
		return fmt.Errorf("%s: %w in container %s", name, fs.ErrNotExist, t.Container)
	case end.Code == codeTools:
		return &ToolsError{t.Container}
	case end.Code != 0:
		return fmt.Errorf("copying %s: tar in container %s failed with code %d", name, t.Container, end.Code)
	}
	return nil
}

// unpack writes an archive whose only entry, with what is below it, is name. to is the
// folder to put it into, or its new name.
func unpack(r io.Reader, name, to string) (Copied, error) {
	var done Copied
	dir, base := filepath.Dir(to), filepath.Base(to)
	if info, err := os.Stat(to); err == nil && info.IsDir() {
		dir, base = to, name
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return done, fmt.Errorf("opening %s: %w", dir, err)
	}
	defer func() { _ = root.Close() }() // it is only read from
	for archive := tar.NewReader(r); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return done, finished(r, name)
		}
		if err != nil {
			return done, fmt.Errorf("reading the archive of %s: %w", name, err)
		}
		inside := path.Clean(h.Name)
		if inside != name && !strings.HasPrefix(inside, name+"/") {
			return done, fmt.Errorf("the archive of %s has %q, which is not in it", name, h.Name)
		}
		if err := entry(root, archive, h, base+strings.TrimPrefix(inside, name), &done); err != nil {
			return done, err
		}
	}
}

// finished reports whether tar has failed: it is then said behind the archive.
func finished(r io.Reader, name string) error {
	rest, err := io.ReadAll(io.LimitReader(r, 64<<10))
	if err != nil {
		return fmt.Errorf("reading the archive of %s: %w", name, err)
	}
	if strings.HasSuffix(string(rest), failedTar) {
		return fmt.Errorf("tar in the container could not read all of %s", name)
	}
	return nil
}

// entry writes one entry of an archive.
func entry(root *os.Root, r io.Reader, h *tar.Header, name string, done *Copied) error {
	name = filepath.FromSlash(name)
	switch h.Typeflag {
	case tar.TypeDir:
		if err := root.Mkdir(name, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("making a folder: %w", err)
		}
		return nil
	case tar.TypeReg:
	default:
		done.Skipped = append(done.Skipped, h.Name)
		return nil
	}
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("making a folder: %w", err)
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, fs.FileMode(h.Mode)&0o755|0o600)
	if err != nil {
		return fmt.Errorf("writing a file: %w", err)
	}
	n, err := io.Copy(f, r)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	done.Files++
	done.Bytes += n
	return nil
}

// newLineless leaves out what a terminal adds to lines.
func newLineless(r io.Reader) io.Reader { return &lineless{r} }

type lineless struct{ r io.Reader }

func (l *lineless) Read(p []byte) (int, error) {
	for {
		n, err := l.r.Read(p)
		kept := 0
		for _, b := range p[:n] {
			if b != '\r' && b != '\n' {
				p[kept] = b
				kept++
			}
		}
		if kept > 0 || err != nil {
			return kept, err
		}
	}
}
