// Package blueprint turns an app.App into the graph of desired AWS resources. It is
// a pure function: it makes no calls and reads no files and no clock, so that a
// plan depends on its input alone.
//
// There are two roots. BuildEnvironment makes the graph of an environment from an
// EnvironmentSpec, which needs no project; SpecOf makes the spec from what one app
// asks of its environment. BuildStack makes the graph of one project, which refers
// to the environment only by the values of EnvironmentGraph. Build composes the
// two, so that they are planned together.
//
// A stage is a function that takes the results of earlier stages and returns its
// own, so that stages cannot run in the wrong order:
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
//	              schedules            schedules.go           (the same)
//	              events               events.go, notify.go
//	              host records, order  stack.go
//
// Outputs is the table of what a graph makes and how to find it: names in AWS,
// private names, URLs. Other packages take these from there and derive none.
//
// It may import app, project (for the places in notices), engine and the
// structs of internal/aws/SERVICE; never the AWS SDK. A new kind of resource goes
// into the stage that it belongs to, or becomes a stage with its own file and a
// call in BuildEnvironment or BuildStack, and gets a case in testdata.
package blueprint
