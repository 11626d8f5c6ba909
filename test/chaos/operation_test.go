package chaos

import (
	"net/http"
	"net/url"
	"strings"
)

// protocol is how a service writes its answers.
type protocol int

const (
	queryXML protocol = iota // IAM, STS, RDS, load balancing, caches
	ec2XML
	rpcJSON  // ECS, logs, Cloud Map, parameters
	restJSON // EFS
	restXML  // Route 53
	s3XML
)

// call is what a request asks for.
type call struct {
	service, name string
	protocol      protocol
	// reads says that it changes nothing.
	reads bool
	// run is which run of berth sent it, by its access key.
	run string
	// text is the request's own words, to tell one question from another.
	text string
}

func (c call) String() string { return c.service + " " + c.name }

// callOf reads a request. Each protocol says its operation somewhere else; the
// two REST protocols have the method and the kind of thing instead.
func callOf(r *http.Request, body []byte) call {
	c := call{text: r.Method + r.URL.RequestURI() + string(body)}
	c.run, c.service = credential(r.Header.Get("Authorization"))
	target := r.Header.Get("X-Amz-Target")
	switch {
	case target != "":
		c.protocol, c.name = rpcJSON, target[strings.LastIndexByte(target, '.')+1:]
	case c.service == "s3":
		c.protocol, c.name = s3XML, objectName(r)
	case c.service == "elasticfilesystem" || c.service == "s3files":
		c.protocol, c.name = restJSON, restName(r)
	case c.service == "route53":
		c.protocol, c.name = restXML, restName(r)
	default:
		form, err := url.ParseQuery(string(body))
		if err == nil {
			c.name = form.Get("Action")
		}
		if c.service == "ec2" {
			c.protocol = ec2XML
		}
	}
	c.reads = reads(c.name)
	return c
}

// credential is the access key and the service of a signature.
func credential(authorization string) (key, service string) {
	_, scope, _ := strings.Cut(authorization, "Credential=")
	parts := strings.Split(scope, "/")
	if len(parts) < 4 {
		return "", "unsigned"
	}
	return parts[0], parts[3]
}

func reads(name string) bool {
	for _, verb := range []string{"Describe", "List", "Get", "Head", "Filter", "BatchGet", "GET", "HEAD"} {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return false
}

// restName is the method with the kinds of things that the path goes through,
// without their ids: "GET hostedzone rrset".
func restName(r *http.Request) string {
	words := []string{r.Method}
	for _, part := range strings.Split(strings.Trim(r.URL.Path, "/"), "/")[1:] {
		if strings.ContainsAny(part, "0123456789") {
			continue
		}
		words = append(words, part)
	}
	return strings.Join(words, " ")
}

func objectName(r *http.Request) string {
	query := r.URL.Query()
	if id := query.Get("x-id"); id != "" {
		return id
	}
	for _, setting := range []string{"versioning", "encryption", "lifecycle", "publicAccessBlock", "tagging", "policy", "list-type"} {
		if query.Has(setting) {
			return r.Method + " " + setting
		}
	}
	return r.Method + " bucket"
}
