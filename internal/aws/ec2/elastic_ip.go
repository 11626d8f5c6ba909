package ec2

// ElasticIP is a fixed public IPv4 address. Outputs: id (the allocation),
// ip (the address).
type ElasticIP struct{}

// Type implements engine.Resource.
func (ElasticIP) Type() string { return "ec2.elastic-ip" }
