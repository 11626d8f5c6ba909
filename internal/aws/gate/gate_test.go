package gate_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

// answer is an answer of the fake wire: an error, or a status and a body.
type answer struct {
	status int
	body   string
	err    error
}

// wire answers the calls in order; the last answer repeats.
type wire struct {
	mu      sync.Mutex
	answers []answer
	times   []time.Time
}

func (w *wire) Do(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.times = append(w.times, time.Now())
	a := w.answers[0]
	if len(w.answers) > 1 {
		w.answers = w.answers[1:]
	}
	if a.err != nil {
		return nil, a.err
	}
	return &http.Response{
		StatusCode: a.status, Header: http.Header{}, Request: r,
		Body: io.NopCloser(strings.NewReader(a.body)),
	}, nil
}

func failed(status int, code, message string) answer {
	return answer{status: status, body: "<Response><Errors><Error><Code>" + code + "</Code><Message>" + message +
		"</Message></Error></Errors><RequestID>1</RequestID></Response>"}
}

// done answers every operation of these tests.
func done() answer {
	return answer{status: 200, body: "<Response><vpc><vpcId>vpc-1</vpcId></vpc>" +
		"<subnet><subnetId>subnet-1</subnetId></subnet></Response>"}
}

func reset() answer {
	return answer{err: &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}}
}

func client(o gate.Options, answers ...answer) (*ec2.Client, *gate.Gate, *wire) {
	w := &wire{answers: answers}
	if o.Rand == nil {
		o.Rand = func() float64 { return 1 }
	}
	g := gate.New(o)
	cfg := aws.Config{
		Region:     "eu-central-1",
		HTTPClient: w,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "x", SecretAccessKey: "x"}, nil
		}),
	}
	g.Attach(&cfg)
	return ec2.NewFromConfig(cfg), g, w
}

func createVPC(ctx context.Context, c *ec2.Client) error {
	_, err := c.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
	return err
}

func createSubnet(ctx context.Context, c *ec2.Client) error {
	_, err := c.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: aws.String("vpc-1")})
	return err
}

func TestRetries(t *testing.T) {
	t.Parallel()
	throttled := failed(503, "RequestLimitExceeded", "Request limit exceeded.")
	broken := failed(500, "InternalError", "An internal error has occurred")
	absent := failed(400, "InvalidVpcID.NotFound", "The vpc ID 'vpc-1' does not exist")
	tests := []struct {
		name    string
		answers []answer
		do      func(context.Context, *ec2.Client) error
		ctx     func(context.Context) context.Context
		sent    int
		took    time.Duration
		class   engine.Class
		fails   bool
	}{
		{name: "success", answers: []answer{done()}, do: createVPC, sent: 1},
		{name: "throttled then done", answers: []answer{throttled, throttled, done()}, do: createVPC, sent: 3, took: 1500 * time.Millisecond},
		{name: "throttled for ever", answers: []answer{throttled}, do: createVPC, sent: 8, took: 35500 * time.Millisecond, class: engine.Throttled, fails: true},
		{name: "lost answer of a create by tag", answers: []answer{reset(), done()}, do: createVPC, sent: 1, class: engine.Unknown, fails: true},
		{name: "fault of a create by tag", answers: []answer{broken, done()}, do: createVPC, sent: 1, class: engine.Unknown, fails: true},
		{name: "no connection", answers: []answer{{err: &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}}, done()}, do: createVPC, sent: 2, took: 100 * time.Millisecond},
		{name: "lost answer of a create by name", answers: []answer{reset(), done()}, do: createSubnet, sent: 2, took: 100 * time.Millisecond},
		{name: "faults of a create by name", answers: []answer{broken}, do: createSubnet, sent: 5, took: 1500 * time.Millisecond, class: engine.Unknown, fails: true},
		{name: "absent", answers: []answer{absent}, do: createSubnet, sent: 1, class: engine.NotFound, fails: true},
		{name: "absent because new", answers: []answer{absent, absent, done()}, do: createSubnet, ctx: gate.JustMade, sent: 3, took: 750 * time.Millisecond},
		{name: "absent for too long", answers: []answer{absent}, do: createSubnet, ctx: gate.JustMade, sent: 12, took: 17750 * time.Millisecond, class: engine.NotYet, fails: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, g, w := client(gate.Options{}, tt.answers...)
				ctx := t.Context()
				if tt.ctx != nil {
					ctx = tt.ctx(ctx)
				}
				began := time.Now()
				err := tt.do(ctx, c)
				if (err != nil) != tt.fails || engine.ClassOf(err) != tt.class {
					t.Errorf("got error %v of class %d, want class %d, failure %t", err, engine.ClassOf(err), tt.class, tt.fails)
				}
				if got := time.Since(began); got != tt.took {
					t.Errorf("took %v, want %v", got, tt.took)
				}
				if len(w.times) != tt.sent {
					t.Errorf("sent %d times, want %d", len(w.times), tt.sent)
				}
				if all, changing := gate.Total(g.Counts()); all != tt.sent || changing != tt.sent {
					t.Errorf("counted %d calls, %d changing, want %d", all, changing, tt.sent)
				}
			})
		})
	}
}

func TestCancelEndsRetries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, _ := client(gate.Options{}, failed(503, "RequestLimitExceeded", "slow down"))
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errors.New("interrupted"))
		defer cancel()
		began := time.Now()
		err := createVPC(ctx, c)
		if time.Since(began) != time.Second || gate.Code(err) != "RequestLimitExceeded" {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
	})
}

func TestBuckets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, w := client(gate.Options{}, done())
		began := time.Now()
		var wg sync.WaitGroup
		for range 60 {
			wg.Go(func() {
				if err := createSubnet(t.Context(), c); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		// 50 at once, then 5 a second, a hundredth slower than documented.
		if got, want := time.Since(began), 2020*time.Millisecond; got != want {
			t.Errorf("60 mutating calls took %v, want %v", got, want)
		}
		if got := w.times[49].Sub(began); got != 0 {
			t.Errorf("the 50th call was sent after %v, want at once", got)
		}
	})
}

// The lock may be lost while a call is signed, which may fetch credentials over
// the network: the guard is called after that.
func TestGuardIsAskedLast(t *testing.T) {
	t.Parallel()
	w := &wire{answers: []answer{done()}}
	g := gate.New(gate.Options{})
	var lost error
	gone := errors.New("the lease is lost")
	cfg := aws.Config{
		Region: "eu-central-1", HTTPClient: w,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			lost = gone
			return aws.Credentials{AccessKeyID: "x", SecretAccessKey: "x"}, nil
		}),
	}
	g.Attach(&cfg)
	ctx := gate.WithGuard(t.Context(), func() error { return lost })
	if err := createVPC(ctx, ec2.NewFromConfig(cfg)); !errors.Is(err, gone) {
		t.Errorf("got %v, want the guard's refusal", err)
	}
	if len(w.times) > 0 {
		t.Errorf("%d calls were sent", len(w.times))
	}
}

func TestGuard(t *testing.T) {
	t.Parallel()
	c, g, w := client(gate.Options{}, done())
	lost := errors.New("the lease is lost")
	guarded := gate.WithGuard(t.Context(), func() error { return lost })
	err := createVPC(guarded, c)
	if !errors.Is(err, lost) {
		t.Errorf("got %v, want the guard's refusal", err)
	}
	if got, want := gate.Text(err), "ec2 CreateVpc: not sent: the lease is lost"; got != want {
		t.Errorf("text %q, want %q", got, want)
	}
	if _, err := c.DescribeVpcs(guarded, &ec2.DescribeVpcsInput{}); err != nil {
		t.Errorf("a reading call: %v", err)
	}
	if err := createVPC(t.Context(), c); err != nil {
		t.Errorf("without a guard: %v", err)
	}
	want := []gate.Count{
		{Service: "ec2", Operation: "CreateVpc", Calls: 1},
		{Service: "ec2", Operation: "DescribeVpcs", Calls: 1},
	}
	if d := cmp.Diff(want, g.Counts()); d != "" || len(w.times) != 2 {
		t.Errorf("sent %d, counts (-want +got):\n%s", len(w.times), d)
	}
}

func TestNoCredentials(t *testing.T) {
	t.Parallel()
	w := &wire{answers: []answer{done()}}
	g := gate.New(gate.Options{})
	cfg := aws.Config{Region: "eu-central-1", HTTPClient: w, Credentials: aws.CredentialsProviderFunc(
		func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{}, errors.New("the SSO session has expired")
		})}
	g.Attach(&cfg)
	err := createVPC(t.Context(), ec2.NewFromConfig(cfg))
	if engine.ClassOf(err) != engine.Expired || len(w.times) != 0 {
		t.Errorf("got %v of class %d after %d calls, want Expired after none", err, engine.ClassOf(err), len(w.times))
	}
	if got, want := gate.Text(err), "ec2 CreateVpc: the SSO session has expired"; got != want {
		t.Errorf("text %q, want %q", got, want)
	}
}

func TestObserve(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var seen []gate.Attempt
		c, _, _ := client(gate.Options{Observe: func(a gate.Attempt) { seen = append(seen, a) }},
			failed(503, "RequestLimitExceeded", "slow down"), done())
		if err := createVPC(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if len(seen) != 2 || seen[0].Err == nil || seen[1].Err != nil || seen[1].Number != 2 {
			t.Errorf("observed %+v", seen)
		}
	})
}

// TestSharedBuckets: two gates to one account and region share their tokens,
// and a caller that gives up gives its token back.
func TestSharedBuckets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := gate.NewBuckets(clock.Wall{})
		first, _, _ := client(gate.Options{Buckets: b}, done())
		second, _, _ := client(gate.Options{Buckets: b}, done())
		for range 50 {
			if err := createSubnet(t.Context(), first); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if err := createSubnet(ctx, second); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("an empty bucket let a call pass: %v", err)
		}
		began := time.Now()
		if err := createSubnet(t.Context(), second); err != nil {
			t.Fatal(err)
		}
		if got, want := time.Since(began), 102*time.Millisecond; got != want {
			t.Errorf("waited %v, want %v", got, want)
		}
	})
}
