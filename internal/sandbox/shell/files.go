package shell

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// MaxFiles bounds what a container's files hold together.
const MaxFiles = 64 << 20

// Files are the files of a container, by their path. Folders are what is before the
// last slash of them.
type Files struct {
	mu sync.Mutex
	m  map[string][]byte
}

// NewFiles makes files of these contents.
func NewFiles(m map[string][]byte) *Files {
	f := &Files{m: map[string][]byte{}}
	for name, content := range m {
		f.m[clean("/", name)] = content
	}
	return f
}

// All returns all files.
func (f *Files) All() map[string][]byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.m)
}

func clean(dir, name string) string {
	if !strings.HasPrefix(name, "/") {
		name = dir + "/" + name
	}
	return path.Clean("/" + name)
}

func (f *Files) read(name string) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	content, ok := f.m[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: f.missing(name)}
	}
	return content, nil
}

// missing is why a path is no file; f.mu is held.
func (f *Files) missing(name string) error {
	if f.folder(name) {
		return errFolder
	}
	return fs.ErrNotExist
}

func (f *Files) folder(name string) bool {
	if name == "/" || name == "/tmp" {
		return true
	}
	for other := range f.m {
		if strings.HasPrefix(other, name+"/") {
			return true
		}
	}
	return false
}

func (f *Files) write(name string, content []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.folder(name) {
		return &fs.PathError{Op: "open", Path: name, Err: errFolder}
	}
	size := len(content) - len(f.m[name])
	for _, other := range f.m {
		size += len(other)
	}
	if size > MaxFiles {
		return &fs.PathError{Op: "write", Path: name, Err: errFull}
	}
	f.m[name] = content
	return nil
}

type pathError string

func (e pathError) Error() string { return string(e) }

const (
	errFolder = pathError("is a directory")
	errFull   = pathError("no space left on device")
)

// open implements interp.OpenHandlerFunc.
func (f *Files) open(ctx context.Context, name string, flag int, _ os.FileMode) (io.ReadWriteCloser, error) {
	if name == "/dev/null" || name == "/dev/tty" {
		return &file{}, nil
	}
	name = clean(dirOf(ctx), name)
	content, err := f.read(name)
	switch {
	case flag&(os.O_WRONLY|os.O_RDWR) == 0:
		return &file{Reader: bytes.NewReader(content)}, err
	case flag&os.O_APPEND == 0:
		content = nil
	}
	return &file{files: f, name: name, content: slices.Clone(content)}, f.write(name, slices.Clone(content))
}

// file is an open file.
type file struct {
	io.Reader
	files   *Files
	name    string
	content []byte
}

func (f *file) Read(p []byte) (int, error) {
	if f.Reader == nil {
		return 0, io.EOF
	}
	return f.Reader.Read(p)
}

func (f *file) Write(p []byte) (int, error) {
	if f.files == nil {
		return len(p), nil
	}
	f.content = append(f.content, p...)
	return len(p), f.files.write(f.name, slices.Clone(f.content))
}

func (f *file) Close() error { return nil }

// stat implements interp.StatHandlerFunc.
func (f *Files) stat(ctx context.Context, name string, _ bool) (fs.FileInfo, error) {
	name = clean(dirOf(ctx), name)
	f.mu.Lock()
	defer f.mu.Unlock()
	if content, ok := f.m[name]; ok {
		return info{path.Base(name), int64(len(content)), false}, nil
	}
	if f.folder(name) {
		return info{path.Base(name), 0, true}, nil
	}
	// A shell finds programs by their files.
	if p := base(name); path.Dir(name) == "/bin" && (programNamed(p) != nil || isShell(p)) {
		return info{p, 1, false}, nil
	}
	return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
}

// readDir implements interp.ReadDirHandlerFunc2.
func (f *Files) readDir(ctx context.Context, name string) ([]fs.DirEntry, error) {
	dir := clean(dirOf(ctx), name)
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.folder(dir) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	found := map[string]fs.DirEntry{}
	for full, content := range f.m {
		rest, ok := strings.CutPrefix(full, strings.TrimSuffix(dir, "/")+"/")
		if !ok {
			continue
		}
		first, _, deeper := strings.Cut(rest, "/")
		found[first] = fs.FileInfoToDirEntry(info{first, int64(len(content)), deeper})
	}
	var out []fs.DirEntry
	for _, key := range slices.Sorted(maps.Keys(found)) {
		out = append(out, found[key])
	}
	return out, nil
}

// info is what is known of a file or a folder.
type info struct {
	name   string
	size   int64
	folder bool
}

func (i info) Name() string     { return i.name }
func (i info) Size() int64      { return i.size }
func (i info) IsDir() bool      { return i.folder }
func (info) ModTime() time.Time { return time.Time{} }
func (info) Sys() any           { return nil }
func (i info) Mode() fs.FileMode {
	if i.folder {
		return fs.ModeDir | 0o755
	}
	return 0o755
}
