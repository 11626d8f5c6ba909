package placing

import (
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app/capacity"
	"github.com/compose-spec/compose-go/v2/types"
)

// Container is a container whose devices are read, and what happens to a refused key.
type Container struct {
	Compose types.ServiceConfig
	On      capacity.Capacity
	// Refuse refuses a key, Drop one that an overlay can take out.
	Refuse, Drop func(key, what, why, remedy string)
	Notice       func(key, format string, args ...any)
}

// GPUs is the number of GPUs that a container reserves.
func (c Container) GPUs() int {
	n := 0
	if d := c.Compose.Deploy; d != nil && d.Resources.Reservations != nil {
		n += c.count("deploy.resources.reservations.devices", d.Resources.Reservations.Devices)
	}
	return n + c.count("gpus", c.Compose.Gpus)
}

// count is the number of GPUs of a list of devices.
func (c Container) count(key string, list []types.DeviceRequest) int {
	if len(list) == 0 {
		return 0
	}
	if why := c.On.GPUs(); why != "" {
		c.Refuse(key, key+" is not supported", why,
			"write x-berth.capacity: managed or ec2, whose instances have them, or call a model that runs elsewhere: x-berth.policies lets a service use Amazon Bedrock")
		return 0
	}
	n := 0
	for _, d := range list {
		gpu := key == "gpus" || slices.Contains(d.Capabilities, "gpu")
		switch {
		case !gpu || d.Driver != "" && d.Driver != "nvidia":
			c.Refuse(key, key+" names a device that is no GPU of NVIDIA", strings.Trim(d.Driver+" "+strings.Join(d.Capabilities, ", "), " "), "write capabilities: [gpu]")
		case len(d.IDs) > 0:
			c.Refuse(key, key+".device_ids cannot be used", "ECS chooses which GPUs of an instance a task has", "write count")
		case d.Count <= 0:
			c.Notice(key, "%s does not say how many GPUs: a task has one; count asks for more", key)
			n++
		case d.Count > mostGPUs:
			c.Refuse(key, key+".count is too large", "no instance type has more than 16 GPUs", "write a smaller number")
		default:
			n += int(d.Count)
		}
	}
	return n
}

// mostGPUs is the most GPUs of an instance type.
// https://aws.amazon.com/ec2/instance-types/
const mostGPUs = 16

// Privileged says whether a container has all rights on its instance.
func (c Container) Privileged() bool {
	if !c.Compose.Privileged {
		return false
	}
	if why := c.On.Privileged(); why != "" {
		c.Drop("privileged", "privileged is not supported", why, "write x-berth.capacity: managed or ec2, or remove it for this environment with an overlay")
		return false
	}
	return true
}
