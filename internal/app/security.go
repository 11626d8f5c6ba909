package app

import (
	"slices"
	"strings"
)

// security takes over what Fargate lets a container have, and refuses what
// would be unsafe or impossible to leave out.
func (w *workload) security() {
	c := w.compose
	for i, name := range c.CapAdd {
		if name = strings.TrimPrefix(strings.ToUpper(name), "CAP_"); name == "SYS_PTRACE" {
			w.CapAdd = append(w.CapAdd, name)
			continue
		}
		w.refuse(item("cap_add", i), "the capability "+name+" cannot be added", "Fargate allows SYS_PTRACE only", "take it out, or run without it in this environment with an overlay")
	}
	for _, name := range c.CapDrop {
		w.CapDrop = append(w.CapDrop, strings.TrimPrefix(strings.ToUpper(name), "CAP_"))
	}
	w.ulimits()
	w.sysctls()
	w.namespaces()
}

func (w *workload) ulimits() {
	for _, name := range sorted(w.compose.Ulimits) {
		u := w.compose.Ulimits[name]
		if name != "nofile" {
			w.notice("ulimits."+name, "ulimits.%s has no effect: Fargate sets all limits but nofile", name)
			continue
		}
		limit := Ulimit{Name: name, Soft: u.Soft, Hard: u.Hard}
		if u.Single != 0 {
			limit.Soft, limit.Hard = u.Single, u.Single
		}
		if limit.Hard < limit.Soft {
			limit.Hard = limit.Soft
		}
		w.Ulimits = append(w.Ulimits, limit)
	}
}

// sysctls of the network belong to the task; all others are those of AWS's
// machine. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_SystemControl.html
func (w *workload) sysctls() {
	for _, name := range sorted(w.compose.Sysctls) {
		if !strings.HasPrefix(name, "net.") {
			w.refuse("sysctls."+name, "the kernel parameter "+name+" cannot be set", "Fargate lets a task set net.* only", "take it out")
			continue
		}
		if w.Sysctls == nil {
			w.Sysctls = map[string]string{}
		}
		w.Sysctls[name] = w.compose.Sysctls[name]
	}
}

// namespaces refuses to share namespaces with other containers or the host.
// Values that ask for what a task has anyway are fine.
func (w *workload) namespaces() {
	c := w.compose
	for _, n := range []struct {
		key, value string
		fine       []string
	}{
		{"network_mode", c.NetworkMode, []string{"", "bridge", "default", "awsvpc"}},
		{"pid", c.Pid, []string{"", "private"}},
		{"ipc", c.Ipc, []string{"", "private", "shareable", "none"}},
	} {
		if slices.Contains(n.fine, n.value) {
			continue
		}
		remedy := "take it out"
		if strings.HasPrefix(n.value, "service:") {
			remedy = "reach the other service by its name, or put both programs into one image"
		}
		w.refuse(n.key, n.key+" "+n.value+" is not possible", w.keys[service+n.key].Says, remedy)
	}
	for _, host := range sorted(c.ExtraHosts) {
		if slices.Equal(c.ExtraHosts[host], []string{"host-gateway"}) {
			w.notice("extra_hosts", "extra_hosts: %s has no effect: there is no host to reach", host)
			continue
		}
		w.refuse("extra_hosts", "the name "+host+" cannot be added", w.keys[service+"extra_hosts"].Says, "use the address, or a name in DNS")
	}
}
