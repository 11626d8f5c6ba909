package keys

import "slices"

// networkKeys are the keys of networks, at the top level and in services.
func networkKeys() []Key {
	return slices.Concat(
		mapped("", "networks",
			[2]string{"networks", "a group of services that reach each other"},
			[2]string{"services.*.networks", "the groups that the service is in"},
		),
		mapped("networks.*.", "internal", [2]string{"internal", "nothing from outside reaches its members"}),
		byValue(rows("networks.*.", Ignored, [2]string{"external", "the network is this project's alone, and other projects are reached by their load balancer"})),
		rows("networks.*.", Ignored,
			[2]string{"name", "berth names what it makes"},
			[2]string{"driver", "the network is that of the VPC"},
			[2]string{"driver_opts", "the network is that of the VPC"},
			[2]string{"ipam", "x-berth.network.cidr sets the address range of the VPC"},
			[2]string{"attachable", "there are no containers beside the project's"},
			[2]string{"labels", "a network is no object of AWS"},
			[2]string{"enable_ipv4", "the VPC has IPv4"},
			[2]string{"enable_ipv6", "the VPC has IPv4"},
		),
		mapped(service, "aliases", [2]string{"networks.*.aliases", "further names of the service for its siblings; refused where another service has the name"}),
		remedy(rows(service+"networks.*.", Refused,
			[2]string{"ipv4_address", "AWS gives addresses"},
			[2]string{"ipv6_address", "AWS gives addresses"},
		), "use the service's name in place of its address"),
		rows(service+"networks.*.", Ignored,
			[2]string{"driver_opts", "the network is that of the VPC"},
			[2]string{"gw_priority", "a task has one network interface"},
			[2]string{"interface_name", "a task has one network interface"},
			[2]string{"link_local_ips", "AWS gives addresses"},
			[2]string{"mac_address", "AWS gives addresses"},
			[2]string{"priority", "a task has one network interface"},
			[2]string{"use_service_name_alias", "a service always answers to its own name"},
		),
	)
}

// volumeKeys are the keys of volumes, at the top level and in services.
func volumeKeys() []Key {
	const v = service + "volumes"
	return slices.Concat(
		mapped("", "volumes",
			[2]string{"volumes", "each that a service mounts is an encrypted directory of its own on EFS, or with x-berth.volumes.NAME.bucket a bucket"},
			[2]string{"volumes.*.name", "the name of its directory"},
			[2]string{"volumes.*.labels", "tags of its access point"},
			[2]string{v, "a named volume is mounted with TLS and the service's role; files of the project that are mounted read-only become a part of the image; other bind mounts are refused"},
			[2]string{v + "[].type", "volume, tmpfs or bind; others are refused"},
			[2]string{v + "[].source", "the volume's name"},
			[2]string{v + "[].target", "where it is mounted"},
			[2]string{v + "[].read_only", "the service's role may not write the volume; a bind mount becomes a part of the image"},
			[2]string{service + "volumes_from", "the named volumes of another service"},
		),
		noticed(service, "volumes", [2]string{"tmpfs", "the task's own disk"}),
		byValue(remedy(rows("volumes.*.", Refused,
			[2]string{"external", "x-berth.volumes.NAME.file_system or bucket must say what it is on"},
			[2]string{"driver", "local has no effect; others are plugins of a container engine"},
			[2]string{"driver_opts", "they are for Docker's local driver"},
		), "take it out: the volume is on EFS")),
		byValue(rows(v+"[].", Ignored,
			[2]string{"volume", "a volume on EFS begins empty, one on a bucket with its objects"},
		)),
		byValue(rows(v+"[].", Ignored,
			[2]string{"consistency", "it is for Docker Desktop"},
			[2]string{"tmpfs", "a task's disk has no parts with sizes of their own"},
		)),
		byValue(remedy(rows(v+"[].", Refused,
			[2]string{"bind", "a task does not see the files of this computer"},
			[2]string{"image", "ECS mounts no images"},
		), "copy the files into the image")),
	)
}
