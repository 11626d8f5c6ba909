package why

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// Peer is what a program wanted to talk to when it ended, as far as it is known.
type Peer struct {
	// Name is the name in the file; empty if nobody knows whose address it is.
	Name string
	// Service is a service of the file that has the name.
	Service *types.Service
	// Database says that it is a managed database, and State what AWS calls its state if
	// it cannot be used.
	Database bool
	State    string
	// Nobody says that nothing in the network has the address.
	Nobody bool
	// Rules are those of its security groups; nil if they are not known.
	Rules []ec2types.SecurityGroupRule
}

// unresolved is the name that the program could not resolve: it knows how Go, Node, libc
// and Python word it.
func (f *Facts) unresolved() string {
	m := f.said(`(?:could not resolve|getaddrinfo (?:ENOTFOUND|EAI_AGAIN)|lookup|could not translate host name) "?([A-Za-z0-9._-]+)"?`)
	if m == nil {
		return ""
	}
	return m[1]
}

// unconnected is what the program could not connect to, as it wrote it, with the address
// and the port in it: it knows how they word a connection that fails.
func (f *Facts) unconnected() (to, ip string, port int32) {
	m := f.said(`(?:dial tcp|connect (?:ECONNREFUSED|ETIMEDOUT)|connection to server at|connect to) "?([A-Za-z0-9._:-]+).*`)
	if m == nil {
		return "", "", 0
	}
	to, ip = strings.TrimRight(m[1], ":"), regexp.MustCompile(`\b\d+\.\d+\.\d+\.\d+\b`).FindString(m[0])
	if p := regexp.MustCompile(`(?::|port )(\d{1,5})\b`).FindStringSubmatch(m[0]); p != nil {
		_, _ = fmt.Sscan(p[1], &port)
	}
	return to, ip, port
}

// failedTo says what the program could not do; empty if it did not end so.
func (f *Facts) failedTo() string {
	if name := f.unresolved(); name != "" {
		return "the program" + f.of() + " could not resolve the name " + name
	}
	if to, _, _ := f.unconnected(); to != "" {
		return "the program" + f.of() + " could not connect to " + to
	}
	return ""
}

// noun is the peer in words.
func (p *Peer) noun() string {
	switch {
	case p.Database && p.Name == "":
		return "a database"
	case p.Database:
		return "the database " + p.Name
	}
	return p.Name
}

func peerDown(f *Facts) (cause, bool) {
	failed, p := f.failedTo(), f.Peer
	if failed == "" || p == nil {
		return cause{}, false
	}
	switch {
	case p.State != "":
		return cause{text: failed + ": " + p.noun() + " is " + p.State, next: "`berth why " + p.Name + "` says what to do about it"}, true
	case p.Service != nil && p.Service.RunningCount == 0:
		return cause{
			text: failed + ": " + p.noun() + " has no running task", next: "`berth why " + p.Name + "` says why it has none",
			shown: []string{fmt.Sprintf("%s: %d of %d tasks run", p.Name, p.Service.RunningCount, p.Service.DesiredCount)},
		}, true
	}
	return cause{}, false
}

// peerClosed: a packet that a security group does not let through is dropped, so the
// connection times out.
func peerClosed(f *Facts) (cause, bool) {
	to, _, port := f.unconnected()
	p := f.Peer
	if to == "" || p == nil || port == 0 {
		return cause{}, false
	}
	c := cause{next: "`berth plan --deep` shows what was changed, `berth up` mends it", shown: []string{"it tried to connect to " + to}}
	if f.Rules != nil && !letsOut(f.Rules, port) {
		c.text = fmt.Sprintf("the security group of %s lets nothing out on port %d", f.Name, port)
		return c, true
	}
	v := f.vpc()
	if p.Rules == nil || v == nil || lets(p.Rules, v.SecurityGroups, port) {
		return cause{}, false
	}
	if slices.ContainsFunc(p.Rules, func(r ec2types.SecurityGroupRule) bool {
		return lets(p.Rules, v.SecurityGroups, aws.ToInt32(r.FromPort))
	}) {
		c.text = f.failedTo() + ": its security group does not open that port to " + f.Name
		c.next = "name the port in `expose:` or `ports:` of the service that has it, then `berth up`"
		return c, true
	}
	whose := p.noun()
	if whose == "" {
		whose = to
	}
	c.text = fmt.Sprintf("the security group of %s lets nothing in from %s on port %d", whose, f.Name, port)
	return c, true
}

func nameUnknown(f *Facts) (cause, bool) {
	name := f.unresolved()
	if name == "" {
		return cause{}, false
	}
	return cause{
		text: f.failedTo(), next: "`berth ps` shows whether " + name + " runs; the names are those of the services in the file",
	}, true
}

func connectionFailed(f *Facts) (cause, bool) {
	to, _, _ := f.unconnected()
	if to == "" {
		return cause{}, false
	}
	c := cause{text: f.failedTo(), next: "`berth ps` shows whether it runs; both services must be in one of the file's networks"}
	if f.Peer != nil && f.Peer.Nobody {
		c.shown = []string{"nothing in the network has the address any more"}
	}
	return c, true
}

// carries says whether a rule is about a TCP port.
func carries(r ec2types.SecurityGroupRule, port int32) bool {
	protocol := aws.ToString(r.IpProtocol)
	return protocol == "-1" || protocol == "tcp" && aws.ToInt32(r.FromPort) <= port && port <= aws.ToInt32(r.ToPort)
}

// letsOut says whether rules let packets out on a port, to wherever.
func letsOut(rules []ec2types.SecurityGroupRule, port int32) bool {
	for _, r := range rules {
		if aws.ToBool(r.IsEgress) && carries(r, port) {
			return true
		}
	}
	return false
}
