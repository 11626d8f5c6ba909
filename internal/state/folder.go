package state

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/clock"
)

// Folder is a Store in a local folder, for the sandbox. Files have mode 0600.
type Folder struct {
	// Path is the folder; it is made when first needed, with mode 0700.
	Path string
	// Clock tells the age of objects; nil is the wall clock.
	Clock clock.Clock
}

// Where implements Store.
func (f *Folder) Where() string { return f.Path }

// Get implements Store.
func (f *Folder) Get(_ context.Context, key string) (Object, error) {
	path, err := f.file(key)
	if err != nil {
		return Object{}, err
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Object{}, &MissingError{Key: key}
	}
	if err != nil {
		return Object{}, fmt.Errorf("state: reading %s: %w", key, err)
	}
	if !info.Mode().IsRegular() {
		return Object{}, fmt.Errorf("state: reading %s: it is not a regular file", key)
	}
	data, err := readSome(path)
	if err != nil {
		return Object{}, fmt.Errorf("state: reading %s: %w", key, err)
	}
	return Object{Data: data, Version: versionOf(data), Age: f.now().Sub(info.ModTime())}, nil
}

// Put implements Store. Two processes are kept apart by a file beside the
// object that only one of them can create.
func (f *Folder) Put(ctx context.Context, key string, data []byte, cond Condition) (string, error) {
	path, err := f.file(key)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("state: making the folder of %s: %w", key, err)
	}
	unlock, err := exclusive(ctx, path+".busy")
	if err != nil {
		return "", fmt.Errorf("state: writing %s: %w", key, err)
	}
	defer unlock()
	if err := f.check(ctx, key, cond); err != nil {
		return "", err
	}
	if err := f.replace(path, data); err != nil {
		return "", fmt.Errorf("state: writing %s: %w", key, err)
	}
	return versionOf(data), nil
}

func (f *Folder) check(ctx context.Context, key string, cond Condition) error {
	if cond == (Condition{}) {
		return nil
	}
	have, err := f.Get(ctx, key)
	var missing *MissingError
	switch {
	case errors.As(err, &missing):
		if cond.Version != "" {
			return &ConflictError{Key: key}
		}
		return nil
	case err != nil:
		return err
	case cond.Absent || have.Version != cond.Version:
		return &ConflictError{Key: key}
	}
	return nil
}

// replace writes beside the object and renames, so that a full disk or a crash
// leaves the old object whole.
func (f *Folder) replace(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }()
	if _, err := tmp.Write(data); err != nil {
		return errors.Join(err, tmp.Close())
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	if f.Clock != nil {
		if now := f.now(); !now.IsZero() {
			_ = os.Chtimes(tmp.Name(), now, now) // only the age's precision depends on it
		}
	}
	return os.Rename(tmp.Name(), path)
}

func readSome(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, maxObject+1))
}

// List implements Store.
func (f *Folder) List(_ context.Context, prefix string) ([]string, error) {
	var keys []string
	err := filepath.WalkDir(f.Path, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(f.Path, path)
		if err != nil {
			return err
		}
		key := filepath.ToSlash(rel)
		if strings.HasPrefix(key, prefix) && strings.HasSuffix(key, ".json") {
			keys = append(keys, key)
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("state: listing %s: %w", prefix, err)
	}
	slices.Sort(keys)
	return keys, nil
}

func (f *Folder) file(key string) (string, error) {
	if !filepath.IsLocal(filepath.FromSlash(key)) {
		return "", fmt.Errorf("state: key %q leaves the folder", key)
	}
	return filepath.Join(f.Path, filepath.FromSlash(key)), nil
}

func (f *Folder) now() time.Time {
	if f.Clock == nil {
		return time.Now()
	}
	return f.Clock.Now()
}

func versionOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:12])
}

// exclusive creates a file that must not exist, waiting for up to two seconds
// for another process to remove it. An older file is the trace of a crash.
func exclusive(ctx context.Context, path string) (func(), error) {
	const patience = 2 * time.Second
	for begin := time.Now(); ; {
		file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err == nil {
			_ = file.Close()
			return func() { _ = os.Remove(path) }, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		if time.Since(begin) > patience {
			_ = os.Remove(path)
			begin = time.Now()
			continue
		}
		if err := (clock.Wall{}).Sleep(ctx, 5*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

var _ Store = (*Folder)(nil)
