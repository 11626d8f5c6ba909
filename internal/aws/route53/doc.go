// Package route53 has the resource types of Amazon Route 53: public hosted
// zones and the records in them.
//
// A record has no tags. What is berth's is told by a TXT record beside it, in
// the same change batch: `_berth-a-HASH.app.example.com` marks the A record of
// app.example.com, where HASH stands for owner, account and region. A name of
// its own cannot clash with a CNAME, and several owners can mark one record
// that they share, as environments do with the record that validates a
// certificate.
//
// Zones are not listed for nothing: a project that has never had a name in one
// costs no call. KnowZones tells which zones the owners' earlier runs used.
//
// It imports engine, dnsowner and gate. Another type is a file of its own beside
// hosted_zone.go.
package route53
