package why_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox"
)

// roleFaults are about roles and their rights.
func roleFaults() map[string]fault {
	denied := func(file, keep, says string) fault {
		return fault{
			file: file, says: says, wait: 2 * time.Minute,
			before: func(t *testing.T, g *ground) {
				g.SetSecret(t, "shop-dev", "TOKEN", "x")
				g.push(t, "web", "1")
			},
			breaks: func(t *testing.T, g *ground) {
				g.emptyRole(t, g.executionRole(t))
				if keep != "" {
					g.allow(t, g.executionRole(t), keep)
				}
				g.stopTasks(t)
			},
		}
	}
	return map[string]fault{
		"the task role is deleted": {
			file: withRole, breaks: func(t *testing.T, g *ground) { g.deleteRole(t, nameOf(*g.definition(t).TaskRoleArn)); g.stopTasks(t) },
			says: "the task role", wait: 3 * time.Minute,
		},
		"the execution role trusts somebody else": {
			file: plain, breaks: func(t *testing.T, g *ground) { g.trust(t, g.executionRole(t), "lambda.amazonaws.com"); g.stopTasks(t) },
			says: "its trust policy lacks ecs-tasks.amazonaws.com", wait: 3 * time.Minute,
		},
		"the execution role may not read parameters": denied(withSecret, "", "may not ssm:GetParameters"),
		"the execution role may not log in to ECR":   denied(ownImage, "", "may not ecr:GetAuthorizationToken"),
		"the execution role may not pull":            denied(ownImage, `"ecr:GetAuthorizationToken"`, "may not ecr:BatchGetImage"),
		"the execution role may not write logs":      denied(plain, "", "may not logs:CreateLogStream"),
		"a policy denies the execution role a right": {
			file: withSecret, before: func(t *testing.T, g *ground) { g.SetSecret(t, "shop-dev", "TOKEN", "x") },
			breaks: func(t *testing.T, g *ground) { g.quarantine(t, g.executionRole(t), `"ssm:*"`); g.stopTasks(t) },
			says:   "may not ssm:GetParameters: an identity-based policy denies it", wait: 2 * time.Minute,
		},
		"the program calls AWS without a right": {
			file: plain, next: swap(plain, "nginx:1.29", "sandbox/calls:s3-ListAllMyBuckets"), says: "may not s3:ListAllMyBuckets",
		},
	}
}

// secretFaults are about secrets in Secrets Manager.
func secretFaults() map[string]fault {
	in := func(reference string) string {
		return swap(plain, `    expose: ["80"]`, "    expose: [\"80\"]\n    secrets: [{source: token, target: TOKEN}]") +
			"secrets:\n  token: {external: true, name: \"" + reference + "\"}\n"
	}
	return map[string]fault{
		"the secret is about to be deleted": {
			file: in("{ARN}"), before: func(t *testing.T, g *ground) { g.secret(t, "token", "x") },
			breaks: func(t *testing.T, g *ground) { g.deleteSecret(t, "token", false); g.stopTasks(t) },
			says:   "the secret token in Secrets Manager is about to be deleted",
		},
		"the secret is deleted": {
			file: in("{ARN}"), before: func(t *testing.T, g *ground) { g.secret(t, "token", "x") },
			breaks: func(t *testing.T, g *ground) { g.deleteSecret(t, "token", true); g.stopTasks(t) },
			says:   "the secret token does not exist in Secrets Manager",
		},
		"the secret has lost a key": {
			file: in("{ARN}:password::"), before: func(t *testing.T, g *ground) { g.secret(t, "token", `{"password":"x"}`) },
			breaks: func(t *testing.T, g *ground) { g.secret(t, "token", `{"user":"x"}`); g.stopTasks(t) },
			says:   "has no JSON key password",
		},
		"the secret is emptied": {
			file: in("{ARN}"), before: func(t *testing.T, g *ground) { g.secret(t, "token", "x") },
			breaks: func(t *testing.T, g *ground) { g.secret(t, "token", ""); g.stopTasks(t) },
			says:   "the secret token in Secrets Manager has no value",
		},
	}
}

// imageFaults are about images.
func imageFaults() map[string]fault {
	return map[string]fault{
		"the repository is deleted": {
			file: ownImage, before: func(t *testing.T, g *ground) { g.push(t, "web", "1") },
			breaks: func(t *testing.T, g *ground) { g.deleteRepository(t, "web"); g.stopTasks(t) },
			says:   "the repository web of the image does not exist", wait: 2 * time.Minute,
		},
		"there is no such image": {
			file: plain, next: swap(plain, "nginx:1.29", "sandbox/pull-error"), says: "the image sandbox/pull-error cannot be pulled",
		},
		"Docker Hub refuses more pulls": {
			file: plain, breaks: func(t *testing.T, g *ground) { sandbox.LimitPulls(g.World); g.stopTasks(t) },
			says: "Docker Hub refuses more anonymous pulls", wait: 3 * time.Minute,
		},
		"the image index lacks the architecture": {
			file: plain, next: swap(plain, "nginx:1.29", "sandbox/index-of:arm64"), says: "is not built for linux/amd64",
		},
		"the image is for another architecture": {
			file: plain, next: swap(plain, "nginx:1.29", "sandbox/built-for:arm64"), says: "is for another architecture than linux/amd64",
		},
		"the command is not in the image": {
			file: plain, next: swap(plain, "image: nginx:1.29", "image: sandbox/programs:serve\n    command: [\"srv\"]"), says: "the command srv is not in the image",
		},
	}
}

// networkFaults are about the network and the capacity.
func networkFaults() map[string]fault {
	return map[string]fault{
		"the NAT gateway is deleted": {
			file: plain + "x-berth: {preset: balanced}\n", breaks: func(t *testing.T, g *ground) { g.deleteNAT(t); g.stopTasks(t) },
			says: "the NAT gateway", wait: 6 * time.Minute,
		},
		"the tasks have no public address": {
			file: plain, breaks: func(t *testing.T, g *ground) { g.withoutAddress(t) }, says: "the tasks have no public address", wait: 4 * time.Minute,
		},
		"a security group is deleted": {
			file: plain, breaks: func(t *testing.T, g *ground) {
				groups := g.service(t).NetworkConfiguration.AwsvpcConfiguration.SecurityGroups
				g.emptied(t, func() { g.deleteGroups(t, groups) })
			},
			says: "the security group sg-", also: []string{"does not exist any more"}, wait: 2 * time.Minute,
		},
		"a subnet is deleted": {
			file: plain, breaks: func(t *testing.T, g *ground) {
				subnets := g.service(t).NetworkConfiguration.AwsvpcConfiguration.Subnets
				g.emptied(t, func() { g.deleteSubnet(t, subnets[0]) })
			},
			says: "the subnet subnet-", also: []string{"does not exist any more"}, wait: 2 * time.Minute,
		},
		"EC2 makes no network interfaces": {
			file: plain, breaks: func(t *testing.T, g *ground) { sandbox.HoldInterfaces(g.World, true); g.stopTasks(t) },
			says: "AWS made no network interface for the task in time", wait: 2 * time.Minute,
		},
		"a sibling listens elsewhere": {
			file: swap(plain, "nginx:1.29", "sandbox/needs:api-80") + "  api: {image: \"sandbox/listens:3000\", expose: [\"80\"]}\n",
			says: "the program could not connect to", wait: 3 * time.Minute,
		},
		"the subnets are full": {
			file: plain, breaks: func(t *testing.T, g *ground) { g.fillSubnets(t); g.stopTasks(t) }, says: "has no free addresses", wait: 2 * time.Minute,
		},
		"Fargate has no capacity": {
			file: plain, breaks: func(t *testing.T, g *ground) { sandbox.FillFargate(g.World, true); g.stopTasks(t) },
			says: "no capacity on Fargate", wait: 2 * time.Minute,
		},
		"the target group is deleted": {
			file: public, breaks: func(t *testing.T, g *ground) { g.deleteTargetGroup(t); g.stopTasks(t) },
			says: "the target group", wait: 3 * time.Minute,
		},
		"the listener rule is deleted": {
			file: public, breaks: func(t *testing.T, g *ground) { g.deleteRules(t) }, says: "no listener rule", wait: time.Minute,
		},
		"the listener is deleted": {
			file: public, breaks: func(t *testing.T, g *ground) { g.deleteListeners(t); g.stopTasks(t) }, says: "no listener rule", wait: 3 * time.Minute,
		},
	}
}

// exitFaults are about how programs end.
func exitFaults() map[string]fault {
	ends := func(image, says string) fault {
		return fault{file: plain, next: swap(plain, "nginx:1.29", image), says: says}
	}
	job := plain + "  migrate: {image: nginx:1.29, restart: \"no\"}\n"
	return map[string]fault{
		"the program takes more memory than there is": ends("sandbox/uses:700m", "used more memory than its limit of 512 MiB"),
		"the program ends with 0":                     ends("sandbox/exit:0", "ended by itself with exit code 0"),
		"the command is not found":                    ends("sandbox/exit:127", "was not found in the image"),
		"the command cannot be executed":              ends("sandbox/exit:126", "cannot be executed"),
		"the program is killed":                       ends("sandbox/exit:137", "was killed"),
		"the program has a segmentation fault":        ends("sandbox/exit:139", "segmentation fault"),
		"the program ends itself by a signal":         ends("sandbox/exit:143", "SIGTERM"),
		"a name does not resolve":                     ends("sandbox/resolve:db", "could not resolve the name db"),
		"a port does not answer":                      ends("sandbox/connect:web-5432", "could not"),
		"the disk is full":                            ends("sandbox/writes:30g", "the disk of the task is full"),
		"another container has the port": {
			file: plain, next: swap(plain, "nginx:1.29", "sandbox/listens:80") +
				"  proxy: {image: \"sandbox/listens:80\", x-berth: {sidecar_of: web}}\n",
			says: "another container of the task has its port",
		},
		"a sidecar ends": {
			file: plain, next: plain + "  proxy: {image: \"sandbox/exit:3\", x-berth: {sidecar_of: web, essential: true}}\n",
			says: "exit code 3: the program of container proxy failed",
		},
		"a sidecar is never healthy": {
			file: plain,
			next: swap(plain, `    expose: ["80"]`, "    expose: [\"80\"]\n    depends_on: {proxy: {condition: service_healthy}}") +
				"  proxy: {image: sandbox/never-healthy, x-berth: {sidecar_of: web}, healthcheck: {test: [CMD, \"true\"], interval: 5s, retries: 2}}\n",
			says: "container proxy", wait: time.Second,
		},
		"a sidecar that others wait for fails": {
			file: plain,
			next: swap(plain, `    expose: ["80"]`, "    expose: [\"80\"]\n    depends_on: {init: {condition: service_completed_successfully}}") +
				"  init: {image: \"sandbox/exit:3\", x-berth: {sidecar_of: web}}\n",
			says: "container init", wait: time.Second,
		},
		"a job fails": {file: job, next: swap(job, "{image: nginx:1.29, r", "{image: \"sandbox/exit:4\", r"), of: "migrate", says: "exit code 4"},
	}
}

// healthFaults are about health checks.
func healthFaults() map[string]fault {
	answers := func(status, says string) fault {
		return fault{file: public, next: swap(public, "nginx:1.29", "sandbox/answers:"+status), says: says, wait: time.Second}
	}
	return map[string]fault{
		"the health path needs a login":       answers("401", "with 401"),
		"the program answers with errors":     answers("503", "GET /up on port 80 with 503"),
		"the program listens elsewhere":       {file: public, next: swap(public, "nginx:1.29", "sandbox/listens:3000"), says: "nothing of web listens on port 80", wait: time.Second},
		"the program never answers":           {file: public, next: swap(public, "nginx:1.29", "sandbox/never-healthy"), says: "does not answer the health check GET /up on port 80", wait: time.Second},
		"the health check of a service fails": {file: plain, next: swap(plain, "nginx:1.29", "sandbox/never-healthy"), says: "the health check fails: true", wait: time.Second},
		"the program starts too slowly":       {file: plain, next: swap(plain, "nginx:1.29", "sandbox/slow:10m"), says: "the health check fails: true", wait: time.Second},
	}
}

// stopFaults are about tasks that somebody stops, and about services as such.
func stopFaults() map[string]fault {
	return map[string]fault{
		"AWS takes Spot back": {
			file:   swap(plain, "    expose", "    x-berth: {spot: true}\n    deploy: {replicas: 3}\n    expose"),
			breaks: func(_ *testing.T, g *ground) { sandbox.InterruptSpot(g.World) }, says: "AWS took the Spot capacity", wait: 50 * time.Second,
		},
		"AWS maintains the machine": {
			file: plain, breaks: func(_ *testing.T, g *ground) { sandbox.Maintain(g.World) }, says: "AWS replaced a task to maintain", wait: 50 * time.Second,
		},
		"somebody stops the task": {
			file: plain, breaks: func(t *testing.T, g *ground) { g.stopTasks(t) }, says: "somebody stopped the task", wait: 45 * time.Second,
		},
		"somebody sets the count to zero": {
			file: plain, breaks: func(t *testing.T, g *ground) { g.scale(t, 0) }, says: "the service's count is 0",
		},
		"the service is deleted": {
			file: plain, breaks: func(t *testing.T, g *ground) { g.deleteService(t) }, says: "it is not deployed", wait: 5 * time.Minute,
		},
		"the service is being deleted": {
			file: plain, breaks: func(t *testing.T, g *ground) { g.deleteService(t) }, says: "it is being deleted", wait: time.Second,
		},
		"the first deployment failed long ago": {
			file: swap(plain, "nginx:1.29", "sandbox/exit:3"), says: "the deployment failed because too many of its tasks did", wait: 2 * time.Hour,
		},
		"the role that moves the traffic loses its rights": {
			file: swap(public, "x-berth: {", "x-berth: { rollout: {strategy: canary},"),
			next: swap(swap(public, "x-berth: {", "x-berth: { rollout: {strategy: canary},"), "nginx:1.29", "nginx:1.30"),
			breaks: func(t *testing.T, g *ground) {
				g.emptyRole(t, nameOf(*g.service(t).LoadBalancers[0].AdvancedConfiguration.RoleArn))
			},
			says: "may not elasticloadbalancing:", wait: 30 * time.Minute,
		},
		"the database is stopped": {
			file: withDatabase, of: "db", breaks: func(t *testing.T, g *ground) { g.stoppedDatabases(t) }, says: "the database is stopped",
		},
		"somebody stops the database": {
			file: withDatabase, of: "db", breaks: func(t *testing.T, g *ground) { g.stopDatabases(t) }, says: "the database is stopping",
		},
		"the database of a program is stopped": {
			file: withDatabase, breaks: func(t *testing.T, g *ground) { g.stoppedDatabases(t); g.stopTasks(t) },
			says: "the database db is stopped", wait: 3 * time.Minute,
		},
		"somebody stops the deployment": {
			file: plain, breaks: func(t *testing.T, g *ground) { g.stopDeployment(t, types.StopServiceDeploymentStopTypeRollback) },
			says: "somebody stopped the last deployment", wait: time.Second,
		},
	}
}

// alarmFaults are about alarms that end deployments.
func alarmFaults() map[string]fault {
	canary := swap(public, "x-berth: {", "x-berth: { rollout: {strategy: canary, alarms: [shop-slow]},")
	return map[string]fault{
		"an alarm stops the deployment": {
			file: canary, next: swap(canary, "nginx:1.29", "nginx:1.30"), says: "an alarm stopped the deployment: shop-slow",
			before: func(t *testing.T, g *ground) { g.alarm(t, "shop-slow") },
			breaks: func(t *testing.T, g *ground) {
				go func() {
					time.Sleep(6 * time.Minute)
					g.setAlarm(t, "shop-slow")
				}()
			},
		},
	}
}

// volumeFaults are about file systems.
func volumeFaults() map[string]fault {
	file := swap(plain, `    expose: ["80"]`, "    expose: [\"80\"]\n    volumes: [\"data:/data\"]") + "volumes: {data: {}}\n"
	return map[string]fault{
		"the mount targets are deleted": {
			file: file, breaks: func(t *testing.T, g *ground) { g.deleteMountTargets(t); g.stopTasks(t) }, says: "its mount target", wait: 3 * time.Minute,
		},
		"the file system lets nothing in": {
			file: file, breaks: func(t *testing.T, g *ground) { g.blockFiles(t); g.stopTasks(t) }, says: "port 2049", wait: 3 * time.Minute,
		},
		"the access point is deleted": {
			file: file, breaks: func(t *testing.T, g *ground) { g.deleteAccessPoints(t); g.stopTasks(t) }, says: "the access point", wait: 3 * time.Minute,
		},
		"the task role may not mount": {
			file: file, breaks: func(t *testing.T, g *ground) { g.emptyRole(t, nameOf(*g.definition(t).TaskRoleArn)); g.stopTasks(t) },
			says: "the file system refuses the tasks", wait: 3 * time.Minute,
		},
	}
}
