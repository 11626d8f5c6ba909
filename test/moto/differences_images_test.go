package moto

const (
	docECR = "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/"
	docCB  = "https://docs.aws.amazon.com/codebuild/latest/APIReference/"
)

func imageDifferences() map[string]difference {
	const (
		one   = "sha256:4635dd1418c5b77f7a9020e94be8e405fb701d68bb38b8add848a58bc7530144"
		empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
		sums  = "moto sums up nothing for manifests without layers"
		times = "moto writes times as text, which the SDK does not read"
	)
	return map[string]difference{
		"ecr.PutImage: success":                           {"ok " + one, "ok " + empty, sums, docECR + "API_PutImage.html"},
		"ecr.PutImage: another image at an immutable tag": {"ImageTagAlreadyExistsException", "ImageAlreadyExistsException", sums, docECR + "API_PutImage.html"},
		"ecr.PutImage: not found":                         {"RepositoryNotFoundException", "HTTP 500", "moto fails inside", docECR + "API_PutImage.html"},
		"ecr.BatchGetImage: success":                      {"ok 1 " + one + " 1 ImageNotFound", "ok 1 " + empty + " 1 ImageNotFound", sums, docECR + "API_PutImage.html"},
		"codebuild.StartBuild: success":                   {"ok IN_PROGRESS builds", "HTTP 200", times, docCB + "API_Build.html"},
		"codebuild.BatchGetBuilds: success":               {"ok 1 COMPLETED", "HTTP 200", times, docCB + "API_Build.html"},
	}
}
