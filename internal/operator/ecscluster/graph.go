package ecscluster

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
	"github.com/berthdev/berth/internal/operator/condition"
)

const (
	insightsName    = "containerInsights"
	insightsDefault = "enabled"
	// mostTags is how many tags of their own an object and its provider may
	// have: ECS allows 50, and four are the operator's.
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html
	mostTags = 46
)

// Graph is what an ECSCluster asks for, with the provider's default tags: a
// graph of one node. The error is a *trouble.InvalidError.
func Graph(o *v1alpha1.ECSCluster, owner engine.Owner, defaults map[string]string) (*engine.Graph, *engine.Node, error) {
	want, err := clusterOf(&o.Spec)
	if err != nil {
		return nil, nil, err
	}
	tags, err := tagsOf(o.Spec.ClusterName, defaults, o.Spec.Tags)
	if err != nil {
		return nil, nil, err
	}
	g := engine.NewGraph()
	return g, g.Add(owner, nodeName, want).Label(tags), nil
}

// Named is the least graph of an ECSCluster, enough for its deletion: its spec
// need not be valid any more.
func Named(o *v1alpha1.ECSCluster, owner engine.Owner) (*engine.Graph, *engine.Node) {
	g := engine.NewGraph()
	return g, g.Add(owner, nodeName, ecs.Cluster{Name: o.Spec.ClusterName})
}

func clusterOf(s *v1alpha1.ECSClusterSpec) (ecs.Cluster, error) {
	c := ecs.Cluster{Name: s.ClusterName, CapacityProviders: s.CapacityProviders}
	for _, i := range s.DefaultCapacityProviderStrategy {
		c.DefaultStrategy = append(c.DefaultStrategy, ecs.StrategyItem{
			Provider: i.CapacityProvider, Base: int(i.Base), Weight: int(i.Weight),
		})
	}
	if s.DefaultCapacityProviderStrategy != nil && c.DefaultStrategy == nil {
		c.DefaultStrategy = []ecs.StrategyItem{}
	}
	if s.ServiceConnectDefaults != nil {
		c.Connect = s.ServiceConnectDefaults.Namespace
	}
	if s.Configuration != nil {
		c.Exec = execOf(s.Configuration.ExecuteCommandConfiguration)
	}
	var err error
	c.Insights, err = insightsOf(s.Settings)
	return c, err
}

// insightsOf is the setting of Container Insights. No settings at all mean
// enabled, as they do to infra-operator.
func insightsOf(settings []v1alpha1.ClusterSetting) (string, error) {
	if len(settings) == 0 {
		return insightsDefault, nil
	}
	value := ""
	for i, s := range settings {
		if s.Name != insightsName {
			return "", &condition.InvalidError{
				Problem: fmt.Sprintf("spec.settings[%d].name: ECS has no cluster setting %q", i, s.Name),
				Steps:   "the only one is " + insightsName,
			}
		}
		if !slices.Contains([]string{"disabled", "enabled", "enhanced"}, s.Value) {
			return "", &condition.InvalidError{
				Problem: fmt.Sprintf("spec.settings[%d].value: %s cannot be %q", i, insightsName, s.Value),
				Steps:   "use disabled, enabled or enhanced",
			}
		}
		value = s.Value
	}
	return value, nil
}

func execOf(e *v1alpha1.ExecuteCommandConfiguration) *ecs.ExecConfig {
	if e == nil {
		return nil
	}
	out := &ecs.ExecConfig{KMSKey: e.KMSKeyID, Logging: e.Logging}
	if l := e.LogConfiguration; l != nil {
		out.Logs = ecs.ExecLogs{
			LogGroup: l.CloudWatchLogGroupName, LogGroupEncrypted: l.CloudWatchEncryptionEnabled,
			Bucket: l.S3BucketName, BucketEncrypted: l.S3EncryptionEnabled, BucketPrefix: l.S3KeyPrefix,
		}
	}
	return out
}

// tagsOf are the object's tags over the provider's. Consoles show the tag
// Name, which is the cluster's name unless the user gives one.
func tagsOf(name string, defaults, own map[string]string) (map[string]string, error) {
	tags := map[string]string{"Name": name}
	maps.Copy(tags, defaults)
	maps.Copy(tags, own)
	if len(tags) > mostTags {
		return nil, &condition.InvalidError{
			Problem: fmt.Sprintf("spec.tags: %d tags with the provider's defaults, more than the %d that ECS has room for", len(tags), mostTags),
			Steps:   "remove some from spec.tags or from the provider's defaultTags",
		}
	}
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		lower := strings.ToLower(k)
		if strings.HasPrefix(lower, "aws:") || strings.HasPrefix(lower, "berth:") {
			return nil, &condition.InvalidError{
				Problem: fmt.Sprintf("spec.tags: the tag %s cannot be set: tags that begin with aws: or berth: are reserved", k),
				Steps:   "remove it, also from the provider's defaultTags",
			}
		}
		if k == "" || len([]rune(k)) > 128 || len([]rune(tags[k])) > 256 {
			return nil, &condition.InvalidError{
				Problem: fmt.Sprintf("spec.tags: the tag %q is empty or too long", k),
				Steps:   "a key has 1 to 128 characters, a value up to 256",
			}
		}
	}
	return tags, nil
}
