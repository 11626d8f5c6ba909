package managed

import "github.com/berthdev/berth/internal/app/capacity"

// Class is an instance class of RDS or ElastiCache.
type Class struct {
	Name string
	CPUs int
	// memory is in MiB, Memory in words.
	memory int
	Memory string
}

// databaseClasses are the classes that berth chooses from: burstable classes up to
// the largest, then general purpose classes.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html
func databaseClasses() []Class {
	const gib = 1024
	return []Class{
		{"db.t4g.micro", 2, gib, "1 GiB"}, {"db.t4g.small", 2, 2 * gib, "2 GiB"}, {"db.t4g.medium", 2, 4 * gib, "4 GiB"},
		{"db.t4g.large", 2, 8 * gib, "8 GiB"}, {"db.t4g.xlarge", 4, 16 * gib, "16 GiB"}, {"db.t4g.2xlarge", 8, 32 * gib, "32 GiB"},
		{"db.m7g.4xlarge", 16, 64 * gib, "64 GiB"}, {"db.m7g.8xlarge", 32, 128 * gib, "128 GiB"},
		{"db.m7g.12xlarge", 48, 192 * gib, "192 GiB"}, {"db.m7g.16xlarge", 64, 256 * gib, "256 GiB"},
	}
}

// cacheClasses are the node types that berth chooses from, with the memory that is
// available for data.
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html
func cacheClasses() []Class {
	return []Class{
		{"cache.t4g.micro", 2, 512, "0.5 GiB"}, {"cache.t4g.small", 2, 1402, "1.37 GiB"}, {"cache.t4g.medium", 2, 3164, "3.09 GiB"},
		{"cache.m7g.large", 2, 6533, "6.38 GiB"}, {"cache.m7g.xlarge", 4, 13240, "12.93 GiB"}, {"cache.m7g.2xlarge", 8, 26664, "26.04 GiB"},
		{"cache.m7g.4xlarge", 16, 53514, "52.26 GiB"}, {"cache.m7g.8xlarge", 32, 106168, "103.68 GiB"},
	}
}

// ClassFor returns the smallest class of a kind with at least a size. If there is
// none, ok is false and c is the largest class.
func ClassFor(kind string, want capacity.Size) (c Class, ok bool) {
	classes := databaseClasses()
	if IsCache(kind) {
		classes = cacheClasses()
	}
	for _, c := range classes {
		if c.CPUs*1024 >= want.CPU && c.memory >= want.Memory {
			return c, true
		}
	}
	return classes[len(classes)-1], false
}

// Is says whether the class has this size exactly.
func (c Class) Is(s capacity.Size) bool { return c.CPUs*1024 == s.CPU && c.memory == s.Memory }
