package sandbox

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// SetDatabaseStatus puts a database instance into a status that AWS alone
// brings about, as "failed" or "storage-full".
func (w *World) SetDatabaseStatus(name, status string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.settle(w.now())
	d := w.rds.s.Instances.get(name)
	if d == nil {
		return fmt.Errorf("the sandbox has no database %s", name)
	}
	d.Shown.DBInstanceStatus = aws.String(status)
	return nil
}

// SetCacheStatus is SetDatabaseStatus for a replication group.
func (w *World) SetCacheStatus(name, status string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.settle(w.now())
	g := w.cache.s.Groups.get(name)
	if g == nil {
		return fmt.Errorf("the sandbox has no cache %s", name)
	}
	g.Shown.Status = aws.String(status)
	return nil
}
