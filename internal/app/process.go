package app

import (
	"strconv"
	"time"

	"github.com/docker/go-units"
)

// The bounds of Fargate: the time to stop in seconds and the disk in GiB.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
const (
	minStop, maxStop = 2, 120
	minDisk, maxDisk = 21, 200
)

// composeStop is Compose's own time to stop; AWS's would be 30 s.
const composeStop = 10

// process takes over what says how the container's process runs.
func (w *workload) process() {
	c := w.compose
	w.Command, w.Entrypoint = c.Command, c.Entrypoint
	w.lookAtWords("command", c.Command)
	w.lookAtWords("entrypoint", c.Entrypoint)
	w.User, w.WorkingDir, w.ReadOnly = c.User, c.WorkingDir, c.ReadOnly
	w.Interactive, w.TTY = c.StdinOpen, c.Tty
	w.Init = c.Init != nil && *c.Init
	w.StopSeconds = composeStop
	if c.StopGracePeriod != nil {
		w.StopSeconds = w.bounded("stop_grace_period", time.Duration(*c.StopGracePeriod), minStop, maxStop)
	}
	w.disk()
}

// bounded rounds a time up to seconds, moves it into the bounds, and says so.
func (w *workload) bounded(key string, d time.Duration, low, high int) int {
	want := int((d + time.Second - 1) / time.Second)
	got := max(low, min(high, want))
	if got != want || d%time.Second != 0 {
		w.notice(key, "%s is %d s: AWS takes whole seconds from %d to %d", key, got, low, high)
	}
	return got
}

// disk is the size of the ephemeral disk: x-berth.disk_gib or storage_opt.size.
func (w *workload) disk() {
	w.DiskGiB = w.x.DiskGiB
	for _, key := range sorted(w.compose.StorageOpt) {
		if key != "size" {
			w.notice("storage_opt."+key, "storage_opt.%s has no effect: Fargate knows size only", key)
			continue
		}
		bytes, err := units.RAMInBytes(w.compose.StorageOpt[key])
		gib := int((bytes + units.GiB - 1) / units.GiB)
		switch {
		case err != nil:
			w.refuse("storage_opt", "storage_opt.size is not a size", w.compose.StorageOpt[key], "write it as in 50G")
		case gib > maxDisk:
			w.refuse("storage_opt", "the disk is larger than Fargate's", "it has up to "+strconv.Itoa(maxDisk)+" GiB", "write a smaller size")
		case w.DiskGiB == 0 && gib > minDisk-1:
			w.DiskGiB = gib
		case w.DiskGiB == 0:
			w.notice("storage_opt", "storage_opt.size has no effect: each task has a disk of %d GiB", minDisk-1)
		}
	}
}
