package storage

import "github.com/berthdev/berth/internal/sandbox/world"

// points is what the access points of EFS and of S3 Files have in common: their
// number and how long they take.
type points struct {
	account *world.Account
	// kind begins the names of their events, quota is the name of their limit.
	kind, quota string
}

// full reports whether a file system has as many access points as it can. systems
// are the file systems of all access points.
func (p *points) full(system string, systems []string) bool {
	used := 0
	for _, s := range systems {
		if s == system {
			used++
		}
	}
	return used >= p.account.Quota(p.quota, 10000)
}

// comes lets an access point become available.
func (p *points) comes(rq *world.Request, id string) {
	p.account.Schedule(rq.Now.Add(p.account.Takes(world.AccessPointAvailable)), p.kind+".point.available", id)
}

// goes lets an access point end.
func (p *points) goes(rq *world.Request, id string) {
	p.account.Schedule(rq.Now.Add(p.account.Takes(world.AccessPointDeleted)), p.kind+".point.gone", id)
}
