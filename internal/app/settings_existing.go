package app

// setExisting sets the existing objects that the file names by id. In an existing
// VPC some defaults differ: tasks run in the subnets that the file names, and
// siblings find each other by Service Connect, because a VPC has one search domain
// and berth does not change that of an existing VPC.
func setExisting(r reading, s *Settings) {
	x := r.project.XBerth
	if x.Network.SecurityGroups != nil {
		set(r, &s.SecurityGroups, "network.security_groups", &x.Network.SecurityGroups)
	}
	if x.Network.ElasticIPs != nil {
		set(r, &s.ElasticIPs, "network.elastic_ips", &x.Network.ElasticIPs)
	}
	set(r, &s.Cluster, "cluster", x.Cluster)
	set(r, &s.LoadBalancer, "load_balancer", x.LoadBalancer)
	set(r, &s.ExecutionRole, "execution_role_arn", x.ExecutionRoleARN)
	set(r, &s.TaskRole, "task_role_arn", x.TaskRoleARN)
	set(r, &s.PermissionsBoundary, "permissions_boundary", x.PermissionsBoundary)
	if s.VPC.Value == "" {
		return
	}
	s.Discovery = Setting[string]{Value: DiscoveryConnect, Origin: "existing VPC"}
	if x.Network.Tasks != nil {
		return
	}
	switch public, private := len(s.PublicSubnets.Value) > 0, len(s.PrivateSubnets.Value) > 0; {
	case private && !public:
		s.TaskSubnets = Setting[string]{Value: SubnetsPrivate, Origin: "existing subnets"}
	case public && !private:
		s.TaskSubnets = Setting[string]{Value: SubnetsPublic, Origin: "existing subnets"}
	}
}

// setNames sets the settings of names and TLS.
func setNames(r reading, s *Settings) {
	x := r.project.XBerth
	set(r, &s.Ingress, "ingress", x.Ingress)
	set(r, &s.DNSProvider, "dns.provider", x.DNS.Provider)
	set(r, &s.DNSZone, "dns.zone", x.DNS.Zone)
	set(r, &s.DNSAutoCreate, "dns.auto_create", x.DNS.AutoCreate)
	set(r, &s.DNSRole, "dns.role", x.DNS.Role)
	set(r, &s.Certificate, "certificate", x.Certificate)
	if s.DNSRole.Value != "" && s.DNSProvider.Value != DNSRoute53 {
		r.refuse("x-berth.dns.role", "dns.role has no use with "+s.DNSProvider.Value, "the role is for Route 53 in another account", "remove role")
	}
	if s.Ingress.Value == IngressDirect && s.Certificate.Value != "" {
		r.notice("x-berth.certificate", "the certificate is not used: without a load balancer there is no TLS")
	}
}
