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
// API_CreateListener.html). It is safe for use by many goroutines.
type repeats struct {
	mu    sync.Mutex
	first []firstAnswer
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

// known is the answer to the first creation with a call's token.
func (r *repeats) known(c call, body []byte) (answer, bool) {
	key := tokenOf(c, body)
	if key == "" {
		return answer{}, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.first {
		if f.key == key {
			return f.answer, true
		}
	}
	return answer{}, false
}

// learn takes in what a call did.
func (r *repeats) learn(c call, body []byte, a answer) {
	if a.status >= http.StatusMultipleChoices || c.reads {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if strings.HasPrefix(c.name, "Delete") || strings.HasPrefix(c.name, http.MethodDelete) {
		r.first = slices.DeleteFunc(r.first, func(f firstAnswer) bool { return strings.Contains(c.text, f.id) })
		return
	}
	key := tokenOf(c, body)
	if key == "" {
		return
	}
	if id := repeatable()[c.String()][1].FindSubmatch(a.body); id != nil {
		r.first = append(r.first, firstAnswer{key, string(id[1]), a})
	}
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
