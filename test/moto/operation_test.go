package moto

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// operation returns the operation of a request, such as ec2.CreateVpc. Each of
// AWS's protocols has it in a different place.
func operation(r *http.Request) string {
	service := scope(r.Header.Get("Authorization"))
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return service + "." + target[strings.LastIndexByte(target, '.')+1:]
	}
	if _, op, ok := strings.Cut(r.URL.Path, "/operation/"); ok {
		return service + "." + op
	}
	if service == "efs" {
		return "efs." + filesOperation(r.Method, r.URL.Path)
	}
	if service == "route53" {
		return "route53." + zoneOperation(r.Method, r.URL.Path)
	}
	if service == "s3" {
		return "s3." + objectOperation(r.Method, r.URL)
	}
	if service == "scheduler" {
		return "scheduler." + scheduleOperation(r.Method, r.URL.Path)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return service + ".unreadable"
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, _ := url.ParseQuery(string(body))
	return service + "." + form.Get("Action")
}

// scope is the service that a signature is for, as the scripts call it.
func scope(authorization string) string {
	_, credential, _ := strings.Cut(authorization, "Credential=")
	parts := strings.Split(credential, "/")
	if len(parts) < 4 {
		return "unsigned"
	}
	return serviceName(parts[3])
}

// scheduleOperation is an operation of EventBridge Scheduler, by its path:
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html
func scheduleOperation(method, path string) string {
	kind, name, _ := strings.Cut(strings.Trim(path, "/"), "/")
	if kind == "tags" {
		return map[string]string{http.MethodGet: "ListTagsForResource", http.MethodPost: "TagResource", http.MethodDelete: "UntagResource"}[method]
	}
	noun := "Schedule"
	if kind == "schedule-groups" {
		noun = "ScheduleGroup"
	}
	if name == "" {
		return "List" + noun + "s"
	}
	return map[string]string{
		http.MethodPost: "Create", http.MethodPut: "Update", http.MethodGet: "Get", http.MethodDelete: "Delete",
	}[method] + noun
}

func objectOperation(method string, u *url.URL) string {
	query := u.Query()
	if id := query.Get("x-id"); id != "" {
		return id
	}
	settings := map[string]string{
		"versioning": "BucketVersioning", "encryption": "BucketEncryption", "lifecycle": "BucketLifecycleConfiguration",
		"publicAccessBlock": "PublicAccessBlock", "tagging": "BucketTagging", "policy": "BucketPolicy",
		"ownershipControls": "BucketOwnershipControls",
	}
	verb := strings.ToUpper(method[:1]) + strings.ToLower(method[1:])
	for key, name := range settings {
		if query.Has(key) {
			return verb + name
		}
	}
	switch {
	case method == http.MethodPut:
		return "CreateBucket"
	case query.Get("list-type") == "2":
		return "ListObjectsV2"
	}
	return verb + "Bucket"
}

// operations returns the operations of berth's requests, sorted.
func (s *server) operations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.seen))
}
