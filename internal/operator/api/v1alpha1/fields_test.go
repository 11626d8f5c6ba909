package v1alpha1_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// schema is as much of a definition's schema as the test reads.
type schema struct {
	Type       string            `json:"type"`
	Format     string            `json:"format"`
	Properties map[string]schema `json:"properties"`
	Items      *schema           `json:"items"`
	Required   []string          `json:"required"`
	Values     *schema           `json:"additionalProperties"`
}

// fields are the schema's leaves as PATH TYPE; a required key ends with "*".
func (s schema) fields(path string) []string {
	switch {
	case s.Items != nil:
		return s.Items.fields(path + "[]")
	case s.Values != nil:
		return s.Values.fields(path + "{}")
	case len(s.Properties) == 0:
		return []string{path + " " + strings.TrimSpace(s.Type+" "+s.Format)}
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		below := path + "." + name
		if slices.Contains(s.Required, name) {
			below += "*"
		}
		out = append(out, s.Properties[name].fields(strings.TrimPrefix(below, "."))...)
	}
	return out
}

// infraOperator are the fields of infra-operator's kinds, whose manifests and
// readers have to go on working. Kinds may have more, but not of another type
// and none that is required.
var infraOperator = map[string][]string{
	"awsproviders": {
		"spec.region* string", "spec.endpoint string", "spec.roleARN string",
		"spec.credentialsSecret.name* string", "spec.credentialsSecret.namespace string",
		"spec.accessKeyIDRef.name* string", "spec.accessKeyIDRef.key* string", "spec.accessKeyIDRef.namespace string",
		"spec.secretAccessKeyRef.name* string", "spec.secretAccessKeyRef.key* string", "spec.secretAccessKeyRef.namespace string",
		"spec.assumeRoleARN string", "spec.externalID string", "spec.defaultTags{} string",
		"status.ready boolean", "status.accountID string", "status.callerIdentity string", "status.lastAuthenticationTime string date-time",
		"status.conditions[].type* string", "status.conditions[].status* string", "status.conditions[].reason* string",
		"status.conditions[].message* string", "status.conditions[].lastTransitionTime* string date-time",
		"status.conditions[].observedGeneration integer int64",
	},
	"ecsclusters": {
		"spec.providerRef*.name* string", "spec.providerRef*.namespace string", "spec.clusterName* string",
		"spec.capacityProviders[] string",
		"spec.defaultCapacityProviderStrategy[].capacityProvider* string",
		"spec.defaultCapacityProviderStrategy[].weight integer int32", "spec.defaultCapacityProviderStrategy[].base integer int32",
		"spec.settings[].name* string", "spec.settings[].value* string",
		"spec.configuration.executeCommandConfiguration.kmsKeyId string", "spec.configuration.executeCommandConfiguration.logging string",
		"spec.configuration.executeCommandConfiguration.logConfiguration.cloudWatchLogGroupName string",
		"spec.configuration.executeCommandConfiguration.logConfiguration.cloudWatchEncryptionEnabled boolean",
		"spec.configuration.executeCommandConfiguration.logConfiguration.s3BucketName string",
		"spec.configuration.executeCommandConfiguration.logConfiguration.s3EncryptionEnabled boolean",
		"spec.configuration.executeCommandConfiguration.logConfiguration.s3KeyPrefix string",
		"spec.serviceConnectDefaults.namespace* string", "spec.tags{} string", "spec.deletionPolicy string",
		"status.ready boolean", "status.clusterARN string", "status.status string",
		"status.registeredContainerInstancesCount integer int32", "status.runningTasksCount integer int32",
		"status.pendingTasksCount integer int32", "status.activeServicesCount integer int32", "status.lastSyncTime string date-time",
	},
}

// TestFieldForField compares the definitions with infra-operator's.
func TestFieldForField(t *testing.T) {
	t.Parallel()
	for plural, want := range infraOperator {
		text, err := os.ReadFile("crds/aws-infra-operator.runner.codes_" + plural + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		var definition struct {
			Spec struct {
				Versions []struct {
					Schema struct {
						Open schema `json:"openAPIV3Schema"`
					} `json:"schema"`
				} `json:"versions"`
			} `json:"spec"`
		}
		if err := yaml.Unmarshal(text, &definition); err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{}
		for _, f := range definition.Spec.Versions[0].Schema.Open.fields("") {
			got[strings.TrimPrefix(strings.Replace(f, "spec*.", "spec.", 1), ".")] = true
		}
		for _, f := range want {
			if !got[f] {
				t.Errorf("%s: there is no %s", plural, f)
			}
			delete(got, f)
		}
		for f := range got {
			if strings.HasPrefix(f, "spec.") && strings.Contains(f, "*") {
				t.Errorf("%s: %s is required, which infra-operator does not know", plural, f)
			}
		}
	}
}
