package why

import (
	"context"
	"slices"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	resource "github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/status"
)

// Neighbour is another service of the file.
type Neighbour struct {
	// Name is the name in the file, Service that in ECS, Names what siblings call it.
	Name, Service string
	Names         []string
}

// peer reads what the program wanted to talk to, if it ended because that failed.
func (l *looks) peer(ctx context.Context) {
	f := l.facts
	to, ip, _ := f.unconnected()
	name := f.unresolved()
	if name == "" {
		name, _, _ = strings.Cut(to, ":")
	}
	if name == "" {
		return
	}
	f.Peer = &Peer{}
	if ip != "" {
		l.address(ctx, ip)
	}
	for _, n := range f.Neighbours {
		if slices.Contains(n.Names, name) {
			found, err := resource.Describe(ctx, l.clients.ECS, f.Cluster, []string{n.Service})
			if err == nil && len(found) == 1 {
				f.Peer.Name, f.Peer.Service = n.Name, &found[0]
			}
		}
	}
	l.database(ctx, name)
}

// database reads the state of the database that has the name or, if the address is that of
// a database and the file has one alone, of that one.
func (l *looks) database(ctx context.Context, name string) {
	p := l.facts.Peer
	var wanted []status.WantedDatabase
	for _, d := range l.facts.Databases {
		if d.Name == name || p.Database && len(l.facts.Databases) == 1 {
			wanted = append(wanted, d)
		}
	}
	if len(wanted) != 1 {
		return
	}
	p.Name, p.Database = wanted[0].Name, true
	found, err := status.Databases(ctx, l.clients.RDS, l.clients.Cache, wanted)
	if err == nil && len(found) == 1 && found[0].Broken() {
		p.State = found[0].State
	}
}

// address reads what has an address in the network of the tasks, and the rules of its
// security groups. The words of its description are those that RDS and ElastiCache give.
func (l *looks) address(ctx context.Context, ip string) {
	p, api := l.facts.Peer, l.clients.EC2
	out, err := api.DescribeNetworkInterfaces(ctx, &ec2.DescribeNetworkInterfacesInput{
		Filters: []ec2types.Filter{{Name: sdk.String("addresses.private-ip-address"), Values: []string{ip}}},
	})
	if err != nil {
		return
	}
	var groups []string
	p.Nobody = true
	for _, n := range out.NetworkInterfaces {
		if sdk.ToString(n.PrivateIpAddress) != ip { // a filter is not trusted
			continue
		}
		p.Nobody = false
		about := sdk.ToString(n.Description)
		p.Database = about == "RDSNetworkInterface" || strings.HasPrefix(about, "ElastiCache ")
		for _, g := range n.Groups {
			groups = append(groups, sdk.ToString(g.GroupId))
		}
	}
	if len(groups) > 0 {
		p.Rules = rulesOf(ctx, api, groups)
	}
}

// rulesOf are the rules of security groups; nil if they cannot be read.
func rulesOf(ctx context.Context, api *ec2.Client, groups []string) []ec2types.SecurityGroupRule {
	out, err := api.DescribeSecurityGroupRules(ctx, &ec2.DescribeSecurityGroupRulesInput{
		Filters: []ec2types.Filter{{Name: sdk.String("group-id"), Values: groups}},
	})
	if err != nil {
		return nil
	}
	rules := []ec2types.SecurityGroupRule{}
	for _, r := range out.SecurityGroupRules {
		if slices.Contains(groups, sdk.ToString(r.GroupId)) { // a filter is not trusted
			rules = append(rules, r)
		}
	}
	return rules
}
