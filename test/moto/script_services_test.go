package moto

import (
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	sdtypes "github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	"strings"
)

func (s *script) bucket() {
	c := s.c.S3
	name, none := p("berth-a"), p("berth-none")
	in := &s3.CreateBucketInput{Bucket: name, CreateBucketConfiguration: &s3types.CreateBucketConfiguration{
		LocationConstraint: s3types.BucketLocationConstraintEuCentral1,
	}}
	try(s, notFound, c.GetObject, &s3.GetObjectInput{Bucket: none, Key: p("lock")}, nil)
	try(s, notFound, c.PutObject, &s3.PutObjectInput{Bucket: none, Key: p("lock"), Body: strings.NewReader("1")}, nil)
	try(s, success, c.CreateBucket, in, nil)
	try(s, duplicate, c.CreateBucket, in, nil)
	versions := &s3types.VersioningConfiguration{Status: s3types.BucketVersioningStatusEnabled}
	try(s, success, c.PutBucketVersioning, &s3.PutBucketVersioningInput{Bucket: name, VersioningConfiguration: versions}, nil)
	try(s, duplicate, c.PutBucketVersioning, &s3.PutBucketVersioningInput{Bucket: name, VersioningConfiguration: versions}, nil)
	try(s, notFound, c.PutBucketVersioning, &s3.PutBucketVersioningInput{Bucket: none, VersioningConfiguration: versions}, nil)
	block := &s3types.PublicAccessBlockConfiguration{BlockPublicAcls: p(true), BlockPublicPolicy: p(true), IgnorePublicAcls: p(true), RestrictPublicBuckets: p(true)}
	try(s, success, c.PutPublicAccessBlock, &s3.PutPublicAccessBlockInput{Bucket: name, PublicAccessBlockConfiguration: block}, nil)
	try(s, duplicate, c.PutPublicAccessBlock, &s3.PutPublicAccessBlockInput{Bucket: name, PublicAccessBlockConfiguration: block}, nil)
	try(s, notFound, c.PutPublicAccessBlock, &s3.PutPublicAccessBlockInput{Bucket: none, PublicAccessBlockConfiguration: block}, nil)
	try(s, success, c.GetBucketVersioning, &s3.GetBucketVersioningInput{Bucket: name}, func(o *s3.GetBucketVersioningOutput) []any { return []any{o.Status} })
	try(s, notFound, c.GetBucketVersioning, &s3.GetBucketVersioningInput{Bucket: none}, nil)
	try(s, success, c.GetPublicAccessBlock, &s3.GetPublicAccessBlockInput{Bucket: name}, nil)
	try(s, notFound, c.GetPublicAccessBlock, &s3.GetPublicAccessBlockInput{Bucket: none}, nil)
	crypt := &s3types.ServerSideEncryptionConfiguration{Rules: []s3types.ServerSideEncryptionRule{{
		ApplyServerSideEncryptionByDefault: &s3types.ServerSideEncryptionByDefault{SSEAlgorithm: s3types.ServerSideEncryptionAes256},
	}}}
	try(s, success, c.PutBucketEncryption, &s3.PutBucketEncryptionInput{Bucket: name, ServerSideEncryptionConfiguration: crypt}, nil)
	try(s, duplicate, c.PutBucketEncryption, &s3.PutBucketEncryptionInput{Bucket: name, ServerSideEncryptionConfiguration: crypt}, nil)
	try(s, notFound, c.PutBucketEncryption, &s3.PutBucketEncryptionInput{Bucket: none, ServerSideEncryptionConfiguration: crypt}, nil)
	cycle := &s3types.BucketLifecycleConfiguration{Rules: []s3types.LifecycleRule{{
		ID: p("old"), Status: s3types.ExpirationStatusEnabled, Filter: &s3types.LifecycleRuleFilter{Prefix: p("")},
		NoncurrentVersionExpiration: &s3types.NoncurrentVersionExpiration{NoncurrentDays: p(int32(30))},
	}}}
	try(s, success, c.PutBucketLifecycleConfiguration, &s3.PutBucketLifecycleConfigurationInput{Bucket: name, LifecycleConfiguration: cycle}, nil)
	try(s, duplicate, c.PutBucketLifecycleConfiguration, &s3.PutBucketLifecycleConfigurationInput{Bucket: name, LifecycleConfiguration: cycle}, nil)
	try(s, notFound, c.PutBucketLifecycleConfiguration, &s3.PutBucketLifecycleConfigurationInput{Bucket: none, LifecycleConfiguration: cycle}, nil)
	s.object(name)
}

// object plays the lock, for which everything depends on conditional writes.
func (s *script) object(bucket *string) {
	c := s.c.S3
	put := func(text string) *s3.PutObjectInput {
		return &s3.PutObjectInput{Bucket: bucket, Key: p("lock"), Body: strings.NewReader(text)}
	}
	try(s, "no such key", c.GetObject, &s3.GetObjectInput{Bucket: bucket, Key: p("lock")}, nil)
	in := put("1")
	in.IfNoneMatch = p("*")
	etag := try(s, success, c.PutObject, in, func(o *s3.PutObjectOutput) []any { return []any{o.ETag} }).ETag
	in = put("2")
	in.IfNoneMatch = p("*")
	try(s, duplicate, c.PutObject, in, nil)
	in = put("2")
	in.IfMatch = p(`"00000000000000000000000000000000"`)
	try(s, "another version", c.PutObject, in, nil)
	in = put("2")
	in.IfMatch = etag
	try(s, "this version", c.PutObject, in, func(o *s3.PutObjectOutput) []any { return []any{o.ETag} })
	in = &s3.PutObjectInput{Bucket: bucket, Key: p("none"), Body: strings.NewReader("1"), IfMatch: etag}
	try(s, "a version of nothing", c.PutObject, in, nil)
	try(s, success, c.GetObject, &s3.GetObjectInput{Bucket: bucket, Key: p("lock")}, func(o *s3.GetObjectOutput) []any {
		_ = o.Body.Close()
		return []any{o.ETag, o.ContentLength}
	})
	list := func(o *s3.ListObjectsV2Output) []any {
		return []any{o.KeyCount, o.IsTruncated, len(o.Contents), first(o.Contents).Key, first(o.Contents).ETag}
	}
	try(s, success, c.ListObjectsV2, &s3.ListObjectsV2Input{Bucket: bucket, Prefix: p("lo")}, list)
	try(s, "no such prefix", c.ListObjectsV2, &s3.ListObjectsV2Input{Bucket: bucket, Prefix: p("none/")}, list)
	try(s, notFound, c.ListObjectsV2, &s3.ListObjectsV2Input{Bucket: p("berth-none")}, nil)
}

func (s *script) logGroup() {
	c := s.c.Logs
	name, none := p("/berth/a"), p("/berth/none")
	in := &cloudwatchlogs.CreateLogGroupInput{LogGroupName: name, Tags: map[string]string{"berth:owner": "env/a"}}
	try(s, success, c.CreateLogGroup, in, nil)
	try(s, duplicate, c.CreateLogGroup, in, nil)
	keep := &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: name, RetentionInDays: p(int32(7))}
	try(s, success, c.PutRetentionPolicy, keep, nil)
	try(s, duplicate, c.PutRetentionPolicy, keep, nil)
	try(s, notFound, c.PutRetentionPolicy, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: none, RetentionInDays: p(int32(7))}, nil)
	list := func(o *cloudwatchlogs.DescribeLogGroupsOutput) []any {
		g := first(o.LogGroups)
		return []any{len(o.LogGroups), g.LogGroupName, g.RetentionInDays, g.Arn, g.LogGroupArn}
	}
	try(s, success, c.DescribeLogGroups, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: name}, list)
	try(s, notFound, c.DescribeLogGroups, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: none}, list)
	arn := p("arn:aws:logs:eu-central-1:123456789012:log-group:/berth/a")
	noArn := p("arn:aws:logs:eu-central-1:123456789012:log-group:/berth/none")
	tags := map[string]string{"berth:asked": "v1"}
	try(s, success, c.TagResource, &cloudwatchlogs.TagResourceInput{ResourceArn: arn, Tags: tags}, nil)
	try(s, duplicate, c.TagResource, &cloudwatchlogs.TagResourceInput{ResourceArn: arn, Tags: tags}, nil)
	try(s, notFound, c.TagResource, &cloudwatchlogs.TagResourceInput{ResourceArn: noArn, Tags: tags}, nil)
	count := func(o *cloudwatchlogs.ListTagsForResourceOutput) []any { return []any{len(o.Tags)} }
	try(s, success, c.ListTagsForResource, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: arn}, count)
	try(s, notFound, c.ListTagsForResource, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: noArn}, count)
	events := func(o *cloudwatchlogs.FilterLogEventsOutput) []any { return []any{len(o.Events)} }
	try(s, success, c.FilterLogEvents, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: name}, events)
	try(s, notFound, c.FilterLogEvents, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: none}, events)
	try(s, success, c.DeleteRetentionPolicy, &cloudwatchlogs.DeleteRetentionPolicyInput{LogGroupName: name}, nil)
	try(s, notFound, c.DeleteRetentionPolicy, &cloudwatchlogs.DeleteRetentionPolicyInput{LogGroupName: none}, nil)
	try(s, success, c.DeleteLogGroup, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: name}, nil)
	try(s, notFound, c.DeleteLogGroup, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: none}, nil)
}

// Policies as berth writes them.
const (
	trust  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	allow  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`
	useECR = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"
)

// role makes the role that tasks run with and returns its ARN.
func (s *script) role() *string {
	c := s.c.IAM
	name, none := p("web"), p("none")
	in := &iam.CreateRoleInput{
		RoleName: name, Path: p("/berth/a/"), AssumeRolePolicyDocument: p(trust), Description: p("first"),
		Tags: []iamtypes.Tag{{Key: p("berth:owner"), Value: p("env/a")}},
	}
	arn := s.name("role", nil)
	show := func(o *iam.CreateRoleOutput) []any { return []any{o.Role.Arn, o.Role.Path, o.Role.MaxSessionDuration} }
	if out := try(s, success, c.CreateRole, in, show); out.Role != nil {
		arn = out.Role.Arn
	}
	try(s, duplicate, c.CreateRole, in, nil)
	try(s, dependency, c.CreateRole, &iam.CreateRoleInput{RoleName: p("broken"), AssumeRolePolicyDocument: p("{")}, nil)
	try(s, success, c.GetRole, &iam.GetRoleInput{RoleName: name}, func(o *iam.GetRoleOutput) []any { return []any{o.Role.Description, len(o.Role.Tags)} })
	try(s, notFound, c.GetRole, &iam.GetRoleInput{RoleName: none}, nil)
	try(s, success, c.UpdateRole, &iam.UpdateRoleInput{RoleName: name, Description: p("second")}, nil)
	try(s, duplicate, c.UpdateRole, &iam.UpdateRoleInput{RoleName: name, Description: p("second")}, nil)
	try(s, notFound, c.UpdateRole, &iam.UpdateRoleInput{RoleName: none, Description: p("second")}, nil)
	list := func(o *iam.ListRolesOutput) []any {
		r := first(o.Roles)
		return []any{len(o.Roles), r.RoleName, r.Description, len(r.Tags)}
	}
	try(s, success, c.ListRoles, &iam.ListRolesInput{PathPrefix: p("/berth/a/")}, list)
	try(s, notFound, c.ListRoles, &iam.ListRolesInput{PathPrefix: p("/berth/none/")}, list)
	tags := []iamtypes.Tag{{Key: p("berth:asked"), Value: p("v1")}}
	try(s, success, c.TagRole, &iam.TagRoleInput{RoleName: name, Tags: tags}, nil)
	try(s, duplicate, c.TagRole, &iam.TagRoleInput{RoleName: name, Tags: tags}, nil)
	try(s, notFound, c.TagRole, &iam.TagRoleInput{RoleName: none, Tags: tags}, nil)
	count := func(o *iam.ListRoleTagsOutput) []any { return []any{len(o.Tags)} }
	try(s, success, c.ListRoleTags, &iam.ListRoleTagsInput{RoleName: name}, count)
	try(s, notFound, c.ListRoleTags, &iam.ListRoleTagsInput{RoleName: none}, count)
	s.policies(name, none)
	for _, service := range []string{"ecs.amazonaws.com", "elasticloadbalancing.amazonaws.com"} {
		linked := &iam.CreateServiceLinkedRoleInput{AWSServiceName: &service}
		try(s, success, c.CreateServiceLinkedRole, linked, func(o *iam.CreateServiceLinkedRoleOutput) []any { return []any{o.Role.Path} })
		try(s, duplicate, c.CreateServiceLinkedRole, linked, nil)
	}
	try(s, dependency, c.DeleteRole, &iam.DeleteRoleInput{RoleName: name}, nil)
	try(s, notFound, c.DeleteRole, &iam.DeleteRoleInput{RoleName: none}, nil)
	return arn
}

func (s *script) policies(name, none *string) {
	c := s.c.IAM
	put := &iam.PutRolePolicyInput{RoleName: name, PolicyName: p("berth"), PolicyDocument: p(allow)}
	try(s, success, c.PutRolePolicy, put, nil)
	try(s, duplicate, c.PutRolePolicy, put, nil)
	try(s, notFound, c.PutRolePolicy, &iam.PutRolePolicyInput{RoleName: none, PolicyName: p("berth"), PolicyDocument: p(allow)}, nil)
	try(s, success, c.GetRolePolicy, &iam.GetRolePolicyInput{RoleName: name, PolicyName: p("berth")}, nil)
	try(s, notFound, c.GetRolePolicy, &iam.GetRolePolicyInput{RoleName: name, PolicyName: p("none")}, nil)
	inline := func(o *iam.ListRolePoliciesOutput) []any { return []any{o.PolicyNames} }
	try(s, success, c.ListRolePolicies, &iam.ListRolePoliciesInput{RoleName: name}, inline)
	try(s, notFound, c.ListRolePolicies, &iam.ListRolePoliciesInput{RoleName: none}, inline)
	attach := &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: p(useECR)}
	try(s, success, c.AttachRolePolicy, attach, nil)
	try(s, duplicate, c.AttachRolePolicy, attach, nil)
	try(s, notFound, c.AttachRolePolicy, &iam.AttachRolePolicyInput{RoleName: none, PolicyArn: p(useECR)}, nil)
	try(s, "no policy", c.AttachRolePolicy, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: p("arn:aws:iam::aws:policy/None")}, nil)
	attached := func(o *iam.ListAttachedRolePoliciesOutput) []any { return []any{first(o.AttachedPolicies).PolicyArn} }
	try(s, success, c.ListAttachedRolePolicies, &iam.ListAttachedRolePoliciesInput{RoleName: name}, attached)
	try(s, notFound, c.ListAttachedRolePolicies, &iam.ListAttachedRolePoliciesInput{RoleName: none}, attached)
}

func (s *script) roleEnds(_ *string) {
	c := s.c.IAM
	name, none := p("web"), p("none")
	try(s, success, c.DetachRolePolicy, &iam.DetachRolePolicyInput{RoleName: name, PolicyArn: p(useECR)}, nil)
	try(s, duplicate, c.DetachRolePolicy, &iam.DetachRolePolicyInput{RoleName: name, PolicyArn: p(useECR)}, nil)
	try(s, notFound, c.DetachRolePolicy, &iam.DetachRolePolicyInput{RoleName: none, PolicyArn: p(useECR)}, nil)
	try(s, notFound, c.DeleteRolePolicy, &iam.DeleteRolePolicyInput{RoleName: name, PolicyName: p("none")}, nil)
	try(s, success, c.DeleteRolePolicy, &iam.DeleteRolePolicyInput{RoleName: name, PolicyName: p("berth")}, nil)
	try(s, success, c.DeleteRole, &iam.DeleteRoleInput{RoleName: name}, nil)
}

// space is the namespace and a service in it.
type space struct{ namespace, service, arn *string }

func (s *script) namespace(n *network) *space {
	c := s.c.SD
	in := &servicediscovery.CreatePrivateDnsNamespaceInput{
		Name: p("shop.dev.internal"), Vpc: n.vpc, CreatorRequestId: p("token-5"), Description: p("berth"),
		Tags: []sdtypes.Tag{{Key: p("berth:owner"), Value: p("env/a")}},
	}
	operation := try(s, success, c.CreatePrivateDnsNamespace, in, nil).OperationId
	show := func(o *servicediscovery.GetOperationOutput) []any {
		return []any{o.Operation.Status, o.Operation.Type, len(o.Operation.Targets)}
	}
	sp := &space{}
	if out := try(s, success, c.GetOperation, &servicediscovery.GetOperationInput{OperationId: s.name("operation", operation)}, show); out.Operation != nil {
		if id, ok := out.Operation.Targets["NAMESPACE"]; ok {
			sp.namespace = &id
		}
	}
	sp.namespace = s.name("namespace", sp.namespace)
	try(s, notFound, c.GetOperation, &servicediscovery.GetOperationInput{OperationId: p("none")}, nil)
	again := *in
	again.CreatorRequestId = p("token-6")
	try(s, duplicate, c.CreatePrivateDnsNamespace, &again, nil)
	list := func(o *servicediscovery.ListNamespacesOutput) []any {
		f := first(o.Namespaces)
		return []any{len(o.Namespaces), f.Name, f.Type, f.Description}
	}
	try(s, success, c.ListNamespaces, &servicediscovery.ListNamespacesInput{}, list)
	s.registered(sp)
	return sp
}

func (s *script) registered(sp *space) {
	c := s.c.SD
	in := &servicediscovery.CreateServiceInput{
		Name: p("redis"), NamespaceId: sp.namespace, CreatorRequestId: p("token-7"), Description: p("berth"),
		DnsConfig: &sdtypes.DnsConfig{DnsRecords: []sdtypes.DnsRecord{{Type: sdtypes.RecordTypeA, TTL: p(int64(10))}}},
		Tags:      []sdtypes.Tag{{Key: p("berth:owner"), Value: p("env/a")}},
	}
	show := func(o *servicediscovery.CreateServiceOutput) []any {
		return []any{o.Service.Name, o.Service.NamespaceId, o.Service.DnsConfig.RoutingPolicy, first(o.Service.DnsConfig.DnsRecords).TTL}
	}
	if out := try(s, success, c.CreateService, in, show); out.Service != nil {
		sp.service, sp.arn = out.Service.Id, out.Service.Arn
	}
	sp.service = s.name("registry", sp.service)
	list := func(o *servicediscovery.ListServicesOutput) []any {
		f := first(o.Services)
		return []any{len(o.Services), f.Name, f.Description}
	}
	in2 := func(id string) *servicediscovery.ListServicesInput {
		return &servicediscovery.ListServicesInput{Filters: []sdtypes.ServiceFilter{{Name: sdtypes.ServiceFilterNameNamespaceId, Values: []string{id}}}}
	}
	try(s, success, c.ListServices, in2(*sp.namespace), list)
	try(s, notFound, c.ListServices, in2("ns-fedcba9876543210"), list)
	tags := []sdtypes.Tag{{Key: p("berth:asked"), Value: p("v1")}}
	none := p("arn:aws:servicediscovery:eu-central-1:123456789012:service/srv-0123456789abcdef")
	try(s, success, c.TagResource, &servicediscovery.TagResourceInput{ResourceARN: sp.arn, Tags: tags}, nil)
	try(s, duplicate, c.TagResource, &servicediscovery.TagResourceInput{ResourceARN: sp.arn, Tags: tags}, nil)
	try(s, notFound, c.TagResource, &servicediscovery.TagResourceInput{ResourceARN: none, Tags: tags}, nil)
	count := func(o *servicediscovery.ListTagsForResourceOutput) []any { return []any{len(o.Tags)} }
	try(s, success, c.ListTagsForResource, &servicediscovery.ListTagsForResourceInput{ResourceARN: sp.arn}, count)
	try(s, notFound, c.ListTagsForResource, &servicediscovery.ListTagsForResourceInput{ResourceARN: none}, count)
	again := *in
	again.CreatorRequestId = p("token-8")
	if twin := try(s, duplicate, c.CreateService, &again, nil); twin.Service != nil {
		try(s, aside, c.DeleteService, &servicediscovery.DeleteServiceInput{Id: twin.Service.Id}, nil)
	}
	lost := *in
	lost.NamespaceId, lost.CreatorRequestId = p("ns-0123456789abcdef"), p("token-9")
	try(s, dependency, c.CreateService, &lost, nil)
	try(s, notFound, c.DeleteNamespace, &servicediscovery.DeleteNamespaceInput{Id: p("ns-0123456789abcdef")}, nil)
	try(s, notFound, c.DeleteService, &servicediscovery.DeleteServiceInput{Id: p("srv-0123456789abcdef")}, nil)
}

func (s *script) namespaceEnds(sp *space) {
	c := s.c.SD
	try(s, success, c.DeleteService, &servicediscovery.DeleteServiceInput{Id: sp.service}, nil)
	try(s, success, c.DeleteNamespace, &servicediscovery.DeleteNamespaceInput{Id: sp.namespace}, nil)
}

// namespaceInUse deletes a namespace that has a service. It makes its own
// namespace, because moto does delete it.
func (s *script) namespaceInUse(n *network) {
	c := s.c.SD
	operation := try(s, aside, c.CreatePrivateDnsNamespace, &servicediscovery.CreatePrivateDnsNamespaceInput{
		Name: p("used.dev.internal"), Vpc: n.vpc, CreatorRequestId: p("token-16"),
	}, nil).OperationId
	out := try(s, aside, c.GetOperation, &servicediscovery.GetOperationInput{OperationId: operation}, nil)
	if out.Operation == nil {
		return
	}
	id := out.Operation.Targets["NAMESPACE"]
	used := try(s, aside, c.CreateService, &servicediscovery.CreateServiceInput{
		Name: p("redis"), NamespaceId: &id, CreatorRequestId: p("token-17"),
		DnsConfig: &sdtypes.DnsConfig{DnsRecords: []sdtypes.DnsRecord{{Type: sdtypes.RecordTypeA, TTL: p(int64(10))}}},
	}, nil)
	try(s, dependency, c.DeleteNamespace, &servicediscovery.DeleteNamespaceInput{Id: &id}, nil)
	if used.Service != nil {
		try(s, aside, c.DeleteService, &servicediscovery.DeleteServiceInput{Id: used.Service.Id}, nil)
	}
	try(s, aside, c.DeleteNamespace, &servicediscovery.DeleteNamespaceInput{Id: &id}, nil)
}
