package cli

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/berthdev/berth/internal/suggest"
)

// Regions are AWS's, for completion and suggestions. A new one that is not here is
// accepted if its name has the form of the others:
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
func Regions() []string {
	return strings.Fields(`
		af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2
		ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7
		ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2
		eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1
		us-east-1 us-east-2 us-west-1 us-west-2
		cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1 eusc-de-east-1
		us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isof-east-1 us-isof-south-1 eu-isoe-west-1`)
}

// RegionName matches the names that a region can have.
var RegionName = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]{2,4})?-(north|south|central)?(east|west)?-[1-9][0-9]?$`)

// CheckRegion refuses a name that no region can have, and one that differs by a
// letter from a region's. Without it the first call fails with the name of a host
// that does not exist.
func CheckRegion(name string) error {
	near, similar := suggest.To(name, Regions())
	typo := similar && suggest.Distance(name, near) == 1 && letters(name) != letters(near)
	if name == "" || near == name || RegionName.MatchString(name) && !typo {
		return nil
	}
	remedy := "name a region such as eu-central-1"
	if similar {
		remedy = "did you mean " + near + "?"
	}
	return &RemedyError{Err: fmt.Errorf("%q is no AWS region", name), Advice: remedy}
}

// letters is a region's name without its number.
func letters(name string) string { return strings.TrimRight(name, "0123456789") }
