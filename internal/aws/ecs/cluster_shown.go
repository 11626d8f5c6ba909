package ecs

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/engine"
)

// clusterObject turns a described cluster into an object with the attributes of the
// desired state; marked says whether it carries berth's mark.
func clusterObject(c types.Cluster, want Cluster) (object engine.Object, marked bool) {
	shown := Cluster{
		Name: aws.ToString(c.ClusterName), CapacityProviders: c.CapacityProviders,
		DefaultStrategy: strategyShown(c.DefaultCapacityProviderStrategy), Exec: execShown(c.Configuration, want.Exec),
	}
	if want.Open {
		others := further(want, shown.CapacityProviders)
		shown.CapacityProviders = slices.DeleteFunc(slices.Clone(shown.CapacityProviders), func(name string) bool { return slices.Contains(others, name) })
	}
	hidden := []string{"insights"}
	for _, s := range c.Settings {
		if s.Name == types.ClusterSettingNameContainerInsights {
			shown.Insights, hidden = aws.ToString(s.Value), nil
		}
	}
	if c.ServiceConnectDefaults != nil {
		shown.Connect = aws.ToString(c.ServiceConnectDefaults.Namespace)
	}
	if isARN(shown.Connect) && want.Connect != "" && !isARN(want.Connect) {
		// ECS shows the ARN of a namespace that was set by its name, and the
		// ARN does not contain the name.
		hidden = append(hidden, "connect")
	}
	tags := tagMap(c.Tags)
	mark, ok := engine.MarkOf(tags)
	object = engine.Object{
		Address: mark.Address, ID: shown.Name, LastApplied: mark.LastApplied, Tags: tags, Detail: aws.ToString(c.Status),
		Outputs: clusterOutputs(c), Attrs: engine.Shown(shown, hidden...), State: engine.StateReady,
	}
	switch aws.ToString(c.Status) {
	case "PROVISIONING":
		object.State = engine.StatePending
	case "DEPROVISIONING":
		object.State = engine.StateDeleting
	case "FAILED":
		object.State = engine.StateFailed
	}
	return object, ok
}

func clusterOutputs(c types.Cluster) map[string]string {
	number := func(n int32) string { return strconv.Itoa(int(n)) }
	return map[string]string{
		"id": aws.ToString(c.ClusterName), "arn": aws.ToString(c.ClusterArn), "status": aws.ToString(c.Status),
		"instances": number(c.RegisteredContainerInstancesCount), "running": number(c.RunningTasksCount),
		"pending": number(c.PendingTasksCount), "services": number(c.ActiveServicesCount),
	}
}

// ClusterState is what ECS says about a cluster besides its attributes.
type ClusterState struct {
	// Status is ECS's own word: ACTIVE, PROVISIONING and so on.
	ARN, Status string
	// The counts are nil until ECS has shown them.
	Instances, Running, Pending, Services *int32
}

// ClusterStateOf reads the state from the outputs of a Cluster's object.
func ClusterStateOf(o engine.Object) ClusterState {
	number := func(output string) *int32 {
		n, err := strconv.ParseInt(o.Output(output), 10, 32)
		if err != nil {
			return nil
		}
		return aws.Int32(int32(n))
	}
	return ClusterState{
		ARN: o.Output("arn"), Status: o.Output("status"),
		Instances: number("instances"), Running: number("running"), Pending: number("pending"), Services: number("services"),
	}
}

func isARN(s string) bool { return strings.HasPrefix(s, "arn:") }

func strategyShown(items []types.CapacityProviderStrategyItem) []StrategyItem {
	var out []StrategyItem
	for _, i := range items {
		out = append(out, StrategyItem{Provider: aws.ToString(i.CapacityProvider), Base: int(i.Base), Weight: int(i.Weight)})
	}
	slices.SortFunc(out, func(a, b StrategyItem) int { return strings.Compare(a.Provider, b.Provider) })
	return out
}

// execShown returns the configuration of ECS Exec; without one AWS uses
// DEFAULT. It returns want itself if the two mean the same.
func execShown(c *types.ClusterConfiguration, want *ExecConfig) *ExecConfig {
	shown := ExecConfig{}
	if c != nil && c.ExecuteCommandConfiguration != nil {
		e := c.ExecuteCommandConfiguration
		shown.KMSKey, shown.Logging = aws.ToString(e.KmsKeyId), string(e.Logging)
		if l := e.LogConfiguration; l != nil {
			shown.Logs = ExecLogs{
				LogGroup: aws.ToString(l.CloudWatchLogGroupName), LogGroupEncrypted: l.CloudWatchEncryptionEnabled,
				Bucket: aws.ToString(l.S3BucketName), BucketEncrypted: l.S3EncryptionEnabled,
				BucketPrefix: aws.ToString(l.S3KeyPrefix),
			}
		}
	}
	shown = plainExec(&shown)
	if want != nil && plainExec(want) == shown {
		return want
	}
	if shown == plainExec(&ExecConfig{}) {
		return nil
	}
	return &shown
}

// plainExec fills in AWS's defaults for empty fields.
func plainExec(e *ExecConfig) ExecConfig {
	out := *e
	if out.Logging == "" {
		out.Logging = string(types.ExecuteCommandLoggingDefault)
		if e.Logs.LogGroup != "" || e.Logs.Bucket != "" {
			out.Logging = string(types.ExecuteCommandLoggingOverride)
		}
	}
	return out
}
