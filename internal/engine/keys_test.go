package engine

import (
	"reflect"
	"testing"
)

func TestAttributesAreToldWithoutCredentials(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"10.0.0.0/16":                           "10.0.0.0/16",
		"postgres://u:hunter2@db/x":             "postgres://u:(hidden)@db/x",
		`{"berth":"{\"Statement\":[\"<*>\"]}"}`: `{"berth":"{\"Statement\":[\"<*>\"]}"}`,
		`[{"Environment":{"DB_PASSWORD":"hunter2","LEVEL":"info"},"Name":"web","Port":9007199254740993}]`: `[{"Environment":{"DB_PASSWORD":"(hidden)","LEVEL":"info"},"Name":"web","Port":9007199254740993}]`,
		`[{"Command":["serve","--password=hunter2","<x>"]}]`:                                              `[{"Command":["serve","--password=(hidden)","<x>"]}]`,
		`[{"Environment":{"URL":"postgres://u:hunter2@db/x"}}]`:                                           `[{"Environment":{"URL":"postgres://u:(hidden)@db/x"}}]`,
		`[{"Secrets":{"DB_PASSWORD":"(ssm.parameter/web.arn)"}}]`:                                         `[{"Secrets":{"DB_PASSWORD":"(ssm.parameter/web.arn)"}}]`,
		`{"execution":"{\"Resource\":[\"arn:aws:secretsmanager:eu-central-1:1:secret:team-AbCdEf\"]}"}`:   `{"execution":"{\"Resource\":[\"arn:aws:secretsmanager:eu-central-1:1:secret:team-AbCdEf\"]}"}`,
		`[{"Command":["serve","--token","hunter2","-v"]}]`:                                                `[{"Command":["serve","--token","(hidden)","-v"]}]`,
		`[{"Labels":{"basicauth.password":"hunter2","team":"a"}}]`:                                        `[{"Labels":{"basicauth.password":"(hidden)","team":"a"}}]`,
		`["(ec2.subnet/a.id)"]`: `["(ec2.subnet/a.id)"]`,
		"[not JSON":             "[not JSON",
	} {
		if got := (Attr{Name: "x", Value: value, of: reflect.TypeFor[[]part]()}).Text(); got != want {
			t.Errorf("%s is told as %s; want %s", value, got, want)
		}
	}
}
