package world

import (
	"maps"
	"reflect"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// TagMap reads the tags of an SDK: structs with the fields Key and Value.
func TagMap[T any](list []T) map[string]string {
	tags := map[string]string{}
	for i := range list {
		tag := reflect.ValueOf(&list[i]).Elem()
		key, _ := tag.FieldByName("Key").Interface().(*string)
		value, _ := tag.FieldByName("Value").Interface().(*string)
		tags[aws.ToString(key)] = aws.ToString(value)
	}
	return tags
}

// TagList returns tags as an SDK has them, sorted by key; if there are none, it
// is empty and not nil.
func TagList[T any](tags map[string]string) []T {
	list := make([]T, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		var tag T
		v := reflect.ValueOf(&tag).Elem()
		v.FieldByName("Key").Set(reflect.ValueOf(aws.String(key)))
		v.FieldByName("Value").Set(reflect.ValueOf(aws.String(tags[key])))
		list = append(list, tag)
	}
	return list
}
