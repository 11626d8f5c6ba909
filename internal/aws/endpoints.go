package aws

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Endpoints are the endpoints in AWS's place, as AWS_ENDPOINT_URL,
// AWS_ENDPOINT_URL_SERVICE and endpoint_url of the profile name them; those
// that only some of the clients have are followed by which. There are none
// where all calls go to AWS.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
func (c *Clients) Endpoints() []string {
	byURL, clients := map[string][]string{}, 0
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		options := v.Field(i).MethodByName("Options")
		if !options.IsValid() || v.Field(i).IsNil() {
			continue // no client of the SDK
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
