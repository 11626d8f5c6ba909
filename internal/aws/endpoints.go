package aws

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Endpoints returns the endpoints that replace AWS's: those of
// AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_SERVICE and endpoint_url in the profile.
// If only some of the clients use an endpoint, it also names those. It returns
// none if all calls go to AWS.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
func (c *Clients) Endpoints() []string {
	byURL, clients := map[string][]string{}, 0
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		options := v.Field(i).MethodByName("Options")
		if !options.IsValid() || v.Field(i).IsNil() {
			continue // not a client of the SDK
		}
		clients++
		base, ok := options.Call(nil)[0].FieldByName("BaseEndpoint").Interface().(*string)
		if ok && aws.ToString(base) != "" {
			byURL[*base] = append(byURL[*base], v.Type().Field(i).Name)
		}
	}
	var out []string
	for _, url := range slices.Sorted(maps.Keys(byURL)) {
		if names := byURL[url]; len(names) < clients {
			slices.Sort(names)
			url += " (" + strings.Join(names, ", ") + ")"
		}
		out = append(out, url)
	}
	return out
}
