package compute

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func (p *Clusters) instanceRoutes(r *world.Router) {
	world.On(r, p.listContainerInstances)
	world.On(r, p.describeContainerInstances)
	world.On(r, p.deregisterContainerInstance)
}

// AddContainerInstance registers an EC2 instance with a cluster, as the ECS
// agent on it does. It fails if the cluster does not exist.
func (p *Clusters) AddContainerInstance(clusterName string) error {
	c := p.s.Clusters.Get(clusterName)
	if c == nil || c.Status != active {
		return fmt.Errorf("sandbox: no cluster %s", clusterName)
	}
	c.Instances = append(c.Instances, p.account.ARN("ecs", "container-instance/"+clusterName+"/"+p.account.NewHex("container-instance", 32)))
	return nil
}

// instances are the ARNs of a cluster's container instances.
func (p *Clusters) instances(c *cluster) []string {
	all := slices.Clone(c.Instances)
	for _, m := range p.s.Machines.All() {
		if m.Cluster == c.ARN && !p.account.Now().Before(m.Registered) {
			all = append(all, m.ARN)
		}
	}
	return all
}

func (p *Clusters) listContainerInstances(rq *world.Request, in *ecs.ListContainerInstancesInput) (*ecs.ListContainerInstancesOutput, error) {
	c, err := p.s.clusterOf(rq, in.Cluster)
	if err != nil {
		return nil, err
	}
	page, next, err := listPage(p.instances(c), in.NextToken, in.MaxResults, 100)
	return &ecs.ListContainerInstancesOutput{ContainerInstanceArns: page, NextToken: next}, err
}

// deregisterContainerInstance removes instances at once. Force is only needed
// for instances with running tasks, and the sandbox never places tasks on
// instances.
func (p *Clusters) deregisterContainerInstance(rq *world.Request, in *ecs.DeregisterContainerInstanceInput) (*ecs.DeregisterContainerInstanceOutput, error) {
	c, err := p.s.clusterOf(rq, in.Cluster)
	if err != nil {
		return nil, err
	}
	id := aws.ToString(in.ContainerInstance)
	at := slices.IndexFunc(c.Instances, func(arn string) bool { return arn == id || world.LastPart(arn) == id })
	if at < 0 {
		return nil, badInput("Referenced container instance %s not found.", id)
	}
	arn := c.Instances[at]
	c.Instances = slices.Delete(slices.Clone(c.Instances), at, at+1)
	return &ecs.DeregisterContainerInstanceOutput{ContainerInstance: &types.ContainerInstance{
		ContainerInstanceArn: aws.String(arn), Status: aws.String(inactive),
	}}, nil
}

// connect sets a cluster's default namespace, which ECS shows by its ARN. The
// empty name removes it. ECS makes an HTTP namespace of an unknown name; the
// sandbox only makes up its ARN.
func (p *Clusters) connect(c *cluster, in *types.ClusterServiceConnectDefaultsRequest) {
	if in == nil {
		return
	}
	name := aws.ToString(in.Namespace)
	if name == "" {
		c.Connect = nil
		return
	}
	arn := name
	if !strings.HasPrefix(name, "arn:") {
		arn = p.account.ARN("servicediscovery", "namespace/ns-"+strings.ToLower(fmt.Sprintf("%x", name)))
		if known, ok := p.needs.Directory.Namespace(name); ok {
			arn = known
		}
	}
	c.Connect = &types.ClusterServiceConnectDefaults{Namespace: aws.String(arn)}
}
