package chaos

import (
	"regexp"
	"strings"
	"sync"
	"time"
)

// lag is AWS's late view: lists of some time ago, and objects that are not
// found yet. It is safe for use by many goroutines.
type lag struct {
	mu     sync.Mutex
	lists  map[string]oldList
	hidden []hiddenObject
}

type oldList struct {
	at time.Time
	answer
}

type hiddenObject struct {
	id    string
	until time.Time
	harm  harm
	// by are the services that do not see it.
	service string
}

// late says whether a service's lists may be behind. S3, the parameter store
// and STS are not; Route 53's changes have a state of their own.
func late(c call) bool {
	switch c.service {
	case "ec2", "ecs", "iam", "elasticloadbalancing", "servicediscovery", "logs":
		return c.reads && !strings.HasPrefix(c.name, "Get")
	case "elasticfilesystem":
		return c.reads
	}
	return false
}

// remember keeps an answer for later.
func (l *lag) remember(c call, a answer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lists == nil {
		l.lists = map[string]oldList{}
	}
	if old, ok := l.lists[c.text]; ok && time.Since(old.at) < longestLag/2 {
		return // the older one is the better one
	}
	l.lists[c.text] = oldList{time.Now(), a}
}

// old is an answer to the same question that is not too old.
func (l *lag) old(c call) (answer, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	o, ok := l.lists[c.text]
	return o.answer, ok && time.Since(o.at) < longestLag
}

// made is how a new object is named in the answer to its creation, and what is
// said of it while it is not found.
type made struct {
	id   *regexp.Regexp
	harm harm
}

// creations are the operations whose objects are not found at first. Sources:
// the "Errors" pages of the API references, and for EC2
// docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html .
func creations() map[string]made {
	xml := func(element string) *regexp.Regexp {
		return regexp.MustCompile("<" + element + ">([^<]+)</" + element + ">")
	}
	not := func(code string) harm { return harm{400, code, "The object does not exist"} }
	return map[string]made{
		"ec2 CreateVpc":                           {xml("vpcId"), not("InvalidVpcID.NotFound")},
		"ec2 CreateSubnet":                        {xml("subnetId"), not("InvalidSubnetID.NotFound")},
		"ec2 CreateSecurityGroup":                 {xml("groupId"), not("InvalidGroup.NotFound")},
		"ec2 CreateInternetGateway":               {xml("internetGatewayId"), not("InvalidInternetGatewayID.NotFound")},
		"ec2 CreateRouteTable":                    {xml("routeTableId"), not("InvalidRouteTableID.NotFound")},
		"ec2 AllocateAddress":                     {xml("allocationId"), not("InvalidAllocationID.NotFound")},
		"ec2 CreateNatGateway":                    {xml("natGatewayId"), not("NatGatewayNotFound")},
		"iam CreateRole":                          {xml("RoleName"), harm{404, "NoSuchEntity", "The role cannot be found"}},
		"elasticloadbalancing CreateLoadBalancer": {xml("LoadBalancerArn"), not("LoadBalancerNotFound")},
		"elasticloadbalancing CreateTargetGroup":  {xml("TargetGroupArn"), not("TargetGroupNotFound")},
	}
}

// hide hides what a call has made for a while, from its own service.
func (l *lag) hide(c call, a answer, d time.Duration) {
	m, ok := creations()[c.String()]
	if !ok || a.status != 200 || d <= 0 {
		return
	}
	found := m.id.FindSubmatch(a.body)
	if found == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hidden = append(l.hidden, hiddenObject{string(found[1]), time.Now().Add(d), m.harm, c.service})
}

// unseen is what is said of a request that names a hidden object.
func (l *lag) unseen(c call, words string) (harm, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, h := range l.hidden {
		if h.service == c.service && time.Now().Before(h.until) && strings.Contains(words, h.id) {
			return h.harm, true
		}
	}
	return harm{}, false
}
