package sandbox

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/berthdev/berth/internal/regular"
)

// saveVersion is the version of the file's form. A file of another version is
// refused: a sandbox is cheap to make again.
const saveVersion = 1

// saved is a world in a file.
type saved struct {
	Version         int
	Now             time.Time
	Seed            uint64
	Profile         Profile
	Account, Region string
	IDs             map[string]uint64
	Events          []event
	Tokens          map[string]token
	Buckets         map[string]*bucket
	Parts           map[string]json.RawMessage
}

// Save writes the world and the position of its clock to a file that only the
// user can read (0600). The file appears whole or not at all. The record of
// calls, the policy and injected faults are not part of it.
func (w *World) Save(path string) error {
	b, err := w.encode()
	if err != nil {
		return fmt.Errorf("save sandbox: %w", err)
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("save sandbox: %w", err)
	}
	// CreateTemp makes the file 0600.
	f, err := os.CreateTemp(dir, ".sandbox-*")
	if err != nil {
		return fmt.Errorf("save sandbox: %w", err)
	}
	_, err = f.Write(b)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("save sandbox: %w", err)
	}
	return nil
}

func (w *World) encode() ([]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	w.settle(now)
	s := saved{
		Version: saveVersion, Now: now, Seed: w.opt.Seed, Profile: w.opt.Profile,
		Account: w.opt.Account, Region: w.opt.Region,
		IDs: w.ids, Events: w.events, Tokens: w.tokens, Buckets: w.buckets,
		Parts: map[string]json.RawMessage{},
	}
	for _, p := range w.parts {
		b, err := json.Marshal(p.state())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.ID(), err)
		}
		s.Parts[p.ID()] = b
	}
	return json.Marshal(s)
}

// maxWorld bounds what is read of a saved world: a thousand services are 20 MB.
const maxWorld = 512 << 20

// Load reads a world that Save wrote. Seed, profile, account and region come
// from the file, the rest from opt. Between Save and Load the world's clock
// stands still: it goes on at the moment of the Save. The error wraps
// fs.ErrNotExist when there is no file.
func Load(path string, opt Options) (*World, error) {
	b, err := regular.Read(path, maxWorld)
	if err != nil {
		return nil, fmt.Errorf("load sandbox: %w", err)
	}
	var s saved
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, fmt.Errorf("load sandbox: %s: %w", path, err)
	}
	if s.Version != saveVersion {
		return nil, fmt.Errorf("load sandbox: %s has version %d, this program writes %d: remove it to start anew",
			path, s.Version, saveVersion)
	}
	opt.Seed, opt.Profile, opt.Account, opt.Region = s.Seed, s.Profile, s.Account, s.Region
	w, err := build(opt)
	if err != nil {
		return nil, err
	}
	if err := w.restore(s); err != nil {
		return nil, fmt.Errorf("load sandbox: %s: %w", path, err)
	}
	return w, nil
}

func (w *World) restore(s saved) error {
	for _, p := range w.parts {
		if b, ok := s.Parts[p.ID()]; ok {
			if err := json.Unmarshal(b, p.state()); err != nil {
				return fmt.Errorf("%s: %w", p.ID(), err)
			}
		}
	}
	// A heap's slice is a heap again when it is read back.
	w.events = s.Events
	if s.IDs != nil {
		w.ids = s.IDs
	}
	if s.Tokens != nil {
		w.tokens = s.Tokens
	}
	if s.Buckets != nil {
		w.buckets = s.Buckets
	}
	w.clock.setTo(s.Now)
	return nil
}
