// Package route53 has the resource types of Amazon Route 53: public hosted
// zones and the records in them.
//
// A record has no tags. A TXT record beside it, written in the same change
// batch, marks it as berth's: `_berth-a-HASH.app.example.com` marks the A
// record of app.example.com, where HASH stands for owner, account and region. A
// separate name cannot clash with a CNAME, and several owners can mark one
// record that they share, as environments do with the record that validates a
// certificate.
//
// Zones are only listed if needed: a project that has never had a name in a
// zone costs no call. KnowZones says which zones the owners' earlier runs used.
//
// It imports engine, dnsowner and gate. To add a type, add a file beside
// hosted_zone.go.
package route53
