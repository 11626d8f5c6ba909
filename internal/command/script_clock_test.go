package command_test

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/sandbox"
)

// setClock lets time pass in the sandbox of a script's folder until it is the next so late,
// by UTC: clock 22:30.
func setClock(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: clock HH:MM")
	}
	at, err := time.Parse("15:04", args[0])
	ts.Check(err)
	path := filepath.Join(ts.MkAbs(".berth"), "sandbox.json")
	const speed = 1_000_000 // a day is a tenth of a second
	opt := sandbox.Options{Clock: clock.NewFast(time.Now(), speed), Seed: 1, Region: "eu-central-1"}
	w, err := sandbox.Load(path, opt)
	if errors.Is(err, fs.ErrNotExist) {
		w, err = sandbox.New(opt)
	}
	ts.Check(err)
	now := w.Clock().Now()
	next := time.Date(now.Year(), now.Month(), now.Day(), at.Hour(), at.Minute(), 0, 0, time.UTC)
	if !next.After(now) {
		next = next.AddDate(0, 0, 1)
	}
	ts.Check(w.Clock().Sleep(context.Background(), next.Sub(now)))
	ts.Check(w.Save(path))
}
