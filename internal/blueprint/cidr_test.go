package blueprint

import (
	"fmt"
	"net/netip"
	"testing"
)

func TestChooseCIDRAvoidsWhatIsUsed(t *testing.T) {
	t.Parallel()
	first, err := ChooseCIDR("shop-dev", nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ChooseCIDR("shop-dev", []string{"192.168.0.0/16", "172.31.0.0/16"})
	if err != nil || again != first {
		t.Errorf("with other networks = %q, %v; want %q again", again, err, first)
	}
	other, err := ChooseCIDR("shop-dev", []string{first})
	if err != nil || other == first {
		t.Errorf("with %s taken = %q, %v; want another range", first, other, err)
	}
	inside, err := ChooseCIDR("shop-dev", []string{netip.MustParsePrefix(first).Addr().String() + "/24"})
	if err != nil || inside != other {
		t.Errorf("with a part of %s taken = %q, %v; want %q", first, inside, err, other)
	}
}

func TestChooseCIDRSaysWhyNot(t *testing.T) {
	t.Parallel()
	for name, used := range map[string][]string{
		"nothing is free":    {"10.0.0.0/8"},
		"unreadable network": {"ten"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := ChooseCIDR("shop-dev", used); err == nil {
				t.Errorf("ChooseCIDR(%v) = %q; want an error", used, got)
			}
		})
	}
}

func TestChooseCIDRNeverTakesACommonRange(t *testing.T) {
	t.Parallel()
	for i := range 2000 {
		got, err := ChooseCIDR(fmt.Sprintf("env-%d", i), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, second := range avoided() {
			if got == fmt.Sprintf("10.%d.0.0/16", second) {
				t.Fatalf("env-%d got %s", i, got)
			}
		}
	}
}

func TestSubnetCIDRs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		vpc             string
		zone            int
		public, private string
		fails           bool
	}{
		{vpc: "10.7.0.0/16", zone: 0, public: "10.7.0.0/20", private: "10.7.128.0/20"},
		{vpc: "10.7.0.0/16", zone: 2, public: "10.7.32.0/20", private: "10.7.160.0/20"},
		{vpc: "192.168.4.0/24", zone: 1, public: "192.168.4.16/28", private: "192.168.4.144/28"},
		{vpc: "10.7.3.9/16", zone: 1, public: "10.7.16.0/20", private: "10.7.144.0/20"},
		{vpc: "10.0.0.0/8", fails: true},
		{vpc: "10.0.0.0/25", fails: true},
		{vpc: "fd00::/16", fails: true},
		{vpc: "nonsense", fails: true},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s zone %d", tt.vpc, tt.zone), func(t *testing.T) {
			t.Parallel()
			public, private, err := subnetCIDRs(tt.vpc, tt.zone)
			if (err != nil) != tt.fails {
				t.Fatalf("error = %v, fails = %v", err, tt.fails)
			}
			if public != tt.public || private != tt.private {
				t.Errorf("= %s, %s; want %s, %s", public, private, tt.public, tt.private)
			}
		})
	}
}
