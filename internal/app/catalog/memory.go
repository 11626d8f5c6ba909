package catalog

import (
	"regexp"
	"strconv"
	"strings"
)

// memory is what an image needs to start, in MiB, if nothing says more.
type memory struct {
	image string
	mib   int
}

// memories are documented minima, and for programs in Java what the heap that they
// ask for by default needs.
func memories() []memory {
	return []memory{
		{"mssql/server", 2000},   // its program refuses to start with less: https://github.com/microsoft/mssql-docker/issues/452
		{"azure-sql-edge", 1024}, // https://github.com/MicrosoftDocs/azure-docs/blob/07672d2c69/articles/azure-sql-edge/features.md#hardware-support
		{"elasticsearch", 1024},  // MEM_LIMIT in https://github.com/elastic/elasticsearch/blob/0285f4d946/docs/reference/setup/install/docker/.env
		// A heap of 1g, https://github.com/opensearch-project/OpenSearch/blob/0107261217/distribution/build.gradle , which should be half of the memory:
		{"opensearch", 2048},          // https://github.com/opensearch-project/documentation-website/blob/0290023614/assets/examples/docker-compose.yml
		{"logstash", withHeap(1024)},  // https://github.com/elastic/logstash/blob/02d90fd297/config/jvm.options
		{"kafka", withHeap(1024)},     // https://github.com/apache/kafka/blob/01c427f5d5/bin/kafka-server-start.sh
		{"cp-kafka", withHeap(1024)},  // https://github.com/confluentinc/kafka/blob/0ea53b1446/bin/kafka-server-start.sh
		{"cp-server", withHeap(1024)}, // https://github.com/confluentinc/kafka/blob/0ea53b1446/bin/kafka-server-start.sh
		{"sonarqube", 2048},           // https://docs.sonarsource.com/sonarqube-server/10.4/requirements/prerequisites-and-overview
		{"neo4j", 2048},               // https://neo4j.com/docs/operations-manual/current/installation/requirements/
	}
}

// javaVariables are the variables by which images pass options to Java.
var javaVariables = []string{
	"JAVA_OPTS", "JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "JVM_OPTS", "JAVA_OPTS_APPEND", "CATALINA_OPTS",
	"ES_JAVA_OPTS", "OPENSEARCH_JAVA_OPTS", "LS_JAVA_OPTS", "KAFKA_HEAP_OPTS", "KSQL_HEAP_OPTS", "SCHEMA_REGISTRY_HEAP_OPTS", "CONTROL_CENTER_HEAP_OPTS",
	"SONAR_WEB_JAVAOPTS", "SOLR_JAVA_MEM",
}

// heapOption is -Xmx with a number and a unit.
var heapOption = regexp.MustCompile(`-Xmx([0-9]+)([kKmMgG]?)\b`)

// NeededMemory is what a container needs to start, in MiB, and what says so: the
// heap of Java that its variables ask for, else the image's minimum. It is 0 if
// nothing is known.
func NeededMemory(image Image, variable func(name string) string) (mib int, because string) {
	for _, name := range javaVariables {
		found := heapOption.FindAllStringSubmatch(variable(name), -1)
		if len(found) == 0 {
			continue
		}
		last := found[len(found)-1] // Java takes the last one
		if heap := mebibytes(last[1], strings.ToLower(last[2])); heap > 0 {
			return withHeap(heap), name + " asks for a heap of " + strconv.Itoa(heap) + " MiB, and Java needs more beside it"
		}
	}
	for _, m := range memories() {
		if m.image == image.Name {
			return m.mib, image.Name + " needs " + strconv.Itoa(m.mib) + " MiB"
		}
	}
	return 0, ""
}

// withHeap is what Java needs for a heap: a quarter more, and at least 256 MiB, for
// threads, code and buffers.
func withHeap(mib int) int { return mib + max(mib/4, 256) }

func mebibytes(number, unit string) int {
	n, err := strconv.ParseInt(number, 10, 40)
	if err != nil {
		return 0
	}
	switch unit {
	case "g":
		n <<= 10
	case "k":
		n >>= 10
	case "":
		n >>= 20
	}
	return int(min(n, 1<<30))
}
