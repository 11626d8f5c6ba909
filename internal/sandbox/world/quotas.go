package world

// Quota is one of AWS's limits.
type Quota struct {
	// Name is what Options.Quotas and Account.Quota call it.
	Name string
	// Service and Code identify the quota in Service Quotas, Title is its name
	// there.
	Service, Code, Title string
	// Value is AWS's default.
	Value int
}

// Quotas lists the limits that the sandbox knows, with AWS's defaults. Sources:
// the service endpoints and quotas pages of the AWS General Reference. A new
// account's Fargate quota is lower than documented; users report 6.
func Quotas() []Quota {
	return []Quota{
		{"vpcs", "vpc", "L-F678F1CE", "VPCs per Region", 5},
		{"internet gateways", "vpc", "L-A4707A72", "Internet gateways per Region", 5},
		{"nat gateways per zone", "vpc", "L-FE5A380F", "NAT gateways per Availability Zone", 5},
		{"security groups", "vpc", "L-E79EC296", "VPC security groups per Region", 2500},
		{"rules per group", "vpc", "L-0EA8095F", "Inbound or outbound rules per security group", 60},
		{"addresses", "ec2", "L-0263D0A3", "EC2-VPC Elastic IPs", 5},
		{"fargate vcpu", "fargate", "L-3032A538", "Fargate On-Demand vCPU resource count", 6},
		{"fargate spot vcpu", "fargate", "L-36FBB829", "Fargate Spot vCPU resource count", 6},
		{"load balancers", "elasticloadbalancing", "L-53DA6B97", "Application Load Balancers per Region", 50},
		{"network load balancers", "elasticloadbalancing", "L-69A177A2", "Network Load Balancers per Region", 50},
		{"target groups", "elasticloadbalancing", "L-B22855CB", "Target Groups per Region", 3000},
		{"listeners per load balancer", "elasticloadbalancing", "L-B6DF7632", "Listeners per Application Load Balancer", 50},
		{"rules per load balancer", "elasticloadbalancing", "L-4E7FAD9A", "Rules per Application Load Balancer", 100},
		{"clusters", "ecs", "L-21C621EB", "Clusters per account", 10000},
		{"services per cluster", "ecs", "L-9EF96962", "Services per cluster", 5000},
		{"roles", "iam", "L-FE177D64", "Roles per account", 1000},
		{"file systems", "elasticfilesystem", "L-848C634D", "File systems per account", 1000},
		{"db instances", "rds", "L-7B6409FD", "DB instances", 40},
		{"cache nodes", "elasticache", "L-DFE45DF3", "Nodes per Region", 300},
		{"buckets", "s3", "L-DC2B2D3D", "General purpose buckets", 10000},
	}
}
