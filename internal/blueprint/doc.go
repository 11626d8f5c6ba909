// Package blueprint turns what the user means (app.App) into the graph of
// desired AWS resources. It is a pure function: it makes no call, reads no file
// and no clock, so that a plan is a matter of its input alone.
//
// There are two roots. BuildEnvironment makes the graph of an environment from
// an EnvironmentSpec, for which no project is needed; SpecOf says what one app
// asks of its environment. BuildStack makes the graph of one project, which
// refers to the environment's by the values of EnvironmentGraph and in no other
// way. Build composes the two, so that one plan is made of both.
//
// A stage is a function that takes the values of earlier stages and returns its
// own, so that they cannot run in a wrong order:
//
//	environment   network              network.go             -> network
//	              cluster              cluster.go             -> ARN
//	              names, certificates  certificates.go        -> names
//	              load balancer        balancer.go            (network, names) -> balancer
//	              file systems         file_systems.go        (network) -> fileSystems
//	              network balancers    network_balancer.go    (network) -> netBalancer
//	              database roles       environment.go
//	stack         routes of hosts      hosts.go               -> routes
//	              volumes              volumes.go             -> mounts
//	              private names        discovery.go           -> privateDNS
//	              security groups      security.go            -> groups
//	              databases            databases.go           (groups, privateDNS) -> databases
//	              roles that start     roles.go               -> startRoles
//	              images               images.go              -> images
//	              task definitions     tasks.go               (mounts, databases, startRoles, images) -> task
//	              jobs and services    jobs.go, services.go   (all of these; targets.go needs routes)
//	              host records, order  stack.go
//
// Outputs is the table of where everything is found that a graph makes: names
// in AWS, private names, URLs. Whoever needs one takes it from there.
//
// It may import app, project (for the places in notices), engine and the
// structs of internal/aws/SERVICE; never the AWS SDK. A new kind of resource
// goes into the stage of its concern, or becomes a stage with a file of its own
// and a call in BuildEnvironment or BuildStack, and has a case in testdata.
package blueprint
