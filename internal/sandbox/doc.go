// Package sandbox is an AWS in memory behind the real SDK clients: all services
// that berth knows, connected with one another.
//
// New makes a World, which gives out an aws.Config. Clients made from it
// serialise, sign and retry as usual; only the last step, the wire, is
// replaced: a middleware hands the typed input to a handler and returns the
// handler's typed output or error. No call reaches a network.
//
// The world is adversarial on purpose, because a well-behaved fake proves
// nothing: describe calls lag behind creates, roles cannot be assumed for
// seconds, network interfaces linger, deletions wait for dependents, names stay
// taken, quotas and token buckets are AWS's, and any call can be made to fail.
//
// This package only assembles the parts. Package world has calls, time, faults and
// policies; every other package below has a few of AWS's services:
//
//	network     EC2: VPCs and everything in them
//	identity    IAM, STS, Service Quotas and the index of tags
//	storage     S3, EFS and S3 Files
//	names       Route 53, Certificate Manager, Cloud Map and Cloudflare
//	balancing   Elastic Load Balancing
//	compute     ECS with Fargate
//	data        RDS and ElastiCache
//	secrets     Parameter Store and Secrets Manager
//	images      ECR and CodeBuild
//	logs        CloudWatch Logs
//	agent       the sessions of Systems Manager
//	shell       what commands do in containers
//
// They import world and do not know one another, except that compute passes a logs.Script to
// logs. What a package needs from others is a small interface in its own package, in a struct
// named Needs, which connect fills in. Of berth's other packages, the sandbox only imports
// clock, concurrent, cron, regular and datachannel: it must not share assumptions with the code that it
// tests. datachannel is both ends of a protocol, which test/plugin checks with AWS's client.
//
// Where to add to it: for an operation, add a method and a line in its service's
// Routes. For a service, add a type that implements world.Service and list it in
// connect. For a duration, add a row in world's durations, with its source. For
// what users, other tools and AWS do in the account, add a method in hands.go.
package sandbox
