package catalog

import (
	"path"
	"slices"
	"strings"
)

// Image is what the catalog knows about a widely used image.
type Image struct {
	// Name is the last part of the image's name, or owner and name.
	Name string
	// HTTP and Other are the ports that speak HTTP and other protocols. The HTTP
	// interface of a database or a broker counts as Other: it should not be public.
	HTTP, Other []int
	// Stateful images keep data in the container.
	Stateful bool
	// Alone images have files that only one task may write: databases, and
	// applications that contain one.
	Alone bool
	// Elsewhere are the variables that show that an application uses a database of
	// another service; a second task is safe then.
	Elsewhere []string
}

// images are all images. They are found by the last part of their name, or by
// owner and name if the last part is ambiguous.
func images() []Image {
	return slices.Concat(storeImages(), webImages(), applicationImages())
}

// storeImages are databases, caches, queues and similar images.
func storeImages() []Image {
	return []Image{
		{Name: "postgres", Other: []int{5432}, Stateful: true, Alone: true},
		{Name: "pgvector", Other: []int{5432}, Stateful: true, Alone: true},
		{Name: "postgresql", Other: []int{5432}, Stateful: true, Alone: true},
		{Name: "postgis", Other: []int{5432}, Stateful: true, Alone: true},
		{Name: "timescaledb", Other: []int{5432}, Stateful: true, Alone: true},
		{Name: "timescaledb-ha", Other: []int{5432}, Stateful: true, Alone: true},
		{Name: "pgbouncer", Other: []int{5432, 6432}},
		{Name: "mysql", Other: []int{3306, 33060}, Stateful: true, Alone: true},
		{Name: "mariadb", Other: []int{3306}, Stateful: true, Alone: true},
		{Name: "percona", Other: []int{3306}, Stateful: true, Alone: true},
		{Name: "redis", Other: []int{6379}, Stateful: true, Alone: true},
		{Name: "redis-stack", Other: []int{6379, 8001}, Stateful: true, Alone: true},
		{Name: "redis-stack-server", Other: []int{6379}, Stateful: true, Alone: true},
		{Name: "valkey", Other: []int{6379}, Stateful: true, Alone: true},
		{Name: "keydb", Other: []int{6379}, Stateful: true, Alone: true},
		{Name: "dragonfly", Other: []int{6379}, Stateful: true, Alone: true},
		{Name: "memcached", Other: []int{11211}},
		{Name: "mongo", Other: []int{27017}, Stateful: true, Alone: true},
		{Name: "mongodb", Other: []int{27017}, Stateful: true, Alone: true},
		{Name: "ferretdb", Other: []int{27017}},
		{Name: "cassandra", Other: []int{9042}, Stateful: true, Alone: true},
		{Name: "scylla", Other: []int{9042, 9142, 9160, 9180, 10000}, Stateful: true, Alone: true},
		{Name: "cockroach", Other: []int{26257, 8080}, Stateful: true, Alone: true},
		{Name: "clickhouse-server", Other: []int{8123, 9000}, Stateful: true, Alone: true},
		{Name: "elasticsearch", Other: []int{9200, 9300}, Stateful: true, Alone: true},
		{Name: "opensearch", Other: []int{9200, 9600}, Stateful: true, Alone: true},
		{Name: "couchdb", Other: []int{4369, 5984, 9100}, Stateful: true, Alone: true},
		{Name: "couchbase", Other: []int{8091, 8092, 8093, 8094, 11210}, Stateful: true, Alone: true},
		{Name: "arangodb", Other: []int{8529}, Stateful: true, Alone: true},
		{Name: "rethinkdb", Other: []int{8080, 28015, 29015}, Stateful: true, Alone: true},
		{Name: "surrealdb", Other: []int{8000}, Stateful: true, Alone: true},
		{Name: "questdb", Other: []int{8812, 9000, 9009}, Stateful: true, Alone: true},
		{Name: "victoria-metrics", Other: []int{8428}, Stateful: true, Alone: true},
		{Name: "influxdb", Other: []int{8086}, Stateful: true, Alone: true},
		{Name: "neo4j", Other: []int{7474, 7687}, Stateful: true, Alone: true},
		{Name: "qdrant", Other: []int{6333, 6334}, Stateful: true, Alone: true},
		{Name: "milvus", Other: []int{9091, 19530}, Stateful: true, Alone: true},
		{Name: "rabbitmq", Other: []int{5672, 15672}, Stateful: true, Alone: true},
		{Name: "nats", Other: []int{4222, 6222, 8222}, Alone: true},
		{Name: "kafka", Other: []int{9092}, Stateful: true, Alone: true},
		{Name: "cp-kafka", Other: []int{9092}, Stateful: true, Alone: true},
		{Name: "cp-server", Other: []int{9092}, Stateful: true, Alone: true}, // https://github.com/confluentinc/kafka-images/blob/03c75d968d/server/Dockerfile.ubi8
		{Name: "redpanda", Other: []int{8081, 8082, 9092, 9644, 33145}, Stateful: true, Alone: true},
		{Name: "zookeeper", Other: []int{2181}, Stateful: true, Alone: true},
		{Name: "cp-zookeeper", Other: []int{2181}, Stateful: true, Alone: true},
		{Name: "etcd", Other: []int{2379, 2380}, Stateful: true, Alone: true},
		{Name: "eclipse-mosquitto", Other: []int{1883, 9001}},
		{Name: "vault", Other: []int{8200}, Stateful: true, Alone: true},
		{Name: "consul", Other: []int{8500, 8600}, Stateful: true, Alone: true},
	}
}

// webImages are servers and applications that speak HTTP.
func webImages() []Image {
	return []Image{
		{Name: "mailhog", HTTP: []int{8025}, Other: []int{1025}},
		{Name: "mailpit", HTTP: []int{8025}, Other: []int{1025}},
		{Name: "minio", HTTP: []int{9000, 9001}, Stateful: true, Alone: true},
		{Name: "nginx", HTTP: []int{80}, Other: []int{443}},
		{Name: "httpd", HTTP: []int{80}},
		{Name: "caddy", HTTP: []int{80}, Other: []int{443}},
		{Name: "traefik", HTTP: []int{80}, Other: []int{443}},
		{Name: "traefik/whoami", HTTP: []int{80}},
		{Name: "wordpress", HTTP: []int{80}},
		{Name: "ghost", HTTP: []int{2368}, Stateful: true},
		{Name: "grafana", HTTP: []int{3000}, Alone: true, Elsewhere: []string{"GF_DATABASE_TYPE", "GF_DATABASE_URL"}},
		{Name: "prometheus", HTTP: []int{9090}, Stateful: true, Alone: true},
		{Name: "metabase", HTTP: []int{3000}, Alone: true, Elsewhere: []string{"MB_DB_TYPE", "MB_DB_CONNECTION_URI"}},
		{Name: "n8n", HTTP: []int{5678}, Alone: true, Elsewhere: []string{"DB_TYPE"}},
		{Name: "nocodb", HTTP: []int{8080}, Alone: true, Elsewhere: []string{"NC_DB", "NC_DB_JSON", "DATABASE_URL"}},
		{Name: "imgproxy", HTTP: []int{8080}},
		{Name: "huginn", HTTP: []int{3000}},
		{Name: "adminer", HTTP: []int{8080}},
		{Name: "phpmyadmin", HTTP: []int{80}},
		{Name: "keycloak", HTTP: []int{8080}},
		{Name: "graphql-engine", HTTP: []int{8080}},
		{Name: "http-echo", HTTP: []int{5678}},
		{Name: "openai-access-gateway", HTTP: []int{80}},
		{Name: "litellm", HTTP: []int{4000}},
		{Name: "ollama", HTTP: []int{11434}, Stateful: true},
		{Name: "vllm", HTTP: []int{8000}},
		{Name: "registry", HTTP: []int{5000}, Stateful: true},
		{Name: "gitea", HTTP: []int{3000}, Other: []int{22}, Stateful: true, Alone: true},
	}
}

// Find returns the catalog's entry for an image; ok is false if there is none.
func Find(image string) (known Image, ok bool) {
	name, _ := Name(image)
	last := path.Base(name)
	var found Image
	for _, k := range images() {
		if k.Name == name || strings.HasSuffix(name, "/"+k.Name) && strings.Contains(k.Name, "/") {
			return k, true
		}
		if k.Name == last {
			found = k
		}
	}
	return found, found.Name != "" && last != ""
}

// webPort is a range of ports that usually speak HTTP.
type webPort struct {
	from, to int
	usage    string
}

// webPorts are the port numbers that berth assumes to speak HTTP if the file and
// the catalog do not say.
func webPorts() []webPort {
	return []webPort{
		{80, 81, "HTTP"}, {1337, 1337, "Sails, Strapi"}, {3000, 3099, "Node.js, Rails, Grafana"}, {4000, 4001, "Phoenix"},
		{4200, 4200, "Angular"}, {4321, 4321, "Astro"}, {5000, 5001, "Flask, ASP.NET"}, {5173, 5174, "Vite"},
		{7860, 7860, "Gradio"}, {8000, 8099, "Django, FastAPI, Java"}, {8501, 8501, "Streamlit"}, {8787, 8787, "Hono"},
		{8888, 8888, "Jupyter"}, {9090, 9090, "Prometheus"},
	}
}

// PortRow is a row of the table by which berth decides which ports speak HTTP.
type PortRow struct {
	// Image is the last part of an image's name; empty for a rule by number.
	Image string `json:"image,omitempty"`
	// From and To are the ports.
	From int  `json:"from"`
	To   int  `json:"to"`
	HTTP bool `json:"http"`
	// Usage names the software that uses the port.
	Usage string `json:"usage"`
}

// Ports is the table of images and ports by which berth decides which ports speak
// HTTP, for users to read.
func Ports() []PortRow {
	var out []PortRow
	for _, k := range images() {
		for _, p := range k.HTTP {
			out = append(out, PortRow{Image: k.Name, From: p, To: p, HTTP: true, Usage: k.Name})
		}
		for _, p := range k.Other {
			out = append(out, PortRow{Image: k.Name, From: p, To: p, Usage: k.Name})
		}
	}
	for _, p := range webPorts() {
		out = append(out, PortRow{From: p.from, To: p.to, HTTP: true, Usage: p.usage})
	}
	return out
}

// IsWeb says whether a port is one that usually speaks HTTP.
func IsWeb(port int) bool {
	for _, p := range webPorts() {
		if port >= p.from && port <= p.to {
			return true
		}
	}
	return false
}
