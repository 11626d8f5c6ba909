package ecs

import (
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/engine"
)

// labelSecrets is the container's label with the versions of its secrets. ECS
// itself refers to a parameter without a version, so nothing else in the task
// definition changes with a value.
const labelSecrets = "berth.secrets"

// FilesContainer is the name of the container that writes a task's files before
// the workload's own container starts. It is not part of the workload: see
// IsHelper. The one that writes the files of a sidecar adds a hyphen and the
// sidecar's name.
const FilesContainer = "berth-files"

// writesFiles says whether a container of this name writes files.
func writesFiles(name string) bool {
	return name == FilesContainer || strings.HasPrefix(name, FilesContainer+"-")
}

// IsHelper says whether a container only prepares the task's others and did not
// fail: its exit code and its image are not the task's. A helper that failed is
// the reason why the task did not start.
func IsHelper(c types.Container) bool {
	return writesFiles(aws.ToString(c.Name)) && aws.ToInt32(c.ExitCode) == 0
}

// labelsInput returns the labels with the versions of the secrets.
func labelsInput(c Container) map[string]string {
	if len(c.SecretVersions) == 0 {
		return c.Labels
	}
	labels := map[string]string{labelSecrets: strings.Join(engine.Values(c.SecretVersions), ", ")}
	maps.Copy(labels, c.Labels)
	return labels
}

// showSecrets reads a container's secrets and labels.
func (c *Container) showSecrets(d types.ContainerDefinition) {
	for _, s := range d.Secrets {
		c.Secrets[aws.ToString(s.Name)] = aws.ToString(s.ValueFrom)
	}
	c.Labels = maps.Clone(d.DockerLabels)
	c.takeLabels()
	if versions, ok := c.Labels[labelSecrets]; ok {
		c.SecretVersions = engine.Lits(strings.Split(versions, ", ")...)
		delete(c.Labels, labelSecrets)
	}
	if d.RepositoryCredentials != nil {
		c.PullCredentials = aws.ToString(d.RepositoryCredentials.CredentialsParameter)
	}
}
