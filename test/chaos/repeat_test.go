package chaos

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// repeats make up for moto, which takes no notice of the tokens by which AWS
// knows a creation that it has made already (the differences of test/moto say
// so, call by call): the second one gets the first one's answer, as long as the
// object is there. Cloud Map's services and load balancers are unique by name, and
// listeners by balancer and port, which moto does not mind either (it looks the
// port up in a table of ARNs): at AWS the same name or port gives the same object
// (docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html,
// API_CreateListener.html). A creation that comes while the first one with its
// token is under way waits for it, as at AWS: two endpoints of one token would
// share their routes in moto, and the second could never be deleted. It is safe
// for use by many goroutines.
type repeats struct {
	mu       sync.Mutex
	first    []firstAnswer
	underway map[string]chan struct{}
}

type firstAnswer struct {
	key, id string
	answer  answer
}

// repeatable are the creations with a token: where it is in the request, and
// where the object's id is in the answer.
func repeatable() map[string][2]*regexp.Regexp {
	form := regexp.MustCompile(`ClientToken=([^&]+)`)
	xml := func(element string) *regexp.Regexp {
		return regexp.MustCompile("<" + element + ">([^<]+)</" + element + ">")
	}
	json := func(name string) *regexp.Regexp { return regexp.MustCompile(`"` + name + `": *"([^"]+)"`) }
	return map[string][2]*regexp.Regexp{
		"ec2 CreateNatGateway":                    {form, xml("natGatewayId")},
		"ec2 CreateRouteTable":                    {form, xml("routeTableId")},
		"ec2 CreateVpcEndpoint":                   {form, xml("vpcEndpointId")},
		"elasticfilesystem POST access-points":    {json("ClientToken"), json("AccessPointId")},
		"servicediscovery CreateService":          {json("Name"), json("Id")},
		"elasticloadbalancing CreateLoadBalancer": {regexp.MustCompile(`(?:^|&)Name=([^&]+)`), xml("LoadBalancerArn")},
		"elasticloadbalancing CreateListener":     {regexp.MustCompile(`LoadBalancerArn=([^&]+&Port=\d+)`), xml("ListenerArn")},
	}
}

// do makes a creation, unless one with its token has been made: then it returns
// that one's answer. Other calls are just made.
func (r *repeats) do(c call, body []byte, send func() answer) answer {
	key := tokenOf(c, body)
	if key == "" {
		a := send()
		r.forget(c, a)
		return a
	}
	if a, ok := r.begin(key); ok {
		return a
	}
	var a answer
	defer func() { r.end(c, key, a) }()
	a = send()
	return a
}

// begin returns the first answer to a creation, or takes its token for the
// caller, who has to end it.
func (r *repeats) begin(key string) (answer, bool) {
	for {
		r.mu.Lock()
		for _, f := range r.first {
			if f.key == key {
				r.mu.Unlock()
				return f.answer, true
			}
		}
		other := r.underway[key]
		if other == nil {
			if r.underway == nil {
				r.underway = map[string]chan struct{}{}
			}
			r.underway[key] = make(chan struct{})
			r.mu.Unlock()
			return answer{}, false
		}
		r.mu.Unlock()
		<-other
	}
}

// end keeps the answer to a creation that made its object, and lets those go on
// that wait for it.
func (r *repeats) end(c call, key string, a answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if a.status >= http.StatusOK && a.status < http.StatusMultipleChoices {
		if id := repeatable()[c.String()][1].FindSubmatch(a.body); id != nil {
			r.first = append(r.first, firstAnswer{key, string(id[1]), a})
		}
	}
	close(r.underway[key])
	delete(r.underway, key)
}

// forget drops the answers about an object that a call has deleted.
func (r *repeats) forget(c call, a answer) {
	deletes := strings.HasPrefix(c.name, "Delete") || strings.HasPrefix(c.name, http.MethodDelete)
	if !deletes || a.status >= http.StatusMultipleChoices {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.first = slices.DeleteFunc(r.first, func(f firstAnswer) bool { return strings.Contains(c.text, f.id) })
}

func tokenOf(c call, body []byte) string {
	at, ok := repeatable()[c.String()]
	if !ok {
		return ""
	}
	token := at[0].FindSubmatch(body)
	if token == nil {
		return ""
	}
	return c.String() + " " + string(token[1])
}
