package aws

import (
	"github.com/aws/aws-sdk-go-v2/aws"
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

	resource "github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/cloudflare"
)

// Clients are the SDK's clients for one account and region. They cache nothing
// that they have read: many runs may use them at once.
type Clients struct {
	CodeBuild *codebuild.Client
	ECR       *ecr.Client
	ACM       *acm.Client
	Cache     *elasticache.Client
	EC2       *ec2.Client
	ECS       *ecs.Client
	EFS       *efs.Client
	ELB       *elasticloadbalancingv2.Client
	Events    *eventbridge.Client
	Groups    *autoscaling.Client
	IAM       *iam.Client
	Logs      *cloudwatchlogs.Client
	Metrics   *cloudwatch.Client
	Quotas    *servicequotas.Client
	Route53   *route53.Client
	RDS       *rds.Client
	S3        *s3.Client
	S3Files   *s3files.Client
	Scheduler *scheduler.Client
	SD        *servicediscovery.Client
	SNS       *sns.Client
	SQS       *sqs.Client
	Secrets   *secretsmanager.Client
	SSM       *ssm.Client
	STS       *sts.Client
	Scaling   *applicationautoscaling.Client
	Tagging   *resourcegroupstaggingapi.Client

	// Turns serialises changes that would conflict, including those of
	// concurrent runs that share the clients.
	Turns *gate.Turns
	// Cloudflare is nil without a token.
	Cloudflare *cloudflare.Client
}

// NewClients makes the clients of a configuration. S3 is addressed by path if
// an endpoint is configured, because emulators have no host names for buckets.
func NewClients(cfg aws.Config) *Clients {
	cfg = plainBodies(cfg)
	return &Clients{
		ACM: acm.NewFromConfig(cfg), Route53: route53.NewFromConfig(cfg),
		Cache: elasticache.NewFromConfig(cfg), RDS: rds.NewFromConfig(cfg),
		EC2: ec2.NewFromConfig(cfg), ECS: ecs.NewFromConfig(cfg, resource.Lenient), ELB: elasticloadbalancingv2.NewFromConfig(cfg),
		Events:    eventbridge.NewFromConfig(cfg),
		CodeBuild: codebuild.NewFromConfig(cfg), ECR: ecr.NewFromConfig(cfg),
		IAM: iam.NewFromConfig(cfg), Logs: cloudwatchlogs.NewFromConfig(cfg), Metrics: cloudwatch.NewFromConfig(cfg), Quotas: servicequotas.NewFromConfig(cfg),
		S3: s3.NewFromConfig(cfg, func(o *s3.Options) {
			o.UsePathStyle = o.BaseEndpoint != nil
			o.DisableLogOutputChecksumValidationSkipped = true // objects of other stores carry none
		}),
		Scheduler: scheduler.NewFromConfig(cfg), Scaling: applicationautoscaling.NewFromConfig(cfg), Groups: autoscaling.NewFromConfig(cfg),
		EFS: efs.NewFromConfig(cfg), S3Files: s3files.NewFromConfig(cfg), Secrets: secretsmanager.NewFromConfig(cfg), SSM: ssm.NewFromConfig(cfg),
		SD: servicediscovery.NewFromConfig(cfg), SNS: sns.NewFromConfig(cfg), SQS: sqs.NewFromConfig(cfg), STS: sts.NewFromConfig(cfg),
		Tagging: resourcegroupstaggingapi.NewFromConfig(cfg), Turns: &gate.Turns{},
	}
}
