package secretsmanager

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// current is the stage of the version that readers get.
const current = "AWSCURRENT"

// Secret returns the ARN of the secret in a reference for ECS, in which a key,
// a stage and a version may follow it.
func Secret(from string) string {
	parts := strings.SplitN(from, ":", 8)
	return strings.Join(parts[:min(7, len(parts))], ":")
}

// Versions returns the current versions of secrets, by the ARNs in froms. It
// leaves out secrets that do not exist or are scheduled for deletion. A secret
// that the caller may not read has an empty version: ECS may be allowed to read
// it.
func Versions(ctx context.Context, api *secretsmanager.Client, froms []string) (map[string]string, error) {
	versions, denied := make([]string, len(froms)), make([]bool, len(froms))
	err := concurrent.Each(froms, func(i int, from string) error {
		arn := Secret(from)
		out, err := api.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &arn})
		var gone *types.ResourceNotFoundException
		switch {
		case errors.As(err, &gone):
			return nil
		case engine.ClassOf(err) == engine.Denied:
			denied[i] = true
			return nil
		case err != nil:
			return fmt.Errorf("reading the versions of secret %s: %w", arn, err)
		case out.DeletedDate != nil:
			return nil
		}
		versions[i] = "unknown"
		for id, stages := range out.VersionIdsToStages {
			if slices.Contains(stages, current) {
				versions[i] = id
			}
		}
		return nil
	})
	all := map[string]string{}
	for i, from := range froms {
		if versions[i] != "" || denied[i] {
			all[from] = versions[i]
		}
	}
	return all, err
}
