package gate

import (
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3files"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

func clients() map[string]any {
	return map[string]any{
		"acm": &acm.Client{}, "codebuild": &codebuild.Client{}, "ec2": &ec2.Client{}, "ecr": &ecr.Client{},
		"ecs": &ecs.Client{}, "efs": &efs.Client{}, "elasticache": &elasticache.Client{},
		"elb": &elasticloadbalancingv2.Client{}, "iam": &iam.Client{}, "logs": &cloudwatchlogs.Client{}, "cloudwatch": &cloudwatch.Client{},
		"rds": &rds.Client{}, "route53": &route53.Client{}, "s3": &s3.Client{}, "s3files": &s3files.Client{},
		"sd": &servicediscovery.Client{}, "ssm": &ssm.Client{}, "sts": &sts.Client{},
		"autoscaling": &applicationautoscaling.Client{}, "tagging": &resourcegroupstaggingapi.Client{},
	}
}

// TestMembersAreTheSDKs checks that the SDK's types have every operation and
// every path, and that lacks finds each of them missing in an answer that has
// only the members on the way to it.
func TestMembersAreTheSDKs(t *testing.T) {
	t.Parallel()
	for line := range strings.Lines(strings.TrimSpace(members)) {
		head, paths, _ := strings.Cut(line, ":")
		service, operation, _ := strings.Cut(head, " ")
		method, ok := reflect.TypeOf(clients()[service]).MethodByName(operation)
		if !ok {
			t.Errorf("%s has no operation %s", service, operation)
			continue
		}
		for _, path := range strings.Fields(paths) {
			out := reflect.New(method.Type.Out(0).Elem())
			if !lead(out, strings.Split(path, ".")) {
				t.Errorf("%s %s has no %s", service, operation, path)
				continue
			}
			if missing := lacks(out, strings.Split(path, "."), ""); !strings.HasSuffix(missing, path[strings.LastIndex(path, ".")+1:]) {
				t.Errorf("%s %s: an answer without %s lacks %q", service, operation, path, missing)
			}
		}
	}
}

// lead makes the members on the way to a member, and says whether there is such
// a path.
func lead(v reflect.Value, path []string) bool {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		v = v.Elem()
	}
	name, list := strings.CutSuffix(strings.Replace(path[0], "[1]", "[]", 1), "[]")
	field := v.FieldByName(name)
	if !field.IsValid() {
		return false
	}
	if list {
		field.Set(reflect.MakeSlice(field.Type(), 1, 1))
		field = field.Index(0)
	}
	return len(path) == 1 || lead(field, path[1:])
}
