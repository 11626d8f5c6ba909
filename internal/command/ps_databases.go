package command

import (
	"slices"

	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/status"
)

// wantedDatabases are the managed databases of these names, or all.
func (s *session) wantedDatabases(names []string) []status.WantedDatabase {
	var out []status.WantedDatabase
	for _, d := range s.App.Databases {
		if len(names) == 0 || slices.Contains(names, d.Name) {
			out = append(out, status.WantedDatabase{
				Name: d.Name, AWSName: blueprint.DatabaseName(s.App, s.Region, d), Cache: d.IsCache(),
			})
		}
	}
	return out
}

// databaseRows are the rows of managed databases in the table of ps.
func databaseRows(list []status.Database) [][]string {
	var rows [][]string
	for _, d := range list {
		rows = append(rows, []string{d.Name, d.State, "", "", d.Engine, "", d.Class})
	}
	return rows
}

// printHosts writes where the databases are, below the table.
func (g *globals) printHosts(list []status.Database) {
	for _, d := range list {
		if d.Host != "" {
			g.print("%s  %s:%d", d.Name, d.Host, d.Port)
		}
	}
}
