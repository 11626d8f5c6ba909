package world

import (
	"errors"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// errPage is the error for a token that Page did not make.
var errPage = errors.New("sandbox: not a page token")

// Page returns a page of all: at most limit objects, or most if there is no
// limit or it is larger, beginning at token. The token of the next page is nil
// if nothing follows.
func Page[T any](all []T, token *string, limit *int32, most int) (page []T, next *string, err error) {
	start := 0
	if t := aws.ToString(token); t != "" {
		if start, err = strconv.Atoi(strings.TrimPrefix(t, "page-")); err != nil || start < 0 {
			return nil, nil, errPage
		}
	}
	if limit != nil && *limit > 0 && int(*limit) < most {
		most = int(*limit)
	}
	start = min(start, len(all))
	end := min(start+most, len(all))
	if end < len(all) {
		next = aws.String("page-" + strconv.Itoa(end))
	}
	return all[start:end], next, nil
}
