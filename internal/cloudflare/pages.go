package cloudflare

import "github.com/cloudflare/cloudflare-go/v7/packages/pagination"

// pages reads a list to its end. The library's own way asks for one page more
// than there are, and for every page but the first without the caller's context.
func pages[T any](list func(page float64) (*pagination.V4PagePaginationArray[T], error)) ([]T, error) {
	var all []T
	for n := 1.0; ; n++ {
		page, err := list(n)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Result...)
		size := int(page.ResultInfo.PerPage) // what Cloudflare gave, whatever it was asked for
		if len(page.Result) == 0 || len(page.Result) < size {
			return all, nil
		}
	}
}
