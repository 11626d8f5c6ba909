package sandbox

import (
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	"github.com/berthdev/berth/internal/sandbox/autoscaling"
	"github.com/berthdev/berth/internal/sandbox/balancing"
)

// The methods below do what users, other tools and AWS itself do in an account.

// AddInterface makes a network interface in a subnet, like that of an instance,
// and returns its id.
func (w *World) AddInterface(subnetID string, groups []string, description string) string {
	defer w.Enter()()
	return w.ec2.Interfaces.Attach("ec2", subnetID, groups, false, description)
}

// AddPolicy makes a managed policy of the account and returns its ARN.
func (w *World) AddPolicy(name string) (arn string) {
	defer w.Enter()()
	return w.iam.AddPolicy(name)
}

// AddCapacityProvider makes a capacity provider of the account, like that of an
// Auto Scaling group.
func (w *World) AddCapacityProvider(name string) {
	defer w.Enter()()
	w.ecs.Clusters.AddCapacityProvider(name)
}

// PublishMachineImages is a new version of the AMIs that AWS makes for ECS.
func (w *World) PublishMachineImages() {
	defer w.Enter()()
	w.ssm.PublishMachineImages()
}

// AddContainerInstance registers an EC2 instance with a cluster, as the ECS
// agent on it does. It fails if there is no such cluster.
func (w *World) AddContainerInstance(cluster string) error {
	defer w.Enter()()
	return w.ecs.Clusters.AddContainerInstance(cluster)
}

// SetLoad gives a service of ECS work from now on, which its running tasks share, so
// that its policies scale it; the zero Work ends its metrics.
func SetLoad(w *World, cluster, service string, l autoscaling.Work) {
	defer w.Enter()()
	w.scaling.SetLoad(cluster, service, l)
}

// SetMessages gives a queue messages from now on: those that wait, and those that somebody
// works on.
func SetMessages(w *World, queue string, waiting, working int) {
	defer w.Enter()()
	w.sqs.SetMessages(queue, waiting, working)
	w.scaling.Watch()
	w.figures.Watch()
}

// StopRandomTask kills a running task of a service, as if it had run out of
// memory, and returns its ARN; "" if none runs. The choice depends on the seed
// and the time.
func (w *World) StopRandomTask() string {
	defer w.Enter()()
	return w.ecs.Fargate.StopRandomTask()
}

// AddPullThrough adds a pull-through cache rule: the first pull of an image
// below the prefix makes its repository and copies the image from another
// registry.
func (w *World) AddPullThrough(prefix string) {
	defer w.Enter()()
	w.ecr.AddPullThrough(prefix)
}

// PushImage changes the content of an image reference, so that it gets a new
// digest.
func (w *World) PushImage(ref string) {
	defer w.Enter()()
	w.ecs.Images.PushImage(ref)
}

// PutParameter sets a parameter to a value, as a secure string without a mark.
// It creates the parameter if it does not exist.
func (w *World) PutParameter(name, value string) {
	defer w.Enter()()
	w.ssm.Put(name, value)
}

// PutSecret makes a secret in Secrets Manager, or gives it a new value, and
// returns its ARN.
func (w *World) PutSecret(name, value string) (arn string) {
	defer w.Enter()()
	return w.secrets.Put(name, value)
}

// SetDatabaseStatus puts a database instance into a status that only AWS can
// cause, such as "failed" or "storage-full".
func (w *World) SetDatabaseStatus(name, status string) error {
	defer w.Enter()()
	return w.rds.SetStatus(name, status)
}

// SetCacheStatus is SetDatabaseStatus for a replication group.
func (w *World) SetCacheStatus(name, status string) error {
	defer w.Enter()()
	return w.cache.SetStatus(name, status)
}

// FailDiscovery makes the next n operations of a type in Cloud Map, such as
// DELETE_NAMESPACE, end with FAIL.
func (w *World) FailDiscovery(kind types.OperationType, n int) {
	defer w.Enter()()
	w.cloudMap.Operations.Fail(kind, n)
}

// Send sends a request to a load balancer, as users do; Land says what its answer is
// when it ends.
func Send(w *World, dns string, port int32, host, path string) balancing.Flight {
	defer w.Enter()()
	return w.targets.Send(dns, port, host, path)
}

// Land is the status of the answer to a request that ends now.
func Land(w *World, f balancing.Flight) int32 {
	defer w.Enter()()
	return w.targets.Land(f)
}
