package outline

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/app/capacity"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/plantext"
)

// size is the size of one task of a workload, and what it runs on if that is not Fargate.
func size(w app.Workload) string {
	return strings.ReplaceAll(capacity.Size{CPU: w.CPU, Memory: w.Memory}.String(), " and ", ", ") + on(w)
}

// on is what the tasks of a workload run on; empty for Fargate. Instances cost what they cost,
// whether tasks fill them or not.
func on(w app.Workload) string {
	switch {
	case w.OnEC2():
		return fmt.Sprintf(" on EC2, %s at most", plantext.Counted(blueprint.MostInstances(w), "instance"))
	case w.OnManaged():
		return " on Managed Instances"
	case w.Capacity != "":
		return " on " + w.Capacity
	}
	return ""
}

// onSpot is how many tasks of a service run on Spot: those after the first.
func onSpot(a *app.App, s app.Service) int {
	if !cmp.Or(s.Spot, a.Settings.Spot.Value).On() || s.Capacity != "" {
		return 0
	}
	return max(0, count(s)-1)
}

// count is how many tasks a new service has.
func count(s app.Service) int {
	if s.Scaling != nil {
		return s.Scaling.Start
	}
	return s.Replicas
}

// image is what a workload runs.
func image(w app.Workload) string {
	switch {
	case w.Build != nil && w.Build.Inline != "":
		return "build: with its files"
	case w.Build != nil:
		return "build: " + w.Build.Context
	case w.Model != "":
		return "gateway to " + w.Model
	}
	return w.Image
}

func databaseSize(d app.Database) string {
	text := d.Class
	if d.Nodes > 1 {
		text = fmt.Sprintf("%d x %s", d.Nodes, d.Class)
	}
	if d.StorageGiB > 0 {
		text += fmt.Sprintf(", %d GiB", d.StorageGiB)
	}
	if d.MultiAZ {
		text += ", standby"
	}
	return text
}

func databaseKind(d app.Database) string { return d.Kind + " " + d.Version }

func volumePlace(v app.Volume) string {
	switch {
	case v.OnBucket():
		return "files in bucket " + v.Bucket
	case v.OnS3():
		return "on an existing file system of a bucket"
	case v.Existing():
		return "on the existing file system " + v.FileSystem
	}
	return "files on EFS"
}

func private(port int) string { return "private :" + strconv.Itoa(port) }

// reach are the places at which clients reach a service: the public ones, or else
// the ports for siblings.
func (b builder) reach(s app.Service) []string {
	var out []string
	for _, e := range b.Outputs.Endpoints {
		if e.Service == s.Name {
			out = append(out, endpointText(e))
		}
	}
	if len(out) > 0 {
		return slices.Compact(out)
	}
	var ports []string
	for _, e := range s.Exposed {
		text := strconv.Itoa(e.From)
		if e.To != e.From {
			text += "-" + strconv.Itoa(e.To)
		}
		if e.Protocol == app.AppUDP {
			text += "/udp"
		}
		ports = append(ports, text)
	}
	switch {
	case s.AllTCP:
		return []string{"private, all TCP"}
	case len(ports) == 0:
		return []string{"private"}
	case len(ports) == 1:
		return []string{"private :" + ports[0]}
	}
	return []string{"private :" + strings.Join(ports, " :")}
}

func endpointText(e blueprint.Endpoint) string {
	port := ":" + strconv.Itoa(e.Port)
	switch {
	case e.Internal:
		return "internal " + strings.ToLower(e.Protocol) + " " + port
	case e.Protocol == blueprint.Direct:
		return "public http://" + hostOr(e.Host, "TASK") + port
	case e.Plain:
		return "http://" + e.Host
	case e.Host != "":
		return "https://" + e.Host
	case e.Protocol == "HTTP":
		return "public http " + port
	}
	return "public " + strings.ToLower(e.Protocol) + " " + port
}

func hostOr(host, other string) string {
	if name, _, _ := strings.Cut(host, "/"); name != "" {
		return name
	}
	return other
}
