package app

import "github.com/berthdev/berth/internal/app/settings"

// Setting is one setting with the origin of its value.
type Setting[T any] = settings.Setting[T]

// Settings are the effective settings of an environment and a stack.
type Settings = settings.Settings

// Values of Settings.
const (
	SpotNever              = settings.SpotNever
	SpotFurther            = settings.SpotFurther
	SpotPrefer             = settings.SpotPrefer
	PresetAffordable       = settings.PresetAffordable
	PresetBalanced         = settings.PresetBalanced
	PresetHighAvailability = settings.PresetHighAvailability
	NATNone                = settings.NATNone
	NATSingle              = settings.NATSingle
	NATPerZone             = settings.NATPerZone
	SubnetsPublic          = settings.SubnetsPublic
	SubnetsPrivate         = settings.SubnetsPrivate
	DiscoveryDNS           = settings.DiscoveryDNS
	DiscoveryConnect       = settings.DiscoveryConnect
	IngressBalancer        = settings.IngressBalancer
	IngressDirect          = settings.IngressDirect
	DNSRoute53             = settings.DNSRoute53
	DNSCloudflare          = settings.DNSCloudflare
	DNSNone                = settings.DNSNone
	CapacityFargate        = settings.CapacityFargate
	ExecLogs               = settings.ExecLogs
	ExecNone               = settings.ExecNone
)

// AuditBucket is the bucket in a value of ExecAudit; ok is false if it names none.
func AuditBucket(audit string) (bucket settings.AuditPlace, ok bool) {
	return settings.AuditBucket(audit)
}
