package catalog

import "strings"

// Name is the name of an image without the registries of Docker's official images,
// and its tag.
func Name(image string) (name, tag string) {
	name, _, _ = strings.Cut(image, "@")
	if i := strings.LastIndex(name, ":"); i > strings.LastIndex(name, "/") {
		name, tag = name[:i], name[i+1:]
	}
	for _, prefix := range []string{"docker.io/", "index.docker.io/", "public.ecr.aws/docker/", "mirror.gcr.io/", "library/"} {
		name = strings.TrimPrefix(name, prefix)
	}
	return name, tag
}

// Owner is the user and the group to which the start script of an official image
// changes the owner of its data, so that the script has nothing to change; 0 for
// all other images, whose names say nothing about their users.
func Owner(image string) (uid, gid int) {
	name, tag := Name(image)
	const debian, alpine = 999, 70
	switch name {
	case "postgres", "postgis/postgis":
		if strings.Contains(tag, "alpine") {
			return alpine, alpine
		}
		return debian, debian
	case "pgvector/pgvector", "mysql", "mariadb", "mongo", "redis", "valkey", "valkey/valkey":
		return debian, debian
	}
	return 0, 0
}
