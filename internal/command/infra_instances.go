package command

import (
	"fmt"

	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/status"
)

// printInstances writes a table of the instances that tasks run on; nothing without any.
func (v *infraVerb) printInstances(list []status.Instance) error {
	if len(list) == 0 {
		return nil
	}
	v.Print("")
	rows := [][]string{{"INSTANCE", "TYPE", "ZONE", "STATE", "TASKS", "FREE"}}
	for _, i := range list {
		state := i.State
		if !i.Connected {
			state += ", no agent"
		}
		rows = append(rows, []string{i.ID, i.Type, i.Zone, state, fmt.Sprint(i.Tasks), free(i)})
	}
	return render.Table(v.Streams.Out, rows)
}

// free is what no task on an instance has reserved: "1.5 of 2 vCPU, 6.2 of 7.6 GiB".
func free(i status.Instance) string {
	text := fmt.Sprintf("%.4g of %.4g vCPU, %.1f of %.1f GiB",
		float64(i.CPU.Free)/1024, float64(i.CPU.Total)/1024, float64(i.MemoryMiB.Free)/1024, float64(i.MemoryMiB.Total)/1024)
	if i.GPUs.Total > 0 {
		text += fmt.Sprintf(", %d of %d GPUs", i.GPUs.Free, i.GPUs.Total)
	}
	return text
}
