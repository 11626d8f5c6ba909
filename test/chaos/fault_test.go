package chaos

// kind is what a fault does to a request.
type kind string

// The kinds of faults. Before and after are seen from the call's effect.
const (
	resetBefore    kind = "reset before"
	resetAfter     kind = "reset after"
	serverError    kind = "server error"
	errorAfter     kind = "server error after"
	throttled      kind = "throttled"
	expired        kind = "expired token"
	truncated      kind = "truncated body"
	empty          kind = "empty body"
	page           kind = "HTML instead of the body"
	noise          kind = "noise instead of the body"
	slowHeaders    kind = "slow headers"
	slowBody       kind = "slow body"
	neverBefore    kind = "no answer before"
	neverAfter     kind = "no answer after"
	gatewayPage    kind = "a gateway's page"
	staleList      kind = "stale list"
	notFoundYet    kind = "not found yet"
	clockDiffers   kind = "clock differs"
	tokenOutOfDate kind = "token out of date"
)

// fault is a kind with its share among the faults of a round.
type fault struct {
	kind   kind
	weight int
}

// faults are those that meet requests by chance. The last four kinds above come
// of the round's weather instead.
func faults() []fault {
	return []fault{
		{resetBefore, 4},
		{resetAfter, 4},
		{serverError, 4},
		{errorAfter, 2},
		{gatewayPage, 2},
		{throttled, 4},
		{expired, 1},
		{truncated, 3},
		{empty, 3},
		{page, 2},
		{noise, 2},
		{slowHeaders, 2},
		{slowBody, 2},
		{neverBefore, 1},
		{neverAfter, 1},
	}
}

// harm is an answer that is an error: a status and, for AWS's own, a code.
type harm struct {
	status        int
	code, message string
}

// throttling is how each protocol's services say that it is too much.
// Sources: the "Errors" pages of the API references.
func throttling(c call) harm {
	const slower = "Rate exceeded"
	switch c.protocol {
	case ec2XML:
		return harm{503, "RequestLimitExceeded", "Request limit exceeded."}
	case s3XML:
		return harm{503, "SlowDown", "Please reduce your request rate."}
	case restJSON:
		return harm{429, "ThrottlingException", slower}
	case rpcJSON:
		return harm{400, "ThrottlingException", slower}
	}
	return harm{400, "Throttling", slower}
}

// expiry is how they say that a session is over.
func expiry(c call) harm {
	const over = "The security token included in the request is expired"
	switch c.protocol {
	case ec2XML:
		return harm{400, "RequestExpired", "Request has expired."}
	case s3XML:
		return harm{400, "ExpiredToken", "The provided token has expired."}
	case rpcJSON, restJSON:
		return harm{400, "ExpiredTokenException", over}
	}
	return harm{403, "ExpiredToken", over}
}

// skewed is how they refuse a request that was signed at another time. EC2 has
// its own word for that: github.com/hashicorp/packer/issues/3140.
func skewed(c call) harm {
	const text = "Signature expired: 20261129T000000Z is now earlier than 20261129T001500Z"
	switch c.protocol {
	case ec2XML:
		return harm{401, "AuthFailure", "AWS was not able to validate the provided access credentials"}
	case s3XML:
		return harm{403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large."}
	case rpcJSON, restJSON:
		return harm{400, "InvalidSignatureException", text}
	}
	return harm{403, "SignatureDoesNotMatch", text}
}

// failure is a server's fault; the dice choose among those of AWS.
func failure(c call, pick int) harm {
	code := "InternalFailure"
	switch c.protocol {
	case ec2XML, s3XML:
		code = "InternalError"
	case rpcJSON, restJSON:
		code = "InternalServerException"
	}
	return []harm{
		{500, code, "We encountered an internal error. Please try again."},
		{503, "ServiceUnavailable", "The service is temporarily unavailable."},
		{502, code, "We encountered an internal error. Please try again."},
	}[pick%3]
}
