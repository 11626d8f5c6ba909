package world

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/berthdev/berth/internal/regular"
)

// saveVersion is the version of the file's format. A file of another version is
// refused: a sandbox is cheap to make again.
const saveVersion = 1

// Saved is a world in a file.
type Saved struct {
	Version         int
	Now             time.Time
	Seed            uint64
	Profile         Profile
	Account, Region string
	IDs             map[string]uint64
	Events          []event
	Tokens          tokens
	Buckets         map[string]*Bucket
	Parts           map[string]json.RawMessage
}

// Save writes the world and the position of its clock to a file that only the
// user can read (0600). The file is written atomically. The record of calls,
// the policy and injected faults are not part of it.
func (w *World) Save(path string) error {
	b, err := w.server.encode()
	if err != nil {
		return fmt.Errorf("saving the sandbox: %w", err)
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("saving the sandbox: %w", err)
	}
	// CreateTemp makes the file 0600.
	f, err := os.CreateTemp(dir, ".sandbox-*")
	if err != nil {
		return fmt.Errorf("saving the sandbox: %w", err)
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
		return fmt.Errorf("saving the sandbox: %w", err)
	}
	return nil
}

func (s *server) encode() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.account
	now := a.Now()
	a.settle(now)
	out := Saved{
		Version: saveVersion, Now: now, Seed: a.opt.Seed, Profile: a.opt.Profile,
		Account: a.opt.Account, Region: a.opt.Region,
		IDs: a.ids, Events: a.events, Tokens: s.tokens, Buckets: s.limits.buckets,
		Parts: map[string]json.RawMessage{},
	}
	for _, p := range s.services {
		b, err := json.Marshal(p.State())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.ID(), err)
		}
		out.Parts[p.ID()] = b
	}
	return json.Marshal(out)
}

// maxWorld bounds the size of a saved world: a thousand services take 20 MB.
const maxWorld = 512 << 20

// ReadSaved reads what Save wrote. If there is no file, the error wraps
// fs.ErrNotExist.
func ReadSaved(path string) (*Saved, error) {
	b, err := regular.Read(path, maxWorld)
	if err != nil {
		return nil, err
	}
	var s Saved
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if s.Version != saveVersion {
		return nil, fmt.Errorf("%s has version %d, this program writes %d: remove it to start anew",
			path, s.Version, saveVersion)
	}
	return &s, nil
}

// Options returns the options of a world that continues this one: seed,
// profile, account and region from the file, the rest from opt.
func (s *Saved) Options(opt Options) Options {
	opt.Seed, opt.Profile, opt.Account, opt.Region = s.Seed, s.Profile, s.Account, s.Region
	return opt
}

// restore gives the services their saved state. The clock goes on at the time of the
// Save.
func (s *server) restore(from *Saved) error {
	for _, p := range s.services {
		if b, ok := from.Parts[p.ID()]; ok {
			if err := json.Unmarshal(b, p.State()); err != nil {
				return fmt.Errorf("%s: %w", p.ID(), err)
			}
		}
	}
	// A heap's slice is a heap again when it is read back.
	s.account.events = from.Events
	if from.IDs != nil {
		s.account.ids = from.IDs
	}
	if from.Tokens != nil {
		s.tokens = from.Tokens
	}
	if from.Buckets != nil {
		s.limits.buckets = from.Buckets
	}
	s.account.clock.setTo(from.Now)
	return nil
}
