package catalog

// engineImages are programs that watch or steer the container engine beside
// them. A proxy that finds its services there is one of them.
func engineImages() []Image {
	return []Image{
		{Name: "watchtower", Other: []int{8080}, Engine: true},
		{Name: "portainer", Other: []int{8000, 9000, 9443}, Engine: true},
		{Name: "portainer-ce", Other: []int{8000, 9000, 9443}, Engine: true},
		{Name: "portainer/agent", Other: []int{9001}, Engine: true},
		{Name: "dozzle", Other: []int{8080}, Engine: true},
		{Name: "cadvisor", Other: []int{8080}, Engine: true},
		{Name: "docker-autoheal", Other: []int{80}, Engine: true},
		{Name: "autoheal", Other: []int{80}, Engine: true},
		{Name: "diun", Other: []int{42286}, Engine: true},
		{Name: "ofelia", Other: []int{8080}, Engine: true},
		{Name: "docker-socket-proxy", Other: []int{2375}, Engine: true},
		{Name: "socket-proxy", Other: []int{2375}, Engine: true},
		{Name: "nginx-proxy", HTTP: []int{80}, Other: []int{443}, Engine: true},
		{Name: "nginxproxy/nginx-proxy", HTTP: []int{80}, Other: []int{443}, Engine: true},
		{Name: "acme-companion", Other: []int{80}, Engine: true},
		{Name: "docker-gen", Other: []int{80}, Engine: true},
		{Name: "caddy-docker-proxy", HTTP: []int{80}, Other: []int{443}, Engine: true},
		{Name: "logspout", Other: []int{80}, Engine: true},
	}
}
