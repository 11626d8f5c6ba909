package status_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// TestAddressesFromWhateverShowsThem: a task's addresses are shown whether its
// containers or its attachment has them, and a task whose network interface has
// vanished takes nothing from the others.
func TestAddressesFromWhateverShowsThem(t *testing.T) {
	t.Parallel()
	a := bed.App(t, compose)
	for name, tt := range map[string]struct {
		public int
		alter  func(i int, task *types.Task)
	}{
		"no container shows it": {2, func(_ int, task *types.Task) {
			for i := range task.Containers {
				task.Containers[i].NetworkInterfaces = nil
			}
		}},
		"the first task's interface has vanished": {1, func(i int, task *types.Task) {
			if i > 0 {
				return
			}
			for _, d := range task.Attachments[0].Details {
				if *d.Name == "networkInterfaceId" {
					*d.Value = "eni-0123456789abcdef0"
				}
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			deployed(t, a, func(t *testing.T, p place) {
				p.World.Inject(func(sandbox.Call) sandbox.Fault {
					return sandbox.Fault{Alter: func(out any) {
						if d, ok := out.(*ecs.DescribeTasksOutput); ok {
							for i := range d.Tasks {
								tt.alter(i, &d.Tasks[i])
							}
						}
					}}
				})
				public := 0
				for _, task := range p.status(t).Tasks {
					if task.PrivateIP == "" {
						t.Errorf("task %s lacks its private address", task.ID)
					}
					if task.PublicIP != "" {
						public++
					}
				}
				if public != tt.public {
					t.Errorf("%d of 2 tasks show a public address, want %d", public, tt.public)
				}
			})
		})
	}
}
