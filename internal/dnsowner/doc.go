// Package dnsowner says how berth marks DNS records, which have no tags, as its
// own: by a TXT record beside each, at a name of its own, so that it cannot
// clash with a CNAME. `_berth-a-HASH.app.example.com` marks the A record of
// app.example.com; HASH stands for owner, account and region.
//
// It may import internal/engine. A new provider of DNS uses it, and adds
// nothing here.
package dnsowner
