// Package cloudflare has the resource types of Cloudflare's DNS: zones that berth
// makes, and the records of any zone. It is what internal/aws/route53 is for Route 53.
//
// Cloudflare keeps each value of a name as a record of its own; a Record here is
// all of one name and type. A mark (see internal/dnsowner) tells whose they are,
// in the same batch, which Cloudflare does as a whole or not at all. A comment
// tells people who look at the dashboard.
//
// Only the packages zones, dns, accounts and option of cloudflare-go are imported: its
// root package holds every product and would make the binary several times as
// large. Fields of parameters are therefore set by hand.
//
// It imports engine and dnsmark.
package cloudflare
