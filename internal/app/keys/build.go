package keys

import "slices"

// buildKeys are the keys of build. How an image is built matters when it is
// built: the same files are not built twice.
func buildKeys() []Key {
	const build = service + "build."
	return slices.Concat(
		mapped(service, "build", [2]string{"build", "an image in the project's repository, named by what it is made of"}),
		mapped(build, "build",
			[2]string{"context", "the folder or git repository of the build"},
			[2]string{"dockerfile", "the Dockerfile"},
			[2]string{"args", "arguments of the build"},
			[2]string{"target", "the stage to build"},
			[2]string{"labels", "labels of the image"},
			[2]string{"additional_contexts", "further folders, repositories and images of the build"},
			[2]string{"secrets", "files and variables that RUN --mount=type=secret reads where berth runs"},
			[2]string{"secrets[].source", "the secret's name at the top level"},
			[2]string{"secrets[].target", "the secret's id in the Dockerfile"},
			[2]string{"ssh", "agents and keys that RUN --mount=type=ssh uses where berth runs"},
		),
		mapped(build, "build-inline", [2]string{"dockerfile_inline", "the Dockerfile's text"}),
		mapped(build, "build-how",
			[2]string{"platforms", "the architectures to build for; the service's is always one"},
			[2]string{"cache_from", "caches that are read besides the repository's own"},
			[2]string{"cache_to", "caches that are written besides the repository's own"},
			[2]string{"no_cache", "a build uses no cache"},
			[2]string{"no_cache_filter", "stages that use no cache"},
			[2]string{"pull", "a build asks for the newest base image"},
			[2]string{"shm_size", "shared memory of the build"},
			[2]string{"ulimits", "limits of the build"},
			[2]string{"ulimits.*.single", "a limit of the build"},
			[2]string{"ulimits.*.soft", "a limit of the build"},
			[2]string{"ulimits.*.hard", "a limit of the build"},
			[2]string{"network", "the network of the build: default, none or host"},
			[2]string{"extra_hosts", "further names in the build"},
			[2]string{"privileged", "the build may use RUN --security=insecure"},
			[2]string{"entitlements", "further rights of the build"},
			[2]string{"provenance", "an attestation beside the image"},
			[2]string{"sbom", "an attestation beside the image"},
		),
		rows(build, Ignored,
			[2]string{"ssh[].id", "an entry of ssh is one text"},
			[2]string{"ssh[].path", "an entry of ssh is one text"},
			[2]string{"tags", "an image is named by what it is made of"},
			[2]string{"isolation", "it is a word of Windows"},
			[2]string{"secrets[].uid", "BuildKit takes it from the Dockerfile"},
			[2]string{"secrets[].gid", "BuildKit takes it from the Dockerfile"},
			[2]string{"secrets[].mode", "BuildKit takes it from the Dockerfile"},
		),
	)
}
