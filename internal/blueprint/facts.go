package blueprint

import (
	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/existing"
)

// Facts are what the graph needs to know of the account and the region.
type Facts struct {
	// Account is the 12-digit account id, Region and Partition are the words of ARNs.
	Account, Region, Partition string
	// Zones are the names of availability zones in the order in which they are
	// to be used: those that the environment has subnets in come first, so that
	// a zone that AWS adds moves nothing.
	Zones []string
	// CIDR is the range of the environment's VPC if it exists, else what
	// ChooseCIDR found. A range in the settings goes before it.
	CIDR string
	// Secrets are the secrets that exist, with their versions, by what they are
	// called in the app: a name, a path or an ARN. See app.Secret.
	Secrets map[string]string
	// Names are the zones and certificates of the hosts.
	Names HostFacts
	// Existing is what was found of the things that the file names by id; zero
	// until they were read.
	Existing existing.Facts
	// Images are the digests of what the builds are made of, by app.Build.Key.
	// A build without one is not made, because its files have not been read.
	Images map[string]string
	// BuildsInAccount says that images are built by CodeBuild.
	BuildsInAccount bool
}

// Draft are facts for a graph of which only the names matter: its zones and the
// range of its network are made up, and nothing else is known. Names in AWS
// depend on neither.
func Draft(account, region, partition string) Facts {
	return Facts{
		Account: account, Region: region, Partition: partition,
		Zones: []string{region + "a", region + "b", region + "c"}, CIDR: "10.0.0.0/16",
	}
}

// WithCertificates are the facts as if every host of the app had a certificate.
// A reader that shows addresses and asks for no certificates supposes it.
func (f Facts) WithCertificates(a *app.App) Facts {
	f.Names.Certificates = map[string]string{}
	for _, host := range a.HostNames() {
		f.Names.Certificates[host] = "(certificate)"
	}
	return f
}
