package bench

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

func TestExplore(t *testing.T) {
	for _, nat := range []string{"", "  network: {tasks: private, nat: single}\n"} {
	for _, prof := range []sandbox.Profile{sandbox.Typical, sandbox.Slow} {
	a := bed.App(t, `name: shop
x-berth:
  preset: affordable
`+nat+`services:
  web:
    image: nginx:1.29-alpine
    ports: ["8080:80"]
    healthcheck:
      test: ["CMD", "true"]
      interval: 5s
`)
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Seed: 1, Profile: prof, Latency: 60*time.Millisecond, MaxLag: 3*time.Second, Buckets: true})
		start := time.Now()
		show := func(name string, f bed.Figures, err error) {
			fmt.Println("=====", name, prof, len(nat), f.Took, f.Calls, f.Changing, err)
			if f.Outcome != nil {
				for _, o := range f.Outcome.Result.Outcomes {
					fmt.Println("   ", o.Status, o.Action.Verb, o.Action.Address, o.Elapsed, o.Err)
				}
			}
			for _, c := range f.Record {
				fmt.Println("      ", c.At.Sub(start), c.Service, c.Operation, c.Code)
			}
			start = time.Now()
		}
		f, err := b.Up(t.Context(), a)
		show("up", f, err)
		time.Sleep(time.Minute)
		start = time.Now()
		f, err = b.Up(t.Context(), a)
		show("noop", f, err)
		f, err = b.Down(t.Context(), a)
		show("down", f, err)
		fmt.Println(b.World.Leftovers())
	})
	}}
}
