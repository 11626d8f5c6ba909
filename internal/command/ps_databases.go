package command

import "github.com/berthdev/berth/internal/status"

// databaseRows are the rows of managed databases in the table of ps.
func databaseRows(list []status.Database) [][]string {
	var rows [][]string
	for _, d := range list {
		rows = append(rows, []string{d.Name, d.State, "", "", d.Engine, "", d.Class})
	}
	return rows
}

// printHosts writes where the databases are, below the table.
func (v *psVerb) printHosts(list []status.Database) {
	for _, d := range list {
		if d.Host != "" {
			v.print("%s  %s:%d", d.Name, d.Host, d.Port)
		}
	}
}
