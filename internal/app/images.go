package app

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// knownImage is what a widely used image listens to.
type knownImage struct {
	name string
	// http and other are the ports that speak HTTP and anything else. The HTTP
	// interface of a database or a broker counts as other: it is not for the
	// internet.
	http, other []int
	// stateful images keep data in the container.
	stateful bool
	// alone is an image whose files a second task must not write: a database, or
	// an application with one inside.
	alone bool
	// elsewhere are the variables that say that an application has its database
	// elsewhere; its files are safe then.
	elsewhere []string
}

// knownImages are found by the last part of their name, or by owner and name
// where the last part alone says little.
func knownImages() []knownImage {
	return slices.Concat(storeImages(), webImages(), applicationImages())
}

// storeImages are databases, caches, queues and their like.
func storeImages() []knownImage {
	return []knownImage{
		{name: "postgres", other: []int{5432}, stateful: true, alone: true},
		{name: "pgvector", other: []int{5432}, stateful: true, alone: true},
		{name: "postgresql", other: []int{5432}, stateful: true, alone: true},
		{name: "postgis", other: []int{5432}, stateful: true, alone: true},
		{name: "timescaledb", other: []int{5432}, stateful: true, alone: true},
		{name: "timescaledb-ha", other: []int{5432}, stateful: true, alone: true},
		{name: "pgbouncer", other: []int{5432, 6432}},
		{name: "mysql", other: []int{3306, 33060}, stateful: true, alone: true},
		{name: "mariadb", other: []int{3306}, stateful: true, alone: true},
		{name: "percona", other: []int{3306}, stateful: true, alone: true},
		{name: "redis", other: []int{6379}, stateful: true, alone: true},
		{name: "redis-stack", other: []int{6379, 8001}, stateful: true, alone: true},
		{name: "redis-stack-server", other: []int{6379}, stateful: true, alone: true},
		{name: "valkey", other: []int{6379}, stateful: true, alone: true},
		{name: "keydb", other: []int{6379}, stateful: true, alone: true},
		{name: "dragonfly", other: []int{6379}, stateful: true, alone: true},
		{name: "memcached", other: []int{11211}},
		{name: "mongo", other: []int{27017}, stateful: true, alone: true},
		{name: "mongodb", other: []int{27017}, stateful: true, alone: true},
		{name: "ferretdb", other: []int{27017}},
		{name: "cassandra", other: []int{9042}, stateful: true, alone: true},
		{name: "scylla", other: []int{9042, 9142, 9160, 9180, 10000}, stateful: true, alone: true},
		{name: "cockroach", other: []int{26257, 8080}, stateful: true, alone: true},
		{name: "clickhouse-server", other: []int{8123, 9000}, stateful: true, alone: true},
		{name: "elasticsearch", other: []int{9200, 9300}, stateful: true, alone: true},
		{name: "opensearch", other: []int{9200, 9600}, stateful: true, alone: true},
		{name: "couchdb", other: []int{4369, 5984, 9100}, stateful: true, alone: true},
		{name: "couchbase", other: []int{8091, 8092, 8093, 8094, 11210}, stateful: true, alone: true},
		{name: "arangodb", other: []int{8529}, stateful: true, alone: true},
		{name: "rethinkdb", other: []int{8080, 28015, 29015}, stateful: true, alone: true},
		{name: "surrealdb", other: []int{8000}, stateful: true, alone: true},
		{name: "questdb", other: []int{8812, 9000, 9009}, stateful: true, alone: true},
		{name: "victoria-metrics", other: []int{8428}, stateful: true, alone: true},
		{name: "influxdb", other: []int{8086}, stateful: true, alone: true},
		{name: "neo4j", other: []int{7474, 7687}, stateful: true, alone: true},
		{name: "qdrant", other: []int{6333, 6334}, stateful: true, alone: true},
		{name: "milvus", other: []int{9091, 19530}, stateful: true, alone: true},
		{name: "rabbitmq", other: []int{5672, 15672}, stateful: true, alone: true},
		{name: "nats", other: []int{4222, 6222, 8222}, alone: true},
		{name: "kafka", other: []int{9092}, stateful: true, alone: true},
		{name: "cp-kafka", other: []int{9092}, stateful: true, alone: true},
		{name: "redpanda", other: []int{8081, 8082, 9092, 9644, 33145}, stateful: true, alone: true},
		{name: "zookeeper", other: []int{2181}, stateful: true, alone: true},
		{name: "cp-zookeeper", other: []int{2181}, stateful: true, alone: true},
		{name: "etcd", other: []int{2379, 2380}, stateful: true, alone: true},
		{name: "eclipse-mosquitto", other: []int{1883, 9001}},
		{name: "vault", other: []int{8200}, stateful: true, alone: true},
		{name: "consul", other: []int{8500, 8600}, stateful: true, alone: true},
	}
}

// webImages are servers and applications that speak HTTP.
func webImages() []knownImage {
	return []knownImage{
		{name: "mailhog", http: []int{8025}, other: []int{1025}},
		{name: "mailpit", http: []int{8025}, other: []int{1025}},
		{name: "minio", http: []int{9000, 9001}, stateful: true, alone: true},
		{name: "nginx", http: []int{80}, other: []int{443}},
		{name: "httpd", http: []int{80}},
		{name: "caddy", http: []int{80}, other: []int{443}},
		{name: "traefik", http: []int{80}, other: []int{443}},
		{name: "traefik/whoami", http: []int{80}},
		{name: "wordpress", http: []int{80}},
		{name: "ghost", http: []int{2368}, stateful: true},
		{name: "grafana", http: []int{3000}, alone: true, elsewhere: []string{"GF_DATABASE_TYPE", "GF_DATABASE_URL"}},
		{name: "prometheus", http: []int{9090}, stateful: true, alone: true},
		{name: "metabase", http: []int{3000}, alone: true, elsewhere: []string{"MB_DB_TYPE", "MB_DB_CONNECTION_URI"}},
		{name: "n8n", http: []int{5678}, alone: true, elsewhere: []string{"DB_TYPE"}},
		{name: "nocodb", http: []int{8080}, alone: true, elsewhere: []string{"NC_DB", "NC_DB_JSON", "DATABASE_URL"}},
		{name: "imgproxy", http: []int{8080}},
		{name: "huginn", http: []int{3000}},
		{name: "adminer", http: []int{8080}},
		{name: "phpmyadmin", http: []int{80}},
		{name: "keycloak", http: []int{8080}},
		{name: "graphql-engine", http: []int{8080}},
		{name: "http-echo", http: []int{5678}},
		{name: "openai-access-gateway", http: []int{80}},
		{name: "litellm", http: []int{4000}},
		{name: "ollama", http: []int{11434}, stateful: true},
		{name: "vllm", http: []int{8000}},
		{name: "registry", http: []int{5000}, stateful: true},
		{name: "gitea", http: []int{3000}, other: []int{22}, stateful: true, alone: true},
	}
}

// known is what the table says of the workload's image, or of the image that
// a build starts from.
func (w *workload) known() (knownImage, bool) {
	if w.Build == nil {
		return findImage(w.Image)
	}
	return findImage(w.dockerfile().from)
}

func findImage(image string) (knownImage, bool) {
	name, _ := imageName(image)
	last := path.Base(name)
	var found knownImage
	for _, k := range knownImages() {
		if k.name == name || strings.HasSuffix(name, "/"+k.name) && strings.Contains(k.name, "/") {
			return k, true
		}
		if k.name == last {
			found = k
		}
	}
	return found, found.name != "" && last != ""
}

// webPort is a range of ports that usually speak HTTP.
type webPort struct {
	from, to int
	usage    string
}

// webPorts are the port numbers that are taken for HTTP when nothing else
// tells what is spoken.
func webPorts() []webPort {
	return []webPort{
		{80, 81, "HTTP"}, {1337, 1337, "Sails, Strapi"}, {3000, 3099, "Node.js, Rails, Grafana"}, {4000, 4001, "Phoenix"},
		{4200, 4200, "Angular"}, {4321, 4321, "Astro"}, {5000, 5001, "Flask, ASP.NET"}, {5173, 5174, "Vite"},
		{7860, 7860, "Gradio"}, {8000, 8099, "Django, FastAPI, Java"}, {8501, 8501, "Streamlit"}, {8787, 8787, "Hono"},
		{8888, 8888, "Jupyter"}, {9090, 9090, "Prometheus"},
	}
}

// PortRow is a row of the table by which berth tells what is HTTP.
type PortRow struct {
	// Image is the last part of an image's name; empty for a rule by number.
	Image string `json:"image,omitempty"`
	// From and To are the ports.
	From int  `json:"from"`
	To   int  `json:"to"`
	HTTP bool `json:"http"`
	// Usage names who uses the port.
	Usage string `json:"usage"`
}

// PortTable is the table of images and ports by which berth tells what is
// HTTP, for people to read.
func PortTable() []PortRow {
	var out []PortRow
	for _, k := range knownImages() {
		for _, p := range k.http {
			out = append(out, PortRow{Image: k.name, From: p, To: p, HTTP: true, Usage: k.name})
		}
		for _, p := range k.other {
			out = append(out, PortRow{Image: k.name, From: p, To: p, Usage: k.name})
		}
	}
	for _, p := range webPorts() {
		out = append(out, PortRow{From: p.from, To: p.to, HTTP: true, Usage: p.usage})
	}
	return out
}

func isWebPort(port int) bool {
	for _, p := range webPorts() {
		if port >= p.from && port <= p.to {
			return true
		}
	}
	return false
}

func byPort(a, b Exposed) int {
	return cmp.Or(cmp.Compare(a.Protocol, b.Protocol), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
}
