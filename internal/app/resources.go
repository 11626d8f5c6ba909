package app

import (
	"fmt"
	"math"
	"strconv"
)

// size is what a task may have: CPU in units of 1/1024 vCPU, memory in MiB.
type size struct{ cpu, memory int }

// fargateRow are the memory sizes that go with one CPU size.
type fargateRow struct{ cpu, low, high, step int }

// fargateSizes is Fargate's table for Linux on platform version 1.4.0.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
func fargateSizes() []fargateRow {
	return []fargateRow{
		{256, 512, 2048, 1024}, {512, 1024, 4096, 1024}, {1024, 2048, 8192, 1024}, {2048, 4096, 16384, 1024},
		{4096, 8192, 30720, 1024}, {8192, 16384, 61440, 4096}, {16384, 32768, 122880, 8192},
	}
}

// fit is the smallest size of Fargate that has what is wanted.
func fit(want size) (size, bool) {
	for _, row := range fargateSizes() {
		if row.cpu < want.cpu || row.high < want.memory {
			continue
		}
		memory := row.low
		for memory < want.memory {
			// 512 MiB is the one size that is not a multiple of its step.
			memory = (memory/row.step + 1) * row.step
		}
		return size{row.cpu, memory}, true
	}
	return size{}, false
}

// resources finds the size of a task: the largest of what the limits and the
// reservations ask for, as Fargate reserves what it allows.
func (w *workload) resources() {
	want := w.wanted()
	got, ok := fit(want)
	if !ok {
		w.refuse(w.sizeKey(), fmt.Sprintf("%s do not fit on Fargate", want), "the largest task has 16 vCPU and 120 GiB", "ask for less, or split the service")
		return
	}
	w.CPU, w.Memory = got.cpu, got.memory
	if want != got && want != (size{}) {
		w.notice(w.sizeKey(), "a task has %s, the smallest size of Fargate with %s", got, want)
	}
}

func (w *workload) wanted() size {
	c := w.compose
	want := size{cpu: units1024(float64(c.CPUS)), memory: mebibytes(int64(max(c.MemLimit, c.MemReservation)))}
	if c.Deploy == nil {
		return want
	}
	if r := c.Deploy.Resources.Limits; r != nil {
		want.cpu = max(want.cpu, units1024(float64(r.NanoCPUs)))
		want.memory = max(want.memory, mebibytes(int64(r.MemoryBytes)))
	}
	if r := c.Deploy.Resources.Reservations; r != nil {
		want.cpu = max(want.cpu, units1024(float64(r.NanoCPUs)))
		want.memory = max(want.memory, mebibytes(int64(r.MemoryBytes)))
	}
	return want
}

// sizeKey is the key that asks for a size, for its place.
func (w *workload) sizeKey() string {
	for _, key := range []string{"deploy.resources", "mem_limit", "cpus", "mem_reservation"} {
		if w.has(key) {
			return key
		}
	}
	return ""
}

// String is the size in words: "0.5 vCPU and 1 GiB".
func (s size) String() string {
	var cpu, memory string
	if s.cpu > 0 {
		cpu = strconv.FormatFloat(float64(s.cpu)/1024, 'g', 4, 64) + " vCPU"
	}
	switch {
	case s.memory >= 1024 && s.memory%1024 == 0:
		memory = strconv.Itoa(s.memory/1024) + " GiB"
	case s.memory > 0:
		memory = strconv.Itoa(s.memory) + " MiB"
	}
	if cpu != "" && memory != "" {
		return cpu + " and " + memory
	}
	return cpu + memory
}

// units1024 and mebibytes round up, and hold values that are not numbers of
// this world within what fit refuses.
func units1024(cpus float64) int {
	if math.IsNaN(cpus) || cpus <= 0 {
		return 0
	}
	return int(math.Min(math.Ceil(math.Round(cpus*1e6)/1e6*1024), 1<<30))
}

func mebibytes(bytes int64) int {
	if bytes <= 0 {
		return 0
	}
	return int(min((bytes-1)>>20+1, 1<<30))
}
