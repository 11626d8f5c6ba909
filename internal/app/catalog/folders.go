package catalog

import (
	"path"
	"strings"
)

// dataFolder is a folder in a container where one kind of database keeps its
// files. An image of an unknown name that has a volume there is such a database.
type dataFolder struct {
	folder string
	image  Image
	// uid is the user of the official images; 0 for root.
	uid int
}

// dataFolders are the folders of the official images' documentation.
func dataFolders() []dataFolder {
	store := func(name string, ports ...int) Image {
		return Image{Name: name, Other: ports, Stateful: true, Alone: true}
	}
	return []dataFolder{
		{"/var/lib/postgresql", store("postgres", 5432), 999},
		{"/bitnami/postgresql", store("postgres", 5432), 1001},
		{"/var/lib/mysql", store("mysql", 3306, 33060), 999},
		{"/bitnami/mysql", store("mysql", 3306, 33060), 1001},
		{"/bitnami/mariadb", store("mariadb", 3306), 1001},
		{"/data/db", store("mongo", 27017), 999},
		{"/bitnami/mongodb", store("mongo", 27017), 1001},
		{"/var/lib/clickhouse", store("clickhouse-server", 8123, 9000), 0},
		{"/usr/share/elasticsearch/data", store("elasticsearch", 9200, 9300), 0},
		{"/usr/share/opensearch/data", store("opensearch", 9200, 9600), 0},
		{"/var/lib/cassandra", store("cassandra", 9042), 0},
		{"/var/lib/neo4j/data", store("neo4j", 7474, 7687), 0},
		{"/var/lib/influxdb", store("influxdb", 8086), 0},
		{"/var/lib/influxdb2", store("influxdb", 8086), 0},
		{"/var/lib/rabbitmq", store("rabbitmq", 5672, 15672), 0},
		{"/qdrant/storage", store("qdrant", 6333, 6334), 0},
		{"/meili_data", store("meilisearch", 7700), 0},
		{"/var/lib/etcd", store("etcd", 2379, 2380), 0},
		{"/opt/couchdb/data", store("couchdb", 5984), 0},
		{"/var/opt/mssql", store("mssql/server", 1433), 0},
	}
}

// OwnerByFolder is the user and the group that own what a database keeps at a
// path; 0 where the path is not a database's, or its images run as root.
func OwnerByFolder(target string) int {
	if d, ok := folderOf(target); ok {
		return d.uid
	}
	return 0
}

// ByFolder is what is known of an image that keeps data at a path in its
// container; ok is false where the path is not a database's.
func ByFolder(target string) (Image, bool) {
	d, ok := folderOf(target)
	return d.image, ok
}

func folderOf(target string) (dataFolder, bool) {
	target = path.Clean(target)
	for _, d := range dataFolders() {
		if target == d.folder || strings.HasPrefix(target, d.folder+"/") {
			return d, true
		}
	}
	return dataFolder{}, false
}
