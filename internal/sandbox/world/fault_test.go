package world_test

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

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// at injects a fault into the call with an index.
func at(index int, f world.Fault) func(world.Call) world.Fault {
	return func(c world.Call) world.Fault {
		if c.Index == index {
			return f
		}
		return world.Fault{}
	}
}

// vpcs counts the VPCs besides the default one.
func vpcs(w *sandbox.World) int {
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
		fault world.FaultKind
		// code of the error; empty when the SDK's retry succeeds.
		code string
		// made is how many VPCs come of one CreateVpc, calls how many calls.
		made, calls int
	}{
		{"no fault", world.NoFault, "", 1, 1},
		{"lost before the effect: the retry makes it", world.FailBefore, "", 1, 2},
		{"lost after the effect: the retry makes another", world.FailAfter, "", 2, 2},
		{"throttled: the retry makes it", world.Throttle, "", 1, 2},
		{"denied", world.Deny, "UnauthorizedOperation", 0, 1},
		{"expired", world.Expire, "RequestExpired", 0, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := sandboxtest.New(t, world.Options{})
				w.Inject(at(0, world.Fault{Kind: tt.fault}))
				_, err := ec2.NewFromConfig(w.Config()).CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
				sandboxtest.WantCode(t, err, tt.code)
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
		kind world.FaultKind
		made int
	}{
		{"before the effect", world.KillBefore, 0},
		{"after the effect", world.KillAfter, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := sandboxtest.New(t, world.Options{Latency: 100 * time.Millisecond})
				c := ec2.NewFromConfig(w.Config())
				w.Inject(at(0, world.Fault{Kind: tt.kind}))
				_, err := c.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
				if !errors.Is(err, world.ErrKilled) {
					t.Fatalf("error %v", err)
				}
				if made := vpcs(w); made != tt.made {
					t.Errorf("%d VPCs, want %d", made, tt.made)
				}
				if calls := len(w.Calls()); calls != 1 {
					t.Errorf("%d calls: the dead do not retry", calls)
				}
				if _, err := c.DescribeVpcs(t.Context(), nil); !errors.Is(err, world.ErrKilled) {
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
		w := sandboxtest.New(t, world.Options{Latency: 100 * time.Millisecond})
		c := ec2.NewFromConfig(w.Config())
		w.Inject(at(0, world.Fault{Kind: world.KillBefore}))
		errs := make(chan error)
		for _, cidr := range []string{"10.0.0.0/16", "10.1.0.0/16"} {
			go func() {
				_, err := c.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: &cidr})
				errs <- err
			}()
			time.Sleep(time.Millisecond)
		}
		for range 2 {
			if err := <-errs; !errors.Is(err, world.ErrKilled) {
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
		w := sandboxtest.New(t, world.Options{})
		w.Inject(at(0, world.Fault{Delay: time.Minute}))
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
		w := sandboxtest.New(t, world.Options{Latency: 100 * time.Millisecond})
		c := ec2.NewFromConfig(w.Config())
		w.Inject(at(0, world.Fault{Kind: world.KillBefore}))
		late := make(chan error)
		go func() { _, _ = c.DescribeVpcs(t.Context(), nil) }()
		time.Sleep(40 * time.Millisecond)
		go func() {
			_, err := c.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
			late <- err
		}()
		time.Sleep(20 * time.Millisecond)
		w.Revive()
		if err := <-late; !errors.Is(err, world.ErrKilled) {
			t.Errorf("a dead caller's call: %v", err)
		}
		if made := vpcs(w); made != 0 {
			t.Errorf("a dead caller made %d VPCs", made)
		}
	})
}
