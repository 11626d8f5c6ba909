package why_test

import (
	"maps"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/sandbox"
)

// fault is a change of the world's state, and what the first line says of it. The
// texts that AWS gives for it are the sandbox's, which has their sources.
type fault struct {
	// file is deployed first; next, if there is one, after breaks.
	file, next string
	// options change the world.
	options func(*sandbox.Options)
	// before comes before the first deployment.
	before func(t *testing.T, g *ground)
	breaks func(t *testing.T, g *ground)
	// wait is how long after that the question is asked; a minute without.
	wait time.Duration
	// of is what is asked about; web without.
	of string
	// says and also are what the first line contains.
	says string
	also []string
}

const (
	plain = `
name: shop
services:
  web:
    image: nginx:1.29
    expose: ["80"]
    healthcheck: { test: ["CMD", "true"] }
`
	public = `
name: shop
services:
  web:
    image: nginx:1.29
    ports: ["8080:80"]
    x-berth: { health: { path: /up } }
`
	withSecret = `
name: shop
services:
  web:
    image: nginx:1.29
    expose: ["80"]
    environment: { TOKEN: null }
`
	withRole = `
name: shop
services:
  web:
    image: nginx:1.29
    expose: ["80"]
    x-berth: { policies: [AmazonS3ReadOnlyAccess] }
`
	withDatabase = `
name: shop
services:
  web:
    image: sandbox/needs:db-5432
    expose: ["80"]
    depends_on: [db]
  db:
    image: postgres:16
    environment: { POSTGRES_DB: shop }
    x-berth: { managed: true }
`
	ownImage = `
name: shop
services:
  web:
    image: 123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:1
    expose: ["80"]
`
)

// faults are the faults by name.
func faults() map[string]fault {
	all := map[string]fault{
		"the execution role is deleted": {
			file: plain, breaks: func(t *testing.T, g *ground) { g.deleteRole(t, g.executionRole(t)); g.stopTasks(t) },
			says: "the execution role", wait: 3 * time.Minute,
		},
		"the parameter of a secret is deleted": {
			file: withSecret, before: func(t *testing.T, g *ground) { g.SetSecret(t, "shop-dev", "TOKEN", "x") },
			breaks: func(t *testing.T, g *ground) { g.deleteParameter(t, "/berth/shop-dev/TOKEN"); g.stopTasks(t) },
			says:   "the secret TOKEN does not exist",
		},
		"the log group is deleted": {
			file: plain, breaks: func(t *testing.T, g *ground) { g.deleteLogGroup(t); g.stopTasks(t) },
			wait: 2 * time.Minute, says: "the log group",
		},
		"the image is deleted from the registry": {
			file: ownImage, before: func(t *testing.T, g *ground) { g.push(t, "web", "1") },
			breaks: func(t *testing.T, g *ground) { g.deleteImage(t, "web", "1"); g.stopTasks(t) },
			wait:   2 * time.Minute, says: "the image web:1 is not in the registry",
		},
		"the route to the internet is removed": {
			file: plain, breaks: func(t *testing.T, g *ground) { g.deleteRoutes(t); g.stopTasks(t) },
			wait: 5 * time.Minute, says: "no route to the internet",
		},
		"the program ends with an exit code": {
			file: plain, next: swap(plain, "nginx:1.29", "sandbox/exit:3"), says: "exit code 3",
		},
		"the memory is over the limit": {
			file: plain, breaks: func(t *testing.T, g *ground) { g.World.StopRandomTask() },
			wait: 5 * time.Second, says: "more memory than its limit",
		},
		"the health path answers 404": {
			file: public, next: swap(public, "nginx:1.29", "sandbox/answers:404"), says: "GET /up on port 80 with 404", wait: time.Second,
		},
		"the balancer may not reach the tasks": {
			file: public, breaks: func(t *testing.T, g *ground) { g.revokeIngress(t); g.stopTasks(t) },
			wait: 5 * time.Minute, says: "lets nothing in from the load balancer on port 80",
		},
		"the account has no vCPUs left": {
			file: plain, options: func(o *sandbox.Options) { o.Quotas = map[string]int{"fargate vcpu": 0} },
			says: "the account's quota of vCPUs",
		},
	}
	for _, more := range []map[string]fault{roleFaults(), secretFaults(), imageFaults(), networkFaults(), exitFaults(), healthFaults(), stopFaults(), volumeFaults(), alarmFaults(), outsideFaults()} {
		maps.Copy(all, more)
	}
	return all
}
