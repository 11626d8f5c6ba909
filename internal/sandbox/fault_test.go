package sandbox

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// at injects a fault into the call with an index.
func at(index int, f Fault) func(Call) Fault {
	return func(c Call) Fault {
		if c.Index == index {
			return f
		}
		return Fault{}
	}
}

// vpcs counts the VPCs besides the default one.
func vpcs(w *World) int {
	n := 0
	for _, left := range w.Leftovers() {
		if strings.HasPrefix(left, "ec2.vpc ") {
			n++
		}
	}
	return n
}

func TestFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		fault FaultKind
		// code of the error; empty when the SDK's retry succeeds.
		code string
		// made is how many VPCs come of one CreateVpc, calls how many calls.
		made, calls int
	}{
		{"no fault", NoFault, "", 1, 1},
		{"lost before the effect: the retry makes it", FailBefore, "", 1, 2},
		{"lost after the effect: the retry makes another", FailAfter, "", 2, 2},
		{"throttled: the retry makes it", Throttle, "", 1, 2},
		{"denied", Deny, "UnauthorizedOperation", 0, 1},
		{"expired", Expire, "RequestExpired", 0, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTestWorld(t, Options{})
				w.Inject(at(0, Fault{Kind: tt.fault}))
				_, err := ec2.NewFromConfig(w.Config()).CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
				wantCode(t, err, tt.code)
				if made := vpcs(w); made != tt.made {
					t.Errorf("%d VPCs, want %d", made, tt.made)
				}
				if calls := len(w.Calls()); calls != tt.calls {
					t.Errorf("%d calls, want %d", calls, tt.calls)
				}
			})
		})
	}
}

func TestKill(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		kind FaultKind
		made int
	}{
		{"before the effect", KillBefore, 0},
		{"after the effect", KillAfter, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTestWorld(t, Options{Latency: 100 * time.Millisecond})
				c := ec2.NewFromConfig(w.Config())
				w.Inject(at(0, Fault{Kind: tt.kind}))
				_, err := c.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
				if !errors.Is(err, ErrKilled) {
					t.Fatalf("error %v", err)
				}
				if made := vpcs(w); made != tt.made {
					t.Errorf("%d VPCs, want %d", made, tt.made)
				}
				if calls := len(w.Calls()); calls != 1 {
					t.Errorf("%d calls: the dead do not retry", calls)
				}
				if _, err := c.DescribeVpcs(t.Context(), nil); !errors.Is(err, ErrKilled) {
					t.Errorf("a dead caller's call: %v", err)
				}
				w.Revive()
				if _, err := c.DescribeVpcs(t.Context(), nil); err != nil {
					t.Errorf("after Revive: %v", err)
				}
			})
		})
	}
}

func TestKillEndsCallsUnderWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTestWorld(t, Options{Latency: 100 * time.Millisecond})
		c := ec2.NewFromConfig(w.Config())
		w.Inject(at(0, Fault{Kind: KillBefore}))
		errs := make(chan error)
		for _, cidr := range []string{"10.0.0.0/16", "10.1.0.0/16"} {
			go func() {
				_, err := c.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: &cidr})
				errs <- err
			}()
			time.Sleep(time.Millisecond)
		}
		for range 2 {
			if err := <-errs; !errors.Is(err, ErrKilled) {
				t.Errorf("error %v", err)
			}
		}
		if made := vpcs(w); made != 0 {
			t.Errorf("%d VPCs, want none", made)
		}
	})
}

func TestDelay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTestWorld(t, Options{})
		w.Inject(at(0, Fault{Delay: time.Minute}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := sts.NewFromConfig(w.Config()).GetCallerIdentity(ctx, nil)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
	})
}

func TestRevivedWorldForgetsTheDead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTestWorld(t, Options{Latency: 100 * time.Millisecond})
		c := ec2.NewFromConfig(w.Config())
		w.Inject(at(0, Fault{Kind: KillBefore}))
		late := make(chan error)
		go func() { _, _ = c.DescribeVpcs(t.Context(), nil) }()
		time.Sleep(40 * time.Millisecond)
		go func() {
			_, err := c.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
			late <- err
		}()
		time.Sleep(20 * time.Millisecond)
		w.Revive()
		if err := <-late; !errors.Is(err, ErrKilled) {
			t.Errorf("a dead caller's call: %v", err)
		}
		if made := vpcs(w); made != 0 {
			t.Errorf("a dead caller made %d VPCs", made)
		}
	})
}
