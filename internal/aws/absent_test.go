package aws_test

import (
	"context"
	"testing"
	"testing/synctest"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
)

// answering returns all types for an AWS that answers every operation with the
// error code that codes returns; calls counts the answers.
func answering(t *testing.T, codes func(service, operation string) string, calls *int) *engine.Registry {
	t.Helper()
	w, err := sandbox.New(sandbox.Options{Clock: clock.Wall{}, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	cfg := w.Config()
	cfg.APIOptions = append(cfg.APIOptions, func(stack *middleware.Stack) error {
		return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("Absent",
			func(ctx context.Context, _ middleware.DeserializeInput, _ middleware.DeserializeHandler) (
				out middleware.DeserializeOutput, md middleware.Metadata, err error,
			) {
				*calls++
				code := codes(awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx))
				return out, md, &smithy.GenericAPIError{Code: code, Message: "it is not there"}
			}), middleware.Before)
	})
	gate.New(gate.Options{Clock: clock.Wall{}, Rand: func() float64 { return 0.5 }}).Attach(&cfg)
	reg, err := engine.NewRegistry(aws.Types(aws.NewClients(cfg), aws.Place{
		Account: w.Account(), Region: cfg.Region, Partition: "aws", Clock: clock.Wall{},
	})...)
	if err != nil {
		t.Fatal(err)
	}
	return reg
}

// objectOf is an object as a teardown has it.
func objectOf(typ string) engine.Object {
	owner := engine.Owner{Environment: "shop-dev", Project: "shop"}
	attrs := map[string]string{
		"vpc": "vpc-1", "name": "web", "cluster": "web", "service": "web", "zone": "Z1", "role": "web",
		"listener": "arn:l", "certificate": "arn:c", "file_system": "fs-1", "namespace": "ns-1",
	}
	return engine.Object{
		Address: engine.Address{Owner: owner, Type: typ, Name: "web"}, ID: "web/web:1", State: engine.StateReady,
		Attrs: attrs, Outputs: map[string]string{"arn": "arn:aws:x:us-east-1:111122223333:web/web", "id": "web"},
		Tags: map[string]string{},
	}
}

// A code about another missing object does not mean that the object itself is
// absent: neither a deletion nor a poll may take it for that.
func TestAnotherObjectsAbsenceIsAnError(t *testing.T) {
	t.Parallel()
	for _, foreign := range []string{"InvalidRoute.NotFound", "SomethingElseNotFound", "NoSuchChange"} {
		synctest.Test(t, func(t *testing.T) {
			calls := 0
			reg := answering(t, func(string, string) string { return foreign }, &calls)
			for _, name := range reg.Names() {
				if foreign == "InvalidRoute.NotFound" && name == "ec2.route" {
					continue // its own
				}
				typ, _ := reg.Lookup(name)
				before := calls
				err := typ.Delete(t.Context(), objectOf(name))
				if calls > before && (err == nil || engine.ClassOf(err) == engine.NotFound) {
					t.Errorf("%s: deletion takes %s for absence: %v", name, foreign, err)
				}
				looker, ok := typ.Poller()
				if !ok {
					continue
				}
				before = calls
				objects, err := looker.Poll(t.Context(), []engine.Object{objectOf(name)})
				if calls > before && len(objects) == 0 && (err == nil || engine.ClassOf(err) == engine.NotFound) {
					t.Errorf("%s: a look takes %s for absence: %v", name, foreign, err)
				}
			}
		})
	}
}

// An object's own code means that it is absent.
func TestOwnAbsenceIsSuccess(t *testing.T) {
	t.Parallel()
	for typ, code := range map[string]string{
		"ec2.vpc": "InvalidVpcID.NotFound", "ec2.subnet": "InvalidSubnetID.NotFound", "ec2.route-table": "InvalidRouteTableID.NotFound",
		"ec2.internet-gateway": "InvalidInternetGatewayID.NotFound", "ec2.nat-gateway": "NatGatewayNotFound",
		"ec2.vpc-endpoint": "InvalidVpcEndpointId.NotFound", "ec2.security-group": "InvalidGroup.NotFound",
		"ec2.elastic-ip": "InvalidAllocationID.NotFound", "ec2.route": "InvalidRoute.NotFound",
		"ec2.route-table-association": "InvalidAssociationID.NotFound", "iam.role": "NoSuchEntity",
		"logs.log-group": "ResourceNotFoundException", "ssm.parameter": "ParameterNotFound", "ssm.password": "ParameterNotFound",
		"rds.subnet-group": "DBSubnetGroupNotFoundFault", "rds.parameter-group": "DBParameterGroupNotFound",
		"rds.instance": "DBInstanceNotFound", "elasticache.subnet-group": "CacheSubnetGroupNotFoundFault",
		"elasticache.replication-group": "ReplicationGroupNotFoundFault", "ecs.cluster": "ClusterNotFoundException",
		"ecs.service": "ServiceNotFoundException", "sd.namespace": "NamespaceNotFound", "sd.service": "ServiceNotFound",
		"acm.certificate": "ResourceNotFoundException", "elb.load-balancer": "LoadBalancerNotFound",
		"elb.target-group": "TargetGroupNotFound", "elb.listener": "ListenerNotFound", "elb.rule": "RuleNotFound",
		"efs.access-point": "AccessPointNotFound", "efs.mount-target": "MountTargetNotFound",
		"codebuild.project": "ResourceNotFoundException", "ecr.repository": "RepositoryNotFoundException",
	} {
		synctest.Test(t, func(t *testing.T) {
			calls := 0
			reg := answering(t, func(string, string) string { return code }, &calls)
			kind, ok := reg.Lookup(typ)
			if !ok {
				t.Fatalf("there is no type %s", typ)
			}
			if err := kind.Delete(t.Context(), objectOf(typ)); calls == 0 || err != nil && engine.ClassOf(err) != engine.NotFound {
				t.Errorf("%s: %s after %d calls: %v", typ, code, calls, err)
			}
		})
	}
}
