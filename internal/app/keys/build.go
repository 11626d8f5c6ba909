package keys

import "slices"

// buildKeys are the keys of build. Keys that change only how an image is built have
// no effect until something else changes it: the same files are not built twice.
func buildKeys() []Key {
	const build = service + "build."
	return slices.Concat(
		mapped(service, "build", [2]string{"build", "an image in the project's repository, named by a digest of its contents"}),
		mapped(build, "build",
			[2]string{"context", "the folder or git repository of the build"},
			[2]string{"dockerfile", "the Dockerfile"},
			[2]string{"args", "arguments of the build"},
			[2]string{"target", "the stage to build"},
			[2]string{"labels", "labels of the image"},
			[2]string{"additional_contexts", "further folders, repositories and images of the build"},
			[2]string{"secrets", "files and variables for RUN --mount=type=secret, of the computer on which berth runs"},
			[2]string{"secrets[].source", "the secret's name at the top level"},
			[2]string{"secrets[].target", "the secret's id in the Dockerfile"},
			[2]string{"ssh", "agents and keys for RUN --mount=type=ssh, of the computer on which berth runs"},
		),
		mapped(build, "build-inline", [2]string{"dockerfile_inline", "the Dockerfile's text"}),
		mapped(build, "build-how",
			[2]string{"platforms", "the architectures to build for; the service's is always among them"},
			[2]string{"cache_from", "caches that are read besides the repository's own"},
			[2]string{"cache_to", "caches that are written besides the repository's own"},
			[2]string{"no_cache", "a build uses no cache"},
			[2]string{"no_cache_filter", "stages that use no cache"},
			[2]string{"pull", "a build pulls the newest base image"},
			[2]string{"shm_size", "shared memory of the build"},
			[2]string{"ulimits", "limits of the build"},
			[2]string{"ulimits.*.single", "a limit of the build"},
			[2]string{"ulimits.*.soft", "a limit of the build"},
			[2]string{"ulimits.*.hard", "a limit of the build"},
			[2]string{"network", "the network of the build: default, none or host"},
			[2]string{"extra_hosts", "further names in the build"},
			[2]string{"privileged", "the build may use RUN --security=insecure"},
			[2]string{"entitlements", "further permissions of the build"},
			[2]string{"provenance", "an attestation beside the image"},
			[2]string{"sbom", "an attestation beside the image"},
		),
		rows(build, Ignored,
			[2]string{"ssh[].id", "berth reads an entry of ssh as one text"},
			[2]string{"ssh[].path", "berth reads an entry of ssh as one text"},
			[2]string{"tags", "berth names an image by a digest of its contents"},
			[2]string{"isolation", "it is for Windows"},
			[2]string{"secrets[].uid", "BuildKit takes it from the Dockerfile"},
			[2]string{"secrets[].gid", "BuildKit takes it from the Dockerfile"},
			[2]string{"secrets[].mode", "BuildKit takes it from the Dockerfile"},
		),
	)
}
