package ecs

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/gate"
)

func insights(c Cluster) []types.ClusterSetting {
	if c.Insights == "" {
		return nil
	}
	return []types.ClusterSetting{{Name: types.ClusterSettingNameContainerInsights, Value: aws.String(c.Insights)}}
}

func strategyInput(items []StrategyItem) []types.CapacityProviderStrategyItem {
	var out []types.CapacityProviderStrategyItem
	for _, i := range items {
		out = append(out, types.CapacityProviderStrategyItem{
			CapacityProvider: aws.String(i.Provider), Base: *int32Of(i.Base), Weight: *int32Of(i.Weight),
		})
	}
	return out
}

// launchType is that of tasks without a strategy.
func launchType(strategy []StrategyItem) types.LaunchType {
	if len(strategy) > 0 {
		return ""
	}
	return types.LaunchTypeFargate
}

// connect is the default namespace. In an update the empty name removes it.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ClusterServiceConnectDefaultsRequest.html
func connect(namespace string, update bool) *types.ClusterServiceConnectDefaultsRequest {
	if namespace == "" && !update {
		return nil
	}
	return &types.ClusterServiceConnectDefaultsRequest{Namespace: aws.String(namespace)}
}

func configuration(e *ExecConfig) *types.ClusterConfiguration {
	if e == nil {
		return nil
	}
	plain := plainExec(e)
	out := &types.ExecuteCommandConfiguration{Logging: types.ExecuteCommandLogging(plain.Logging), KmsKeyId: orNoText(plain.KMSKey)}
	if plain.Logs != (ExecLogs{}) {
		out.LogConfiguration = &types.ExecuteCommandLogConfiguration{
			CloudWatchLogGroupName: orNoText(plain.Logs.LogGroup), CloudWatchEncryptionEnabled: plain.Logs.LogGroupEncrypted,
			S3BucketName: orNoText(plain.Logs.Bucket), S3EncryptionEnabled: plain.Logs.BucketEncrypted,
			S3KeyPrefix: orNoText(plain.Logs.BucketPrefix),
		}
	}
	return &types.ClusterConfiguration{ExecuteCommandConfiguration: out}
}

// changedConfiguration is the whole configuration that an update sends. Without a
// desired ExecConfig it is AWS's default. The storage that others configured stays.
func changedConfiguration(e *ExecConfig, now *types.ClusterConfiguration) *types.ClusterConfiguration {
	if e == nil {
		e = &ExecConfig{Logging: string(types.ExecuteCommandLoggingDefault)}
	}
	out := configuration(e)
	if now != nil {
		out.ManagedStorageConfiguration = now.ManagedStorageConfiguration
	}
	return out
}

// capacity returns the providers and the strategy for a call that sets both. A value
// that the desired state leaves out and did not change stays; a strategy loses the
// providers that are removed.
func capacity(want Cluster, now types.Cluster, providersChanged, strategyChanged bool) ([]string, []types.CapacityProviderStrategyItem) {
	providers, strategy := want.CapacityProviders, strategyInput(want.DefaultStrategy)
	switch {
	case providers == nil && !providersChanged:
		providers = now.CapacityProviders
	case want.Open:
		providers = append(slices.Clip(providers), further(want, now.CapacityProviders)...)
	}
	if want.DefaultStrategy != nil || strategyChanged {
		return providers, strategy
	}
	for _, item := range now.DefaultCapacityProviderStrategy {
		if slices.Contains(providers, aws.ToString(item.CapacityProvider)) {
			strategy = append(strategy, item)
		}
	}
	return providers, strategy
}

// further are the capacity providers that are neither Fargate's nor desired.
func further(want Cluster, have []string) []string {
	return slices.DeleteFunc(slices.Clone(have), func(name string) bool {
		return strings.HasPrefix(name, string(types.CapacityProviderTypeFargate)) || slices.Contains(want.CapacityProviders, name)
	})
}

func orNoText(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// MissingProviderError says that a cluster names a capacity provider which the
// account does not have.
type MissingProviderError struct {
	// Name is the provider's name; empty if AWS did not say.
	Name string
	Err  error
}

func (e *MissingProviderError) Error() string { return gate.Text(e.Err) }

// Unwrap returns AWS's error.
func (e *MissingProviderError) Unwrap() error { return e.Err }

// Remedy is what the user can do.
func (e *MissingProviderError) Remedy() string {
	return "create the capacity provider " + e.Name + " first, or remove it from the cluster"
}

// missingProvider recognises AWS's message about a capacity provider that does
// not exist; there is no error code for it.
func missingProvider(err error, c Cluster) error {
	if err == nil {
		return nil
	}
	text := strings.ToLower(gate.Text(err))
	if !strings.Contains(text, "capacity provider") || !strings.Contains(text, "not found") {
		return err
	}
	for _, name := range c.CapacityProviders {
		if strings.Contains(text, strings.ToLower(name)+" ") || strings.Contains(text, "'"+strings.ToLower(name)+"'") {
			return &MissingProviderError{Name: name, Err: err}
		}
	}
	return &MissingProviderError{Err: err}
}
