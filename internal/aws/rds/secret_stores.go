package rds

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// SecretStores reads passwords where AWS keeps them.
type SecretStores struct {
	SSM     *ssm.Client
	Secrets *secretsmanager.Client
}

// Value implements Passwords. As in ECS, a colon and a key of the secret's JSON text
// may follow a secret's ARN.
func (s SecretStores) Value(ctx context.Context, source string) (string, error) {
	if strings.Contains(source, ":secretsmanager:") {
		return s.secret(ctx, source)
	}
	if i := strings.Index(source, ":parameter/"); i >= 0 {
		source = source[i+len(":parameter"):]
	}
	out, err := s.SSM.GetParameter(ctx, &ssm.GetParameterInput{Name: &source, WithDecryption: aws.Bool(true)})
	if err != nil {
		return "", fmt.Errorf("reading parameter %s: %w", source, err)
	}
	return aws.ToString(out.Parameter.Value), nil
}

func (s SecretStores) secret(ctx context.Context, source string) (string, error) {
	const words = 7 // of an ARN without a key
	parts := strings.Split(source, ":")
	arn := strings.Join(parts[:min(words, len(parts))], ":")
	out, err := s.Secrets.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &arn})
	if err != nil {
		return "", fmt.Errorf("reading secret %s: %w", arn, err)
	}
	if len(parts) <= words || parts[words] == "" {
		return aws.ToString(out.SecretString), nil
	}
	var values map[string]any
	// The error of Unmarshal would show parts of the value.
	if json.Unmarshal([]byte(aws.ToString(out.SecretString)), &values) != nil {
		return "", fmt.Errorf("secret %s: %w", arn, errNotJSON)
	}
	value, ok := values[parts[words]].(string)
	if !ok {
		return "", fmt.Errorf("secret %s has no text under the key %s", arn, parts[words])
	}
	return value, nil
}

var errNotJSON = errors.New("its value is not JSON, so it has no keys")

var _ Passwords = SecretStores{}
