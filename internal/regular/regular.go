// Package regular reads the files that a project names. The author of the project
// chose the names, so a name can lead to a device that never ends, a pipe without a
// writer, a folder, or a file of ten gigabytes. The package reads regular files only,
// and never more than its caller needs.
//
// It imports nothing of berth. All files that a user or a project names are read with
// it.
package regular

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// NotFileError says that a path is not a regular file, and what it is.
type NotFileError struct{ Kind string }

func (e *NotFileError) Error() string { return "it is " + e.Kind + ", not a file" }

// SizeError says that a file is larger than its caller allows.
type SizeError struct {
	// Bytes is the size that was seen: the file may be growing.
	Bytes, Most int64
}

func (e *SizeError) Error() string {
	return fmt.Sprintf("it has %d bytes, and berth reads at most %d", e.Bytes, e.Most)
}

// Read reads a regular file of at most a number of bytes. If it is not a regular file
// or too large, the error is a *NotFileError or a *SizeError. No error contains the
// path, which the caller adds in its own form.
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

// Stream reads a stream, such as standard input, of at most a number of bytes. If it
// has more, the error is a *SizeError.
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

// Open opens a regular file. It avoids opening anything else: opening a pipe waits for
// its writer, and opening a device may have effects. The errors are those of Read.
func Open(path string) (*os.File, error) {
	if err := Check(path); err != nil {
		return nil, err
	}
	// The file may have been replaced meanwhile: with O_NONBLOCK a pipe does not wait.
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

// Check says why a path is not a regular file, without opening it.
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

// short is an error without the path: the cause in an fs.PathError.
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

// missingError is fs.ErrNotExist with a message for users.
type missingError struct{ err error }

func (*missingError) Error() string { return "there is no such file" }

func (e *missingError) Unwrap() error { return e.err }
