// Package sandbox is an AWS in memory behind the real SDK clients: all services
// that berth knows, connected with one another.
//
// New makes a World, which gives out an aws.Config. Clients made from it
// serialise, sign and retry as ever; only the last step, the wire, is replaced:
// a middleware hands the typed input to a handler and returns the handler's
// typed output or error. Nothing ever reaches a network.
//
// The world is adversarial on purpose, because a kind fake proves nothing:
// describes lag behind creates, roles cannot be assumed for seconds, network
// interfaces linger, deletions wait for their dependents, names stay taken,
// quotas and token buckets are those of AWS, and any call can be made to fail.
//
// This package is only the assembly. Package world is what calls, time, faults and
// policies are made of; every other package below is a few services of AWS:
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
//
// They import world and do not know one another, but that compute hands a
// logs.Script to logs. What one needs of the others is a small interface in its own
// package, in a struct named Needs, which connect fills in. Nothing here imports anything else of berth but clock and regular: the
// sandbox must not share an assumption with the code that it tests.
//
// Where to add to it: an operation is a method and one line in its service's
// Routes. A service is a type that implements world.Service, listed in connect. A
// duration is a row in world's durations, with its source. What users, other
// tools and AWS do in the account is a method in hands.go.
package sandbox
