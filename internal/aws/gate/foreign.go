package gate

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/berthdev/berth/internal/engine"
)

// ForeignError says that the answer did not come from AWS: it came from a
// proxy, a network that requires a login, or a server at a wrong endpoint.
type ForeignError struct {
	Operation string
	// Status is the HTTP status, Host the host of the request, ContentType the
	// answer's own; Location is the target of a redirect.
	Status                      int
	Host, ContentType, Location string
	// Empty says that the answer had no body.
	Empty bool
}

func (e *ForeignError) Error() string {
	what := e.ContentType
	switch {
	case e.Empty:
		what = "without a body"
	case what == "":
		what = "without a content type"
	}
	text := fmt.Sprintf("HTTP %d (%s, %s) from %s is not an answer from AWS", e.Status, http.StatusText(e.Status), what, e.Host)
	if e.Location != "" {
		text += "; it redirects to " + e.Location
	}
	return text
}

// Remedy is what the user can do.
func (*ForeignError) Remedy() string {
	return "check what is between berth and AWS: HTTPS_PROXY, AWS_ENDPOINT_URL and endpoint_url in the AWS profile,\n" +
		"  or a network that requires a login in a browser first"
}

// Class implements engine.Classified. A call that was refused or redirected has
// not reached AWS. Behind a foreign success, AWS may have made the change.
func (e *ForeignError) Class() engine.Class {
	switch {
	case e.Status == http.StatusTooManyRequests:
		return engine.Throttled
	case e.Status >= http.StatusInternalServerError && e.Status != http.StatusNotImplemented:
		return engine.Unknown
	case e.Status < http.StatusMultipleChoices && !IsReading(e.Operation):
		return engine.Unknown
	}
	return engine.Terminal
}

var _ engine.Classified = (*ForeignError)(nil)

// peeked is how much of a body is read to see what it is.
const peeked = 512

// checkAnswer is the middleware next to the wire. The SDK accepts anything with
// the status 200 as an answer and leaves the members empty that it does not
// find: a proxy's page would look like an empty account.
func checkAnswer(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
	middleware.DeserializeOutput, middleware.Metadata, error,
) {
	out, md, err := next.HandleDeserialize(ctx, in)
	resp, ok := out.RawResponse.(*smithyhttp.Response)
	req, isHTTP := in.Request.(*smithyhttp.Request)
	if err != nil || !ok || !isHTTP || req.Method == http.MethodHead || resp.Body == nil {
		return out, md, err
	}
	body := bufio.NewReaderSize(resp.Body, peeked)
	head, readErr := body.Peek(peeked)
	if readErr != nil && readErr != io.EOF { //nolint:errorlint // Peek returns it bare; the next reader gets it again
		head = nil
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{body, resp.Body}
	op := awsmiddleware.GetOperationName(ctx)
	broken := readErr != nil && readErr != io.EOF //nolint:errorlint // as above
	if broken || answers(serviceOf(ctx), op, resp.Response, bytes.TrimSpace(head)) {
		return out, md, nil
	}
	return out, md, &ForeignError{
		Operation: op, Status: resp.StatusCode, Host: req.URL.Host, Location: resp.Header.Get("Location"),
		ContentType: resp.Header.Get("Content-Type"), Empty: len(head) == 0,
	}
}

// answers says whether a response can be AWS's answer to the operation, by its
// headers and the beginning of its body.
func answers(s service, operation string, resp *http.Response, head []byte) bool {
	failed := resp.StatusCode >= http.StatusMultipleChoices
	stored := s.name == "s3" && operation == "GetObject" && !failed // anything that was put there
	page := strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html")
	switch {
	case failed && fromAWS(resp.Header):
		return true
	case len(head) == 0 && failed:
		return false
	case len(head) == 0:
		return stored || !IsReading(operation)
	case stored:
		return !page
	case s.xml:
		lower := bytes.ToLower(head)
		return head[0] == '<' && !bytes.HasPrefix(lower, []byte("<html")) && !bytes.HasPrefix(lower, []byte("<!doctype"))
	}
	return head[0] == '{' || head[0] == '['
}

// fromAWS says whether the headers are those of AWS's own front ends, whose
// refusals may have another form than the service's.
func fromAWS(h http.Header) bool {
	return h.Get("X-Amzn-Requestid") != "" || h.Get("X-Amz-Request-Id") != "" || h.Get("X-Amzn-Errortype") != ""
}
