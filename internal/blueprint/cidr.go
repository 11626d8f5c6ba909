package blueprint

import (
	"crypto/sha256"
	"fmt"
	"net/netip"
	"slices"
)

// avoided are second bytes of 10.0.0.0/8 that other software uses by default: the
// AWS console, k3s, Podman, Kubernetes and Flannel.
func avoided() []int { return []int{0, 42, 43, 88, 96, 244} }

// ChooseCIDR picks the /16 range of an environment's VPC within 10.0.0.0/8: always
// the same for a name, unless a used range overlaps it. It fails if a used range
// cannot be parsed, or if no range is free.
func ChooseCIDR(environment string, used []string) (string, error) {
	taken := make([]netip.Prefix, 0, len(used))
	for _, u := range used {
		p, err := netip.ParsePrefix(u)
		if err != nil {
			return "", fmt.Errorf("parsing the range of an existing network: %w", err)
		}
		taken = append(taken, p)
	}
	start := int(sha256.Sum256([]byte(environment))[0])
	for i := range 256 {
		second := (start + i) % 256
		if slices.Contains(avoided(), second) {
			continue
		}
		p := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(second)}), 16)
		if !slices.ContainsFunc(taken, p.Overlaps) {
			return p.String(), nil
		}
	}
	return "", fmt.Errorf("every /16 in 10.0.0.0/8 overlaps an existing network: set x-berth.network.cidr")
}

// subnetCIDRs divides a VPC's range into 16 equal parts: the first eight are for
// public subnets, the others for private ones, so that a further zone does not move
// any of them.
func subnetCIDRs(vpc string, zone int) (public, private string, err error) {
	p, err := netip.ParsePrefix(vpc)
	if err != nil {
		return "", "", fmt.Errorf("parsing the range of the network: %w", err)
	}
	p = p.Masked()
	if !p.Addr().Is4() || p.Bits() < 16 || p.Bits() > 24 {
		return "", "", fmt.Errorf("range of the network %s: want an IPv4 range from /16 to /24", vpc)
	}
	bits := p.Bits() + 4
	part := func(n int) string {
		a := p.Addr().As4()
		whole := uint32(a[0])<<24 | uint32(a[1])<<16 | uint32(a[2])<<8 | uint32(a[3])
		whole += uint32(n) << (32 - bits)
		return netip.PrefixFrom(netip.AddrFrom4([4]byte{
			byte(whole >> 24), byte(whole >> 16), byte(whole >> 8), byte(whole),
		}), bits).String()
	}
	return part(zone), part(8 + zone), nil
}
