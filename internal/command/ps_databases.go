package command

import "github.com/berthdev/berth/internal/status"

// databaseRows are the rows of managed databases in the table of ps.
func databaseRows(list []status.Database) [][]string {
	var rows [][]string
	for _, d := range list {
		rows = append(rows, []string{d.Name, d.Words(), "", "", d.Engine, "", "", d.Class})
	}
	return rows
}
