package ec2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/engine"
)

func tcp(port int, cidr string) Rule { return Rule{Protocol: "tcp", From: port, To: port, CIDR: cidr} }

func from(port int, group string) Rule {
	return Rule{Protocol: "tcp", From: port, To: port, Source: engine.Lit(group)}
}

func equal(a, b []Rule) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestDiffRules(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                  string
		have, want, add, drop []Rule
	}{
		{name: "nothing"},
		{name: "all new", want: []Rule{tcp(80, "0.0.0.0/0"), from(80, "sg-1")}, add: []Rule{tcp(80, "0.0.0.0/0"), from(80, "sg-1")}},
		{name: "another order", have: []Rule{tcp(80, "0.0.0.0/0"), from(80, "sg-1")}, want: []Rule{from(80, "sg-1"), tcp(80, "0.0.0.0/0")}},
		{name: "another port", have: []Rule{tcp(80, "::/0")}, want: []Rule{tcp(81, "::/0")}, add: []Rule{tcp(81, "::/0")}, drop: []Rule{tcp(80, "::/0")}},
		{name: "another source", have: []Rule{from(80, "sg-1")}, want: []Rule{from(80, "sg-2")}, add: []Rule{from(80, "sg-2")}, drop: []Rule{from(80, "sg-1")}},
		{name: "another protocol", have: []Rule{{Protocol: "udp", From: 53, To: 53, CIDR: "10.0.0.0/8"}}, want: []Rule{tcp(53, "10.0.0.0/8")},
			add: []Rule{tcp(53, "10.0.0.0/8")}, drop: []Rule{{Protocol: "udp", From: 53, To: 53, CIDR: "10.0.0.0/8"}}},
		{name: "wanted twice", want: []Rule{tcp(80, "0.0.0.0/0"), tcp(80, "0.0.0.0/0")}, add: []Rule{tcp(80, "0.0.0.0/0")}},
		{name: "everything has no ports", have: []Rule{{Protocol: "-1", CIDR: "0.0.0.0/0"}}, want: []Rule{{Protocol: "-1", To: 65535, CIDR: "0.0.0.0/0"}}},
		{name: "none wanted", have: []Rule{tcp(80, "0.0.0.0/0")}, drop: []Rule{tcp(80, "0.0.0.0/0")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			add, drop := diffRules(tt.have, tt.want)
			if !equal(add, tt.add) || !equal(drop, tt.drop) {
				t.Errorf("add %v, drop %v; want %v, %v", add, drop, tt.add, tt.drop)
			}
		})
	}
}

func TestRulesOf(t *testing.T) {
	t.Parallel()
	got := rulesOf([]types.IpPermission{
		{
			IpProtocol: aws.String("tcp"), FromPort: aws.Int32(80), ToPort: aws.Int32(81),
			IpRanges:         []types.IpRange{{CidrIp: aws.String("10.0.0.0/8")}, {CidrIp: aws.String("192.168.0.0/16")}},
			Ipv6Ranges:       []types.Ipv6Range{{CidrIpv6: aws.String("::/0")}},
			UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: aws.String("sg-1"), UserId: aws.String("123456789012")}},
		},
		{
			IpProtocol: aws.String("-1"), FromPort: aws.Int32(-1), ToPort: aws.Int32(-1),
			PrefixListIds: []types.PrefixListId{{PrefixListId: aws.String("pl-1")}},
		},
	})
	want := []Rule{
		{Protocol: "tcp", From: 80, To: 81, CIDR: "10.0.0.0/8"},
		{Protocol: "tcp", From: 80, To: 81, CIDR: "192.168.0.0/16"},
		{Protocol: "tcp", From: 80, To: 81, CIDR: "::/0"},
		{Protocol: "tcp", From: 80, To: 81, Source: engine.Lit("sg-1")},
		{Protocol: "-1", CIDR: "pl-1"},
	}
	if !equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if again := rulesOf(permissions(got)); !equal(again, want) {
		t.Errorf("through permissions and back: %v, want %v", again, want)
	}
}
