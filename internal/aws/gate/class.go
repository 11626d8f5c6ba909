package gate

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/berthdev/berth/internal/engine"
)

// classOfCode is the class of the error codes that no pattern covers. Sources:
// the "Errors" sections in each service's API reference, and
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html .
func classOfCode(code string) (engine.Class, bool) {
	switch code {
	case "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
		"RequestThrottledException", "TooManyRequestsException", "TooManyRequests",
		"RequestLimitExceeded", "BandwidthLimitExceeded", "SlowDown", "EC2ThrottledException",
		"PriorRequestNotComplete", "ProvisionedThroughputExceededException",
		"TransactionInProgressException":
		return engine.Throttled, true
	case "DependencyViolation", "ResourceInUse", "ResourceInUseException", "ConflictingOperation",
		"ConflictingOperationException", "ConditionalRequestConflict", "OperationAborted",
		"OperationAbortedException", "ConcurrentModification", "ConcurrentModificationException",
		"DeleteConflict", "UpdateInProgressException", "IncorrectState", "InvalidIPAddress.InUse",
		"InvalidGroup.InUse", "InvalidNetworkInterface.InUse", "ClusterContainsServicesException",
		"ClusterContainsTasksException", "ClusterContainsContainerInstancesException", "ClusterContainsCapacityProviderException",
		"FileSystemInUse", "IncorrectFileSystemLifeCycleState", "IncorrectMountTargetState",
		// RDS and ElastiCache: the object, or another that uses it, is busy.
		"InvalidDBInstanceState", "InvalidDBSnapshotState", "InvalidDBSubnetGroupStateFault", "InvalidDBParameterGroupState",
		"InvalidReplicationGroupState", "InvalidCacheClusterState", "InvalidSnapshotState", "CacheSubnetGroupInUse",
		"DBInstanceNotReady",
		// Application Auto Scaling takes one change of a target's policies at a time.
		"ConcurrentUpdateException",
		// EC2 Auto Scaling still works on the group, or its new service-linked role is not
		// ready yet.
		"ResourceContention", "ScalingActivityInProgress", "ServiceLinkedRoleFailure":
		return engine.Conflict, true
	case "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError",
		"UnauthorizedAccess", "NotAuthorized", "NotAuthorizedException", "Forbidden":
		return engine.Denied, true
	case "ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired",
		"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "InvalidToken",
		"SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure",
		"MissingAuthenticationToken", "MissingAuthenticationTokenException":
		return engine.Expired, true
	case "InternalError", "InternalFailure", "InternalServerError", "ServerException",
		"ServiceUnavailable", "ServiceUnavailableException", "Unavailable", "RequestTimeout",
		"RequestTimeoutException":
		return engine.Unknown, true
	}
	if isNotFound(code) {
		return engine.NotFound, true
	}
	return engine.Terminal, false
}

// classify says what an error means, and whether it is certain that the attempt
// had no effect. sent says that the attempt reached the wire.
func classify(e *Error, sent bool) (class engine.Class, harmless bool) {
	if e.Code == "" || !sent {
		return classifySilence(e.err, sent)
	}
	if class, ok := classifyMessage(e); ok {
		return class, true
	}
	if isNotFound(e.Code) && !isAbsence(e.Service, e.Operation, e.Code) {
		// Another object is missing: it may be new, or this is a mistake.
		return engine.NotYet, true
	}
	if class, ok := classOfCode(e.Code); ok {
		return class, class != engine.Unknown
	}
	switch status := statusOf(e.err); {
	case status >= http.StatusInternalServerError && status != http.StatusNotImplemented:
		return engine.Unknown, false
	case status == http.StatusTooManyRequests:
		return engine.Throttled, true
	case status == http.StatusForbidden && e.Code == "UnknownError":
		// S3 answers HEAD without a body.
		return engine.Denied, true
	}
	return engine.Terminal, true
}

// classifySilence classifies an error that is not the operation's answer.
func classifySilence(err error, sent bool) (class engine.Class, harmless bool) {
	var known engine.Classified
	var canceled interface{ CanceledError() bool }
	switch {
	case errors.As(err, &known):
		return known.Class(), !sent
	case errors.Is(err, context.DeadlineExceeded):
		return engine.Unknown, !sent
	case errors.Is(err, context.Canceled), errors.As(err, &canceled) && canceled.CanceledError():
		// The caller cancelled, so the call is not repeated.
		return engine.Terminal, !sent
	case sent:
		return engine.Unknown, neverConnected(err)
	case strings.Contains(err.Error(), "get identity:"):
		// No credentials, or a login that has expired: nothing was sent.
		return engine.Expired, true
	}
	return engine.Terminal, true
}

// classifyMessage classifies errors whose code alone is not enough.
func classifyMessage(e *Error) (engine.Class, bool) {
	text := strings.ToLower(e.Message)
	switch {
	case strings.Contains(text, "too many concurrent attempts to create a new revision"):
		return engine.Throttled, true
	case e.Service != "sts" && notAssumable(e.Code, text):
		return engine.NotYet, true
	case e.Code == "InvalidParameterException" && notThere(text):
		// ECS has one code for everything in a request that it does not see
		// yet, such as a registry, a subnet or a target group that was just
		// made.
		return engine.NotYet, true
	case e.Code == "FailedResourceAccessException",
		e.Code == "ValidationException" && strings.Contains(text, "ecs service doesn't exist"):
		// Application Auto Scaling does not see a new service yet, or its new
		// service-linked role has no permission yet.
		return engine.NotYet, true
	case strings.Contains(text, "still draining"):
		// ECS: a service of this name is being deleted.
		return engine.Conflict, true
	case unseenNetwork(e, text):
		return engine.NotYet, true
	case e.Service == "scheduler" && e.Code == "ConflictException" && !strings.HasPrefix(e.Operation, "Create"):
		// EventBridge Scheduler: the object is being changed or deleted. From a
		// creation it means that the name is taken.
		return engine.Conflict, true
	case e.Operation == "ReleaseAddress" && e.Code == "AuthFailure":
		// EC2 answers this for an address that one of AWS's own network
		// interfaces still uses.
		return engine.Conflict, true
	}
	return engine.Terminal, false
}

// unseenNetwork says whether a service other than EC2 does not see a part of a
// network yet, which happens for some seconds after the part was made: RDS and
// ELB may not see a subnet or a security group, a target group its VPC, a
// balancer the gateway of its VPC
// (https://github.com/openshift/installer/issues/1110). If the part really does
// not exist, the repeated calls only cost time.
func unseenNetwork(e *Error, text string) bool {
	switch e.Service {
	case "rds", "elasticache":
		return e.Code == "InvalidSubnet" || strings.Contains(text, "security group") && strings.Contains(text, "invalid")
	case "elb":
		return e.Code == "InvalidSubnet" || e.Code == "InvalidSecurityGroup" ||
			e.Code == "ValidationError" && strings.Contains(text, "vpc") && strings.Contains(text, "not found")
	}
	return false
}

// notThere recognises ECS's messages about an object that a request refers to
// and that ECS does not see. A target group has no balancer until its rule is
// visible everywhere.
func notThere(text string) bool {
	for _, phrase := range []string{
		"could not be found", "does not exist", "do not exist", "does not have an associated load balancer",
	} {
		if strings.Contains(text, phrase) {
			return true
		}
	}
	return false
}

// notAssumable says whether a service could not use a role, which happens for
// some seconds after the role was made.
func notAssumable(code, text string) bool {
	for _, phrase := range []string{
		"cannot be assumed", "unable to assume", "scheduler to assume the role", "is not authorized to perform: sts:assumerole",
	} {
		if strings.Contains(text, phrase) {
			return true
		}
	}
	switch code {
	case "InvalidParameterException", "ClientException", "InvalidParameterValue", "ValidationException":
		return strings.Contains(text, "role") &&
			(strings.Contains(text, "not valid") || strings.Contains(text, "invalid") ||
				strings.Contains(text, "exist") || strings.Contains(text, "linked role"))
	case "MalformedPolicyDocument", "MalformedPolicyDocumentException":
		return strings.Contains(text, "invalid principal")
	}
	return false
}

func isNotFound(code string) bool {
	switch code {
	case "NoSuchHostedZone", "NoSuchChange", "NoSuchEntity", "NoSuchEntityException", "NoSuchBucket", "NoSuchKey", "Gateway.NotAttached":
		return true
	}
	return strings.Contains(code, "NotFound")
}

func isExists(code string) bool {
	switch code {
	case "InvalidSubnet.Conflict", "Resource.AlreadyAssociated", "BucketAlreadyOwnedByYou":
		return true
	}
	return strings.Contains(code, "AlreadyExist") || strings.Contains(code, "Duplicate")
}

// neverConnected says whether an error occurred before anything was sent: the
// host name was not found, or the connection was refused.
func neverConnected(err error) bool {
	var dns *net.DNSError
	var op *net.OpError
	return errors.As(err, &dns) || (errors.As(err, &op) && op.Op == "dial")
}

func statusOf(err error) int {
	var s interface{ HTTPStatusCode() int }
	if errors.As(err, &s) {
		return s.HTTPStatusCode()
	}
	return 0
}
