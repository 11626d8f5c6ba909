package efs

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"

	"github.com/berthdev/berth/internal/aws/gate"
)

// guard is the policy of a guarded file system. A file system without a policy
// accepts every client that reaches a mount target; with a policy, only the access that
// some policy allows. This one allows nothing, so that the roles of tasks decide, and it
// refuses connections without TLS.
// https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
const guard = `{"Version":"2012-10-17","Statement":[{"Sid":"only-with-tls","Effect":"Deny","Principal":{"AWS":"*"},` +
	`"Action":["elasticfilesystem:ClientMount","elasticfilesystem:ClientWrite","elasticfilesystem:ClientRootAccess"],` +
	`"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`

// guarded says whether a file system has the policy. AWS may return it with an id and
// in another order.
func (t FileSystems) guarded(ctx context.Context, id string) (bool, error) {
	out, err := t.API.DescribeFileSystemPolicy(ctx, &efs.DescribeFileSystemPolicyInput{FileSystemId: &id})
	if gate.Code(err) == "PolicyNotFound" {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading the policy of %s: %w", id, err)
	}
	return reflect.DeepEqual(meaning(aws.ToString(out.Policy)), meaning(guard)), nil
}

// meaning is what a policy's statements say; nil if they cannot be read.
func meaning(policy string) any {
	var doc struct {
		Statement []map[string]any
	}
	if json.Unmarshal([]byte(policy), &doc) != nil {
		return nil
	}
	for _, s := range doc.Statement {
		delete(s, "Sid")
		delete(s, "Resource") // the file system itself, which AWS may fill in
		if actions, ok := s["Action"].([]any); ok {
			slices.SortFunc(actions, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		}
	}
	return doc.Statement
}

func (t FileSystems) setGuard(ctx context.Context, id string, want bool) error {
	if !want {
		_, err := t.API.DeleteFileSystemPolicy(ctx, &efs.DeleteFileSystemPolicyInput{FileSystemId: &id})
		if err != nil && gate.Code(err) != "PolicyNotFound" {
			return fmt.Errorf("taking the policy off %s: %w", id, err)
		}
		return nil
	}
	if _, err := t.API.PutFileSystemPolicy(ctx, &efs.PutFileSystemPolicyInput{FileSystemId: &id, Policy: aws.String(guard)}); err != nil {
		return fmt.Errorf("setting the policy of %s: %w", id, err)
	}
	return nil
}
