package status

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
)

// Reachable is a service whose tasks the internet reaches directly.
type Reachable struct {
	Wanted
	// Checked says that its container has a health check: a task then counts
	// only when it is healthy, else as soon as it runs.
	Checked bool
}

// Addresses are the public addresses of the tasks that work, by service, sorted.
// Unlike Status it fails when an address cannot be read: a caller that changes
// records must not take an unknown address for a missing one.
func Addresses(ctx context.Context, c Clients, cluster string, wanted []Reachable) (map[string][]string, error) {
	// Without a filter ECS lists the tasks that are to run, not those that are
	// being stopped.
	all, err := listed(ctx, c.ECS, &ecs.ListTasksInput{Cluster: aws.String(cluster)})
	if err != nil {
		return nil, err
	}
	out, services := map[string][]string{}, map[string]string{}
	var ids []string
	for _, w := range wanted {
		out[w.Name] = []string{}
		for _, t := range all {
			works := t.Status == "RUNNING" && (t.Health == "HEALTHY" || t.Health != "UNHEALTHY" && !w.Checked)
			if works && t.group == "service:"+w.ECSName && t.eni != "" {
				ids, services[t.eni] = append(ids, t.eni), w.Name
			}
		}
	}
	public, err := publicIPs(ctx, c.EC2, ids)
	if err != nil {
		return nil, fmt.Errorf("reading the addresses of tasks: %w", err)
	}
	for eni, ip := range public {
		out[services[eni]] = append(out[services[eni]], ip)
	}
	for _, list := range out {
		slices.Sort(list)
	}
	return out, nil
}

// filterValues is how many values of a filter one call sends; AWS takes 200.
const filterValues = 100

// publicIPs are the public addresses of network interfaces. They are asked for
// with a filter: one of these ids that has vanished meanwhile, as it does with
// its task, would be an error for all of them.
func publicIPs(ctx context.Context, api *ec2.Client, enis []string) (map[string]string, error) {
	public := map[string]string{}
	for chunk := range slices.Chunk(enis, filterValues) {
		found, err := api.DescribeNetworkInterfaces(ctx, &ec2.DescribeNetworkInterfacesInput{
			Filters: []types.Filter{{Name: aws.String("network-interface-id"), Values: chunk}},
		})
		if err != nil {
			return nil, err
		}
		for _, n := range found.NetworkInterfaces {
			if n.Association != nil && n.Association.PublicIp != nil {
				public[aws.ToString(n.NetworkInterfaceId)] = *n.Association.PublicIp
			}
		}
	}
	return public, nil
}
