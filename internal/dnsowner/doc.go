// Package dnsowner knows how berth marks DNS records, which have no tags, as its own:
// by a TXT record for each, at a different name, so that it cannot conflict with a
// CNAME. `_berth-a-HASH.app.example.com` marks the A record of app.example.com; HASH
// stands for owner, account and region.
//
// It may import internal/engine. A new DNS provider uses it and changes nothing here.
package dnsowner
