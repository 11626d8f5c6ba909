package existing

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// parameters reads the ids of the AMIs that AWS makes for ECS. A region that lacks one
// cannot have such instances.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html
func parameters(ctx context.Context, r *reader) error {
	out, err := r.SSM.GetParameters(ctx, &ssm.GetParametersInput{Names: r.names.Parameters})
	if err != nil {
		return fmt.Errorf("reading which AMIs AWS makes for ECS: %w", err)
	}
	if len(out.InvalidParameters) > 0 {
		return fmt.Errorf("there are no AMIs for ECS in %s: no parameters %s", r.names.Region, strings.Join(out.InvalidParameters, ", "))
	}
	r.facts(func(f *Facts) {
		f.Parameters = map[string]string{}
		for _, p := range out.Parameters {
			f.Parameters[aws.ToString(p.Name)] = aws.ToString(p.Value)
		}
	})
	return nil
}
