package capacity

import "testing"

func TestFit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		want, size Size
		ok         bool
	}{
		{"nothing asked", Size{}, Size{256, 512}, true},
		{"memory only", Size{0, 513}, Size{256, 1024}, true},
		{"memory moves the cpu", Size{256, 2049}, Size{512, 3072}, true},
		{"exact", Size{512, 1024}, Size{512, 1024}, true},
		{"between two", Size{600, 1024}, Size{1024, 2048}, true},
		{"steps of 4 GiB", Size{8192, 17000}, Size{8192, 20480}, true},
		{"largest", Size{16384, 122880}, Size{16384, 122880}, true},
		{"too much cpu", Size{16385, 0}, Size{}, false},
		{"too much memory", Size{0, 122881}, Size{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, refused := Fargate().Fit(c.want)
			if got != c.size || (refused == nil) != c.ok {
				t.Errorf("Fit(%v) = %v, %v; want %v, %v", c.want, got, refused, c.size, c.ok)
			}
		})
	}
}

func TestSizesAreRoundedUp(t *testing.T) {
	t.Parallel()
	for cpus, want := range map[float64]int{0: 0, -1: 0, 0.25: 256, 0.1: 103, 1: 1024, 1e18: 1 << 30} {
		if got := units(cpus); got != want {
			t.Errorf("units(%v) = %d, want %d", cpus, got, want)
		}
	}
	for bytes, want := range map[int64]int{0: 0, -5: 0, 1: 1, 1 << 20: 1, 1<<20 + 1: 2, 1 << 62: 1 << 30} {
		if got := mebibytes(bytes); got != want {
			t.Errorf("mebibytes(%d) = %d, want %d", bytes, got, want)
		}
	}
}

// TestARefusalNamesWhatLiftsIt asks for things that no capacity has.
func TestARefusalNamesWhatLiftsIt(t *testing.T) {
	t.Parallel()
	c := Fargate()
	_, size := c.Fit(Size{CPU: 1 << 20})
	_, platform := c.Architecture("windows/amd64")
	_, disk := c.Disk(10_000)
	for name, r := range map[string]*Refusal{
		"a size": size, "a platform": platform, "a disk": disk,
		"a capability": c.AddCapability("SYS_ADMIN"), "a kernel parameter": c.Sysctl("kernel.shmmax"),
	} {
		if r == nil || r.What == "" || r.Why == "" || r.Remedy == "" {
			t.Errorf("%s: the refusal is %+v", name, r)
		}
	}
}

func TestWhatFargateHas(t *testing.T) {
	t.Parallel()
	c := Fargate()
	for platform, want := range map[string]string{"": "amd64", "linux/amd64": "amd64", "linux/arm64/v8": "arm64", "aarch64": "arm64"} {
		if got, r := c.Architecture(platform); r != nil || got != want {
			t.Errorf("Architecture(%q) = %q, %v", platform, got, r)
		}
	}
	for gib, want := range map[int]int{0: 0, 20: 0, 21: 21, 200: 200} {
		if got, r := c.Disk(gib); r != nil || got != want {
			t.Errorf("Disk(%d) = %d, %v", gib, got, r)
		}
	}
	if c.AddCapability("SYS_PTRACE") != nil || c.Sysctl("net.core.somaxconn") != nil || c.Ulimit("nofile") != "" || c.Ulimit("nproc") == "" {
		t.Error("it refuses what Fargate has")
	}
	if !c.Namespaces("network_mode", "bridge") || c.Namespaces("pid", "host") {
		t.Error("it shares namespaces, or refuses those that a task has anyway")
	}
}
