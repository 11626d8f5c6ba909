package outline_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// stores is a project with everything that holds data.
const stores = `name: stores
services:
  web:
    image: nginx:1.29
    ports: ["80:80"]
    depends_on: [db]
    healthcheck: { test: ["CMD", "true"] }
    volumes: ["files:/data"]
  db:
    image: postgres:16
    x-berth: { managed: { allow_downtime: true } }
  cache:
    image: redis:7.4
    x-berth: { managed: true }
volumes: { files: {} }
`

// tmpfs is a project with a folder in memory.
const tmpfs = `name: tmpfs
services:
  web:
    image: nginx:1.29
    expose: ["80"]
    healthcheck: { test: ["CMD", "true"] }
    tmpfs: ["/tmp:size=64m"]
`

// configs is a project with the two kinds of files that berth writes into tasks.
const configs = `name: configs
services:
  web:
    image: nginx:1.29
    expose: ["80"]
    healthcheck: { test: ["CMD", "true"] }
    configs: [{ source: site, target: /run/configs/site.conf }, { source: other, target: /run/configs/other.conf }]
configs:
  site: { content: "listen 80" }
  other: { content: "a=1" }
`

// built is a project whose image is built, with an argument.
const built = `name: built
services:
  web:
    build: { context: ., dockerfile_inline: "FROM nginx:1.29", args: { RELEASE: "1" } }
    expose: ["80"]
    healthcheck: { test: ["CMD", "true"] }
`

// shop is the example of the documentation.
func shop(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../examples/shop/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// onInstances is a project whose tasks run on instances of all kinds.
const onInstances = `name: instances
x-berth: { network: { tasks: private, nat: single } }
services:
  managed: { image: "api:1", x-berth: { capacity: managed } }
  own:
    image: web:1
    x-berth: { capacity: ec2, instances: { vcpu: 2, max: 3 } }
  shared: { image: "api:1", x-berth: { capacity: ec2 } }
  fargate: { image: "api:1" }
`

// sidecars is a project with a proxy in front and a container that ends.
const sidecars = `name: sidecars
services:
  web:
    image: web:1
    expose: ["3000"]
    healthcheck: { test: ["CMD", "true"] }
    deploy: { resources: { limits: { cpus: "0.5", memory: 1G } } }
    depends_on: { assets: { condition: service_completed_successfully } }
  envoy:
    image: envoy:1
    network_mode: "service:web"
    ports: ["80:8080"]
    environment: { LOG_LEVEL: info }
    deploy: { resources: { limits: { cpus: "0.25", memory: 256M } } }
    x-berth: { protocol: http }
  assets:
    image: assets:1
    x-berth: { sidecar_of: web }
`

// many is a project of n services.
func many(n int) string {
	var b strings.Builder
	b.WriteString("name: many\nservices:\n")
	for i := range n {
		fmt.Fprintf(&b, "  service-%02d:\n    image: registry.example.com/a-team/of-ours/service-%02d:2026-11-30\n", i, i)
		fmt.Fprintf(&b, "    expose: [\"8080\"]\n    deploy: { replicas: %d }\n", 1+i%3)
		if i%10 == 0 {
			fmt.Fprintf(&b, "    ports: [\"%d:8080\"]\n    x-berth: { protocol: http }\n", 8000+i)
		}
	}
	return b.String()
}

// secrets is a project whose web server has a secret, and a text with one in it.
const secrets = `name: secrets
services:
  web:
    image: nginx:1.29
    command: ["serve"]
    environment:
      LEVEL: info
      OLD: "1"
      URL: "https://user:${PW}@example.com"
      TOKEN:
`
