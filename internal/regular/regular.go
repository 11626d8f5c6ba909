// Package regular reads the files that a project names. Whoever wrote the
// project chose the names, so a name can be a device that never ends, a pipe
// that nobody writes to, a folder, or a file of ten gigabytes: only regular
// files are read, and never more of one than its reader has a use for.
//
// It imports nothing of berth. Whatever reads a file that a user or a project
// names reads it through here.
package regular

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// NotFileError says what something is that is no regular file.
type NotFileError struct{ Kind string }

func (e *NotFileError) Error() string { return "it is " + e.Kind + ", not a file" }

// SizeError says that a file is larger than its reader takes.
type SizeError struct {
	// Bytes is the file's size as far as it was found out: it may be growing.
	Bytes, Most int64
}

func (e *SizeError) Error() string {
	return fmt.Sprintf("it has %d bytes, more than the %d that berth reads", e.Bytes, e.Most)
}

// Read is the content of a regular file of at most so many bytes. The error is
// a *NotFileError or a *SizeError where those are the reason. No error names
// the path, which its reader knows better.
func Read(path string, most int64) ([]byte, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	if err != nil {
		return nil, short(err)
	}
	if info.Size() > most {
		return nil, &SizeError{info.Size(), most}
	}
	// Files of /proc have no size, and a file may grow while it is read.
	return Stream(f, most)
}

// Stream is what a stream holds, such as standard input, if it ends within so
// many bytes. The error is a *SizeError if it does not.
func Stream(r io.Reader, most int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, short(err)
	}
	if int64(len(data)) > most {
		return nil, &SizeError{int64(len(data)), most}
	}
	return data, nil
}

// Open opens a regular file. What is none is not opened where that can be
// helped: opening a pipe waits for its writer, and opening a device may do
// something. The errors are those of Read.
func Open(path string) (*os.File, error) {
	if err := Check(path); err != nil {
		return nil, err
	}
	// It may have been exchanged meanwhile: without O_NONBLOCK a pipe would wait.
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) //nolint:gosec // reading what the user names is the purpose
	if err != nil {
		return nil, short(err)
	}
	info, err := f.Stat()
	if err == nil {
		err = kindOf(info.Mode())
	}
	if err != nil {
		return nil, errors.Join(short(err), f.Close())
	}
	return f, nil
}

// Check says why something is no regular file, without opening it.
func Check(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return short(err)
	}
	return kindOf(info.Mode())
}

func kindOf(m fs.FileMode) error {
	switch {
	case m.IsRegular():
		return nil
	case m.IsDir():
		return &NotFileError{"a folder"}
	case m&fs.ModeNamedPipe != 0:
		return &NotFileError{"a named pipe"}
	case m&fs.ModeSocket != 0:
		return &NotFileError{"a socket"}
	case m&fs.ModeDevice != 0:
		return &NotFileError{"a device"}
	}
	return &NotFileError{"something else"}
}

// short is an error without the path: what is behind an fs.PathError.
func short(err error) error {
	var path *fs.PathError
	if !errors.As(err, &path) {
		return err
	}
	if errors.Is(path.Err, fs.ErrNotExist) {
		return &missingError{path.Err}
	}
	return path.Err
}

// missingError is fs.ErrNotExist in berth's words.
type missingError struct{ err error }

func (*missingError) Error() string { return "there is no such file" }

func (e *missingError) Unwrap() error { return e.err }
