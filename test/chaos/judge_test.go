package chaos

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestTheJudgeSees: what a round must not do, it would be blamed for.
func TestTheJudgeSees(t *testing.T) {
	t.Parallel()
	had := world{"vpc vpc-1": "ours", "bucket a": "ours"}
	now := world{"vpc vpc-1": "theirs", "vpc vpc-2": "new", "vpc vpc-3": "new"}
	if harm := had.harmed(now); len(harm) != 2 {
		t.Errorf("a changed and a deleted object: %q", harm)
	}
	if n := now.counts(had)["vpc"]; n != 2 {
		t.Errorf("%d new objects, want 2", n)
	}

	at := time.Now()
	send := func(j *journal, run, name string, signed time.Time) {
		r := &http.Request{Header: http.Header{"X-Amz-Date": {signed.UTC().Format("20060102T150405Z")}}}
		c := call{run: run, service: "ec2", name: name}
		j.sent(c, r, http.StatusOK)
	}
	j := &journal{}
	send(j, "RUN1", "CreateVpc", at.Add(-time.Minute))
	if _, taken := j.afterTakeover("RUN1", "RUN2", at); taken {
		t.Error("nobody has taken the lock over")
	}
	j.changes = append(j.changes, change{run: "RUN2", at: time.Now(), lock: true})
	time.Sleep(time.Millisecond)
	send(j, "RUN1", "CreateSubnet", at.Add(-time.Second)) // was on its way
	send(j, "RUN2", "CreateSubnet", at.Add(time.Minute))
	send(j, "RUN1", "DeleteVpc", at.Add(time.Minute))
	if calls, taken := j.afterTakeover("RUN1", "RUN2", at); !taken || !slices.Equal(calls, []string{"ec2 DeleteVpc"}) {
		t.Errorf("changes after the lock was taken over: %q", calls)
	}
}

// TestLag: a list may be of some time ago, and a new object is hidden from its
// own service for a while.
func TestLag(t *testing.T) {
	t.Parallel()
	var l lag
	list := call{service: "ec2", name: "DescribeVpcs", text: "all", reads: true}
	if _, ok := l.old(list); ok {
		t.Error("an old list before any list")
	}
	l.remember(list, answer{body: []byte("none")})
	if a, ok := l.old(list); !ok || string(a.body) != "none" {
		t.Errorf("the old list is %q", a.body)
	}
	made := call{service: "ec2", name: "CreateVpc"}
	l.hide(made, answer{status: http.StatusOK, body: []byte("<vpcId>vpc-1</vpcId>")}, time.Minute)
	if h, ok := l.unseen(call{service: "ec2"}, "VpcId=vpc-1"); !ok || h.code != "InvalidVpcID.NotFound" {
		t.Errorf("a hidden VPC: %v", h)
	}
	for _, other := range []call{{service: "ec2"}, {service: "iam"}} {
		if _, ok := l.unseen(other, "VpcId=vpc-2"); ok {
			t.Errorf("%s hides what was not made", other.service)
		}
	}
}

// TestRepeats: a creation with a token is made once, also when it is sent again
// before the first answer, and anew when its object has been deleted.
func TestRepeats(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var r repeats
		var made atomic.Int32
		create := func(token string, status int) answer {
			return r.do(call{service: "ec2", name: "CreateRouteTable"}, []byte("Action=CreateRouteTable&ClientToken="+token), func() answer {
				time.Sleep(time.Second)
				return answer{status: status, body: fmt.Appendf(nil, "<routeTableId>rtb-%d</routeTableId>", made.Add(1))}
			})
		}
		wants := func(what string, a answer, id string) {
			if !strings.Contains(string(a.body), ">"+id+"<") {
				t.Errorf("%s: %s, want %s", what, a.body, id)
			}
		}
		wants("a creation that fails", create("abc", http.StatusServiceUnavailable), "rtb-1")
		var twice sync.WaitGroup
		for range 2 {
			twice.Go(func() { wants("two at once", create("abc", http.StatusOK), "rtb-2") })
		}
		twice.Wait()
		wants("once more", create("abc", http.StatusOK), "rtb-2")
		wants("another token", create("def", http.StatusOK), "rtb-3")
		r.do(call{service: "ec2", name: "DeleteRouteTable", text: "RouteTableId=rtb-2"}, nil, func() answer { return answer{status: http.StatusOK} })
		wants("after its deletion", create("abc", http.StatusOK), "rtb-4")
	})
}
