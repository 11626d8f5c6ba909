package keys

import "slices"

// networkKeys are the keys of networks, at the top level and in services.
func networkKeys() []Key {
	return slices.Concat(
		mapped("", "networks",
			[2]string{"networks", "a group of services that reach each other"},
			[2]string{"services.*.networks", "the groups that the service is in"},
		),
		mapped("networks.*.", "internal", [2]string{"internal", "nothing outside of the network reaches its members"}),
		byValue(rows("networks.*.", Ignored, [2]string{"external", "the network belongs to this project alone, and other projects are reached through their load balancers"})),
		rows("networks.*.", Ignored,
			[2]string{"name", "berth names what it makes"},
			[2]string{"driver", "the VPC provides the network"},
			[2]string{"driver_opts", "the VPC provides the network"},
			[2]string{"ipam", "x-berth.network.cidr sets the address range of the VPC"},
			[2]string{"attachable", "there are no containers outside of the project"},
			[2]string{"labels", "a network is not an object in AWS that could have tags"},
			[2]string{"enable_ipv4", "the VPC uses IPv4 only"},
			[2]string{"enable_ipv6", "the VPC uses IPv4 only"},
		),
		mapped(service, "aliases", [2]string{"networks.*.aliases", "further names of the service for its siblings; refused if another service has the name"}),
		remedy(rows(service+"networks.*.", Refused,
			[2]string{"ipv4_address", "AWS assigns addresses"},
			[2]string{"ipv6_address", "AWS assigns addresses"},
		), "use the service's name instead of its address"),
		rows(service+"networks.*.", Ignored,
			[2]string{"driver_opts", "the VPC provides the network"},
			[2]string{"gw_priority", "a task has one network interface"},
			[2]string{"interface_name", "a task has one network interface"},
			[2]string{"link_local_ips", "AWS assigns addresses"},
			[2]string{"mac_address", "AWS assigns addresses"},
			[2]string{"priority", "a task has one network interface"},
			[2]string{"use_service_name_alias", "a service always has its own name"},
		),
	)
}

// volumeKeys are the keys of volumes, at the top level and in services.
func volumeKeys() []Key {
	const v = service + "volumes"
	return slices.Concat(
		mapped("", "volumes",
			[2]string{"volumes", "each volume that a service mounts is an encrypted directory on EFS, or a bucket with x-berth.volumes.NAME.bucket"},
			[2]string{"volumes.*.name", "the name of its directory"},
			[2]string{"volumes.*.labels", "tags of its access point"},
			[2]string{v, "a named volume is mounted with TLS and the service's role; files of the project that are mounted read-only become a part of the image; other bind mounts are refused"},
			[2]string{v + "[].type", "volume, tmpfs or bind; others are refused"},
			[2]string{v + "[].source", "the volume's name"},
			[2]string{v + "[].target", "where it is mounted"},
			[2]string{v + "[].read_only", "the service's role may not write the volume; a bind mount becomes a part of the image"},
			[2]string{service + "volumes_from", "the named volumes of another service; within a task, its anonymous ones, too"},
		),
		noticed(service, "volumes", [2]string{"tmpfs", "a folder in the task's memory, no larger than it; /dev/shm stays as it is"}),
		mapped("", "volumes", [2]string{v + "[].tmpfs", "of a folder in memory"}, [2]string{v + "[].tmpfs.size", "how much it may hold"}),
		byValue(rows(v+"[].", Ignored, [2]string{"tmpfs.mode", "every user may write there"})),
		byValue(remedy(rows("volumes.*.", Refused,
			[2]string{"external", "x-berth.volumes.NAME.file_system or bucket must name an existing one"},
			[2]string{"driver", "local has no effect; others are plugins of a container engine"},
			[2]string{"driver_opts", "they are for Docker's local driver"},
		), "remove it: the volume is then on EFS")),
		byValue(rows(v+"[].", Ignored,
			[2]string{"volume", "a volume on EFS starts empty, a volume on a bucket with the bucket's objects"},
		)),
		byValue(rows(v+"[].", Ignored,
			[2]string{"consistency", "it is for Docker Desktop"},
		)),
		byValue(remedy(rows(v+"[].", Refused,
			[2]string{"bind", "a task cannot see the files of this computer"},
			[2]string{"image", "ECS cannot mount images"},
		), "copy the files into the image")),
	)
}
