package network

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// view holds the parameters of a describe call.
type view struct {
	ids     []string
	filters []types.Filter
	// code and what form the error for an id that does not exist.
	code, what string
	token      *string
	limit      *int32
}

// most is the largest page of EC2's describes.
const most = 1000

// describe answers a describe call with one page of the filtered objects that
// the views show already: those with the ids, or all.
func describe[T any, P interface {
	*T
	object
}](rq *world.Request, t *world.Table[T], v view) ([]*T, *string, error) {
	if len(v.ids) > 0 && v.limit != nil {
		return nil, nil, world.APIError(400, "InvalidParameterCombination",
			"The parameter MaxResults cannot be used with the parameter %sIds", v.what)
	}
	if v.limit != nil && *v.limit < 5 {
		return nil, nil, badValue("Value ( %d ) for parameter maxResults is invalid. Expecting a value greater than 5.", *v.limit)
	}
	shown := t.List(rq)
	if len(v.ids) > 0 {
		var err error
		if shown, err = byID[T, P](shown, t, v); err != nil {
			return nil, nil, err
		}
	}
	kept := shown[:0]
	for _, o := range shown {
		ok, err := passes(P(o), v.filters)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			kept = append(kept, o)
		}
	}
	page, next, err := world.Page(kept, v.token, v.limit, most)
	if err != nil {
		return nil, nil, world.APIError(400, "InvalidNextToken", "The token '%s' is invalid", aws.ToString(v.token))
	}
	return page, next, nil
}

// byID picks the objects with the requested ids, in that order.
func byID[T any, P interface {
	*T
	object
}](shown []*T, t *world.Table[T], v view) ([]*T, error) {
	var picked []*T
	for _, id := range v.ids {
		r := t.Rows[id]
		if r == nil || !slices.Contains(shown, r.Value) {
			return nil, missing(v.code, v.what, id)
		}
		picked = append(picked, r.Value)
	}
	return picked, nil
}

// passes reports whether an object passes all filters. A filter passes when one
// of its values matches one of the object's; values may hold * and ?.
func passes(o object, filters []types.Filter) (bool, error) {
	for _, f := range filters {
		name := aws.ToString(f.Name)
		have, ok := filterField(o, name)
		if !ok {
			return false, badValue("The filter '%s' is invalid", name)
		}
		if !slices.ContainsFunc(have, func(h string) bool { return world.MatchAny(f.Values, h, false) }) {
			return false, nil
		}
	}
	return true, nil
}

func filterField(o object, name string) ([]string, bool) {
	if key, ok := strings.CutPrefix(name, "tag:"); ok {
		if v, ok := tagValue(*o.tags(), key); ok {
			return []string{v}, true
		}
		return nil, true
	}
	if name == "tag-key" {
		var keys []string
		for _, t := range *o.tags() {
			keys = append(keys, aws.ToString(t.Key))
		}
		return keys, true
	}
	return o.field(name)
}

// one is the value of a filter from an optional attribute.
func one(s *string) ([]string, bool) {
	if s == nil {
		return nil, true
	}
	return []string{*s}, true
}

// unpack turns the stored objects into the objects of an output.
func unpack[T, U any](in []*T, f func(*T) U) []U {
	out := make([]U, len(in))
	for i, v := range in {
		out[i] = f(v)
	}
	return out
}
