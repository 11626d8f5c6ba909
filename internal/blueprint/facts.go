package blueprint

import (
	"github.com/berthdev/berth/internal/aws/existing"
)

// Facts are what the graph needs to know about the account and the region.
type Facts struct {
	// Account is the 12-digit account id, Region and Partition are as in ARNs.
	Account, Region, Partition string
	// Zones are the names of availability zones in the order in which berth uses
	// them: those in which the environment has subnets come first, so that a zone
	// that AWS adds does not move anything.
	Zones []string
	// CIDR is the range of the environment's VPC if it exists, else what ChooseCIDR
	// found. A range in the settings takes precedence.
	CIDR string
	// Secrets are the versions of the existing secrets, by the name, path or ARN that
	// the app uses for them. See app.Secret.
	Secrets map[string]string
	// Names are the zones and certificates of the hosts.
	Names HostFacts
	// Existing are facts about the objects that the file names by id; zero until they
	// have been read.
	Existing existing.Facts
	// Images are the digests of the contents of the builds, by app.Build.Key. A build
	// without a digest is not made, because its files have not been read.
	Images map[string]string
	// BuildsInAccount says that images are built by CodeBuild.
	BuildsInAccount bool
}

// Draft are facts for a graph of which only the names matter: the zones and the
// range of the network are made up, and the rest is empty. Names in AWS do not
// depend on them.
func Draft(account, region, partition string) Facts {
	return Facts{
		Account: account, Region: region, Partition: partition,
		Zones: []string{region + "a", region + "b", region + "c"}, CIDR: "10.0.0.0/16",
	}
}

// WithCertificates are the facts as if these hosts had certificates, and no others.
// It is for commands that show addresses and know only which hosts have TLS.
func (f Facts) WithCertificates(hosts []string) Facts {
	f.Names.Certificates = map[string]string{}
	for _, host := range hosts {
		f.Names.Certificates[host] = "(certificate)"
	}
	return f
}
