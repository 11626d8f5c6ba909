package world_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

func TestSaveAndLoad(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deep", "sandbox.json")
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{Seed: 5, MaxLag: 15 * time.Second})
		c := ec2.NewFromConfig(w.Config())
		sandboxtest.MakeVPC(t, c, "10.0.0.0/16")
		time.Sleep(15 * time.Second)
		before, saved := w.Dump(), w.Clock().Now()
		sandboxtest.Must(t, w.Save(path))
		info, err := os.Stat(path)
		sandboxtest.Must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("the file's mode is %v", info.Mode())
		}
		time.Sleep(time.Hour)
		again, err := sandbox.Load(path, world.Options{})
		sandboxtest.Must(t, err)
		if now := again.Clock().Now(); !now.Equal(saved) {
			t.Errorf("the world's clock moved to %v while nobody looked", now)
		}
		if after := again.Dump(); after != before {
			t.Errorf("loaded:\n%s\nsaved:\n%s", after, before)
		}
		one, other := sandboxtest.MakeVPC(t, ec2.NewFromConfig(w.Config()), "10.9.0.0/16"), sandboxtest.MakeVPC(t, ec2.NewFromConfig(again.Config()), "10.9.0.0/16")
		if one != other {
			t.Errorf("the seed is lost: the next VPC is %s, in the loaded world %s", one, other)
		}
	})
}

func TestLoadGoesOnWithWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "sandbox.json")
	synctest.Test(t, func(t *testing.T) {
		w := sandboxtest.New(t, world.Options{})
		n := sandboxtest.MakeNetwork(t, w)
		in := &ec2.CreateNatGatewayInput{SubnetId: &n.Public, AllocationId: &n.Address, ClientToken: aws.String("t")}
		first, err := n.C.CreateNatGateway(t.Context(), in)
		sandboxtest.Must(t, err)
		time.Sleep(world.NATAvailable.In(world.Typical) - time.Second)
		sandboxtest.Must(t, w.Save(path))
		again, err := sandbox.Load(path, world.Options{})
		sandboxtest.Must(t, err)
		time.Sleep(time.Second)
		second, err := ec2.NewFromConfig(again.Config()).CreateNatGateway(t.Context(), in)
		sandboxtest.Must(t, err)
		if *second.NatGateway.NatGatewayId != *first.NatGateway.NatGatewayId {
			t.Error("the token is forgotten")
		}
		if second.NatGateway.State != types.NatGatewayStateAvailable {
			t.Errorf("state %s", second.NatGateway.State)
		}
	})
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := sandbox.Load(filepath.Join(dir, "none"), world.Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	for name, text := range map[string]string{"broken": "{", "future": `{"Version":99}`} {
		path := filepath.Join(dir, name)
		sandboxtest.Must(t, os.WriteFile(path, []byte(text), 0o600))
		if _, err := sandbox.Load(path, world.Options{}); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// TestDumpsOfLikeWorldsAreEqual builds the same network in a different order
// and with different ids.
func TestDumpsOfLikeWorldsAreEqual(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		build := func(seed uint64, order []string) string {
			w := sandboxtest.New(t, world.Options{Seed: seed})
			c := ec2.NewFromConfig(w.Config())
			time.Sleep(time.Duration(seed) * time.Second)
			id := sandboxtest.MakeVPC(t, c, "10.0.0.0/16")
			subnets := map[string]string{}
			for _, cidr := range order {
				subnets[cidr] = sandboxtest.MakeSubnet(t, c, id, cidr)
			}
			table, err := c.CreateRouteTable(t.Context(), &ec2.CreateRouteTableInput{VpcId: &id})
			sandboxtest.Must(t, err)
			for _, cidr := range order {
				_, err = c.AssociateRouteTable(t.Context(), &ec2.AssociateRouteTableInput{
					RouteTableId: table.RouteTable.RouteTableId, SubnetId: aws.String(subnets[cidr]),
				})
				sandboxtest.Must(t, err)
			}
			return w.Dump()
		}
		a := build(1, []string{"10.0.0.0/24", "10.0.1.0/24"})
		b := build(2, []string{"10.0.1.0/24", "10.0.0.0/24"})
		if a != b {
			t.Errorf("one:\n%s\nother:\n%s", a, b)
		}
		if c := build(1, []string{"10.0.0.0/24", "10.0.2.0/24"}); c == a {
			t.Error("another network has the same dump")
		}
	})
}
