package permissions

import (
	"reflect"

	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3files"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// service is one of the SDK's clients: the methods of its type are the
// operations that a caller can send.
type service struct {
	id     string
	client reflect.Type
}

// path is the import path of the client's package.
func (s service) path() string { return s.client.Elem().PkgPath() }

// input returns a value of an operation's input; false if the client has no
// such operation.
func (s service) input(op string) (any, bool) {
	method, ok := s.client.MethodByName(op)
	if !ok || method.Type.NumIn() < 3 || method.Type.In(2).Kind() != reflect.Pointer {
		return nil, false
	}
	return reflect.New(method.Type.In(2).Elem()).Interface(), true
}

// services returns the clients of aws.Clients.
func services() []service {
	return []service{
		{acm.ServiceID, reflect.TypeFor[*acm.Client]()},
		{applicationautoscaling.ServiceID, reflect.TypeFor[*applicationautoscaling.Client]()},
		{autoscaling.ServiceID, reflect.TypeFor[*autoscaling.Client]()},
		{cloudwatch.ServiceID, reflect.TypeFor[*cloudwatch.Client]()},
		{cloudwatchlogs.ServiceID, reflect.TypeFor[*cloudwatchlogs.Client]()},
		{codebuild.ServiceID, reflect.TypeFor[*codebuild.Client]()},
		{ec2.ServiceID, reflect.TypeFor[*ec2.Client]()},
		{ecr.ServiceID, reflect.TypeFor[*ecr.Client]()},
		{ecs.ServiceID, reflect.TypeFor[*ecs.Client]()},
		{efs.ServiceID, reflect.TypeFor[*efs.Client]()},
		{elasticache.ServiceID, reflect.TypeFor[*elasticache.Client]()},
		{elasticloadbalancingv2.ServiceID, reflect.TypeFor[*elasticloadbalancingv2.Client]()},
		{eventbridge.ServiceID, reflect.TypeFor[*eventbridge.Client]()},
		{iam.ServiceID, reflect.TypeFor[*iam.Client]()},
		{rds.ServiceID, reflect.TypeFor[*rds.Client]()},
		{resourcegroupstaggingapi.ServiceID, reflect.TypeFor[*resourcegroupstaggingapi.Client]()},
		{route53.ServiceID, reflect.TypeFor[*route53.Client]()},
		{s3.ServiceID, reflect.TypeFor[*s3.Client]()},
		{scheduler.ServiceID, reflect.TypeFor[*scheduler.Client]()},
		{s3files.ServiceID, reflect.TypeFor[*s3files.Client]()},
		{secretsmanager.ServiceID, reflect.TypeFor[*secretsmanager.Client]()},
		{servicediscovery.ServiceID, reflect.TypeFor[*servicediscovery.Client]()},
		{servicequotas.ServiceID, reflect.TypeFor[*servicequotas.Client]()},
		{sns.ServiceID, reflect.TypeFor[*sns.Client]()},
		{sqs.ServiceID, reflect.TypeFor[*sqs.Client]()},
		{ssm.ServiceID, reflect.TypeFor[*ssm.Client]()},
		{sts.ServiceID, reflect.TypeFor[*sts.Client]()},
	}
}
