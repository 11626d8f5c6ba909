package capacity

import (
	"math"
	"strconv"
)

// Size is the size of a task: CPU in units of 1/1024 vCPU, memory in MiB.
type Size struct{ CPU, Memory int }

// Of is the size for a number of vCPU and of bytes, rounded up. Negative numbers and
// NaN become 0, and very large numbers are capped at a size that Fit refuses.
func Of(cpus float64, bytes int64) Size { return Size{CPU: units(cpus), Memory: mebibytes(bytes)} }

// Max has the larger CPU and the larger memory of the two.
func (s Size) Max(o Size) Size { return Size{CPU: max(s.CPU, o.CPU), Memory: max(s.Memory, o.Memory)} }

// Plus is the sum of the two.
func (s Size) Plus(o Size) Size { return Size{CPU: s.CPU + o.CPU, Memory: s.Memory + o.Memory} }

// String is the size in words: "0.5 vCPU and 1 GiB".
func (s Size) String() string {
	var cpu, memory string
	if s.CPU > 0 {
		cpu = strconv.FormatFloat(float64(s.CPU)/1024, 'g', 4, 64) + " vCPU"
	}
	switch {
	case s.Memory >= 1024 && s.Memory%1024 == 0:
		memory = strconv.Itoa(s.Memory/1024) + " GiB"
	case s.Memory > 0:
		memory = strconv.Itoa(s.Memory) + " MiB"
	}
	if cpu != "" && memory != "" {
		return cpu + " and " + memory
	}
	return cpu + memory
}

func units(cpus float64) int {
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
