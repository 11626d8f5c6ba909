package app

import (
	"time"

	"github.com/docker/go-units"
)

// composeStop is Compose's default time to stop; AWS's is 30 s.
const composeStop = 10

// process is how the container's process runs.
type process struct {
	command, entrypoint        []string
	user, workingDir           string
	readOnly, interactive, tty bool
	init                       bool
	stopSeconds, diskGiB       int
}

func processOf(s subject) process {
	c := s.compose
	s.lookAtWords("command", c.Command)
	s.lookAtWords("entrypoint", c.Entrypoint)
	out := process{
		command: c.Command, entrypoint: c.Entrypoint, user: c.User, workingDir: c.WorkingDir, readOnly: c.ReadOnly,
		interactive: c.StdinOpen, tty: c.Tty, init: c.Init != nil && *c.Init, stopSeconds: composeStop,
	}
	if c.StopGracePeriod != nil {
		out.stopSeconds = s.bounded("stop_grace_period", time.Duration(*c.StopGracePeriod), s.capacity.Stop())
	}
	out.diskGiB = diskOf(s)
	return out
}

// diskOf is the size of the ephemeral disk: x-berth.disk_gib or
// storage_opt.size.
func diskOf(s subject) int {
	disk := s.x.DiskGiB
	if disk > 0 {
		_, refused := s.capacity.Disk(disk)
		s.deny("x-berth.disk_gib", refused)
	}
	for _, key := range sorted(s.compose.StorageOpt) {
		if why := s.capacity.StorageOption(key); why != "" {
			s.notice("storage_opt."+key, "storage_opt.%s has no effect: %s", key, why)
			continue
		}
		bytes, err := units.RAMInBytes(s.compose.StorageOpt[key])
		if err != nil {
			s.refuse("storage_opt", "storage_opt.size is not a size", s.compose.StorageOpt[key], "write a size such as 50G")
			continue
		}
		gib, refused := s.capacity.Disk(int((bytes + units.GiB - 1) / units.GiB))
		switch {
		case refused != nil:
			s.deny("storage_opt", refused)
		case disk != 0:
		case gib > 0:
			disk = gib
		default:
			s.notice("storage_opt", "storage_opt.size has no effect: each task has a disk of %d GiB", s.capacity.UsualDisk())
		}
	}
	return disk
}
