package sandbox

import "github.com/berthdev/berth/internal/sandbox/scheduler"

// ImageDigest returns the present digest of an image reference, such as
// sha256:0123...; a digest in the reference itself takes precedence.
func (w *World) ImageDigest(ref string) string {
	defer w.Enter()()
	return w.ecs.Images.ImageDigest(ref)
}

// Parameter returns the newest value of a parameter; ok is false if there is
// none.
func (w *World) Parameter(name string) (value string, ok bool) {
	defer w.Enter()()
	return w.ssm.Value(name)
}

// Zones returns the names of the world's public zones with their ids.
func (w *World) Zones() map[string]string {
	defer w.Enter()()
	return w.route53.PublicZones()
}

// Lookup answers for a name as the world's public zones do, including those at
// Cloudflare, with the values of its records of a type; for an alias to a load
// balancer it answers with the balancer's host name. ok is false if no zone has
// the name.
func (w *World) Lookup(name, kind string) (values []string, ok bool) {
	defer w.Enter()()
	if values := w.cloudflare.Lookup(name, kind); len(values) > 0 {
		return values, true
	}
	return w.route53.Lookup(name, kind)
}

// Resolve returns what the name resolver of a container answers: the IPv4
// addresses of a name. from is a task's ARN, or the ARN or name of a service,
// whose oldest running task then asks. If the name does not resolve, the result
// is an error.
//
// Who can resolve what: a name in a Cloud Map namespace of the task's own VPC,
// in full or with the search domain of the VPC's DHCP options; and the client
// aliases of Service Connect services that were there when the task started.
func (w *World) Resolve(from, name string) ([]string, error) {
	defer w.Enter()()
	return w.ecs.Resolver.Resolve(from, name)
}

// Connect reports whether from (see Resolve) reaches a TCP port at the
// addresses of a name: nil, or an error that says what blocks it.
func (w *World) Connect(from, name string, port int) error {
	defer w.Enter()()
	return w.ecs.Resolver.Connect(from, name, port)
}

// Messages are what was published to a topic, the newest last.
func Messages(w *World, topic string) []string {
	defer w.Enter()()
	return w.sns.Messages(topic)
}

// Firings are the last calls that a schedule has made, and those that AWS gave up.
func Firings(w *World, group, name string) (calls, failures []scheduler.Firing) {
	defer w.Enter()()
	return w.scheduler.Firings(group, name)
}
