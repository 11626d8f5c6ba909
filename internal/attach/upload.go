package attach

import (
	"archive/tar"
	"bufio"
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

// lineLength is how long the lines of base64 are: a terminal takes 4,095 characters.
const lineLength = 76

// Upload copies a file or folder from this computer into a container, as cp does: into
// the place if it is a folder.
func Upload(ctx context.Context, p *deploy.Project, t Target, from, to string, lost Lost) (Copied, error) {
	info, err := os.Stat(from)
	if err != nil {
		return Copied{}, fmt.Errorf("reading %s: %w", from, err)
	}
	if !info.IsDir() && !info.Mode().IsRegular() {
		return Copied{}, fmt.Errorf("%s is no file and no folder", from)
	}
	into := ""
	if strings.HasSuffix(to, "/") {
		into = "folder"
	}
	to = path.Clean(to)
	word := nonce(randomOf(p))
	script := quietly + ours + `end() { ` + mark(word, "$1") + `; exit; }; ` + needed + `end 69; ` +
		`if [ -d "$1" ]; then dir=$1; ` + mark(word, "folder") + `; else dir=$2; [ -d "$dir" ] && [ -z "$3" ] || end 66; ` + mark(word, "name") + `; fi; ` +
		mark(word, "ready") + `; base64 -d | tar -xf - -C "$dir"; end $?`
	in, out := io.Pipe()
	var done Copied
	base := path.Base(to)
	packed := make(chan error, 1)
	ready := make(chan struct{})
	go func() {
		select {
		case <-ready:
		case <-ctx.Done():
		}
		err := concurrent.Safely(func() (err error) {
			done, err = packed64(out, from, base)
			return err
		})
		_ = out.CloseWithError(err) // it cannot fail
		packed <- err
	}()
	end, err := start(ctx, p, t, Command{In: in, Out: io.Discard, Lost: lost}, word, line(script, to, path.Dir(to), into), func(text string) {
		if text == "folder" {
			base = filepath.Base(from)
		}
		close(ready)
	})
	_ = in.CloseWithError(io.ErrClosedPipe) // it cannot fail
	select {
	case <-ready:
	default:
		close(ready)
	}
	packErr := <-packed
	if err := ended(t, to, end, err); err != nil {
		return done, err
	}
	return done, packErr
}

// packed64 writes a file or folder as an archive in base64, with another name.
func packed64(w io.Writer, from, name string) (Copied, error) {
	// One message of the session takes many lines.
	buffered := bufio.NewWriterSize(w, 1024)
	lines := &lined{w: buffered}
	encoder := base64.NewEncoder(base64.StdEncoding, lines)
	archive := tar.NewWriter(encoder)
	var done Copied
	err := filepath.WalkDir(from, func(at string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rest, err := filepath.Rel(from, at)
		if err != nil {
			return err
		}
		return pack(archive, at, path.Join(name, filepath.ToSlash(rest)), d, &done)
	})
	if err := errors.Join(err, archive.Close(), encoder.Close(), lines.end(), buffered.Flush()); err != nil {
		return done, fmt.Errorf("reading %s: %w", from, err)
	}
	return done, nil
}

// pack adds one file or folder to an archive.
func pack(archive *tar.Writer, at, name string, d fs.DirEntry, done *Copied) error {
	info, err := d.Info()
	if err != nil {
		return err
	}
	if !info.IsDir() && !info.Mode().IsRegular() {
		done.Skipped = append(done.Skipped, at)
		return nil
	}
	h, err := tar.FileInfoHeader(info, "")
	if err != nil {
		return err
	}
	// Who owns the file here means nothing there.
	h.Name, h.Uid, h.Gid, h.Uname, h.Gname = name, 0, 0, "", ""
	if info.IsDir() {
		h.Name += "/"
	}
	if err := archive.WriteHeader(h); err != nil || info.IsDir() {
		return err
	}
	f, err := os.Open(at)
	if err != nil {
		return err
	}
	n, err := io.Copy(archive, f)
	done.Files++
	done.Bytes += n
	return errors.Join(err, f.Close())
}

// lined ends lines after a number of characters.
type lined struct {
	w io.Writer
	n int
}

func (l *lined) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		n := min(len(rest), lineLength-l.n)
		part := append([]byte(nil), rest[:n]...)
		if l.n += n; l.n == lineLength {
			part, l.n = append(part, '\n'), 0
		}
		if _, err := l.w.Write(part); err != nil {
			return 0, err
		}
		rest = rest[n:]
	}
	return len(p), nil
}

// end ends the last line.
func (l *lined) end() error {
	if l.n == 0 {
		return nil
	}
	_, err := io.WriteString(l.w, "\n")
	return err
}
