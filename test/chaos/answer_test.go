package chaos

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// answer is a whole answer, before it goes out.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// of is AWS's own error in the form of the call's protocol. Sources: the
// protocol tests of Smithy, https://smithy.io/2.0/aws/protocols/ .
func (h harm) of(c call) answer {
	a := answer{status: h.status, header: http.Header{}}
	kind := "application/xml"
	switch c.protocol {
	case ec2XML:
		a.body = fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?>
<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors><RequestID>chaos</RequestID></Response>`, h.code, h.message)
	case s3XML:
		a.body = fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>%s</Code><Message>%s</Message><RequestId>chaos</RequestId></Error>`, h.code, h.message)
	case queryXML, restXML:
		a.body = fmt.Appendf(nil, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>chaos</RequestId></ErrorResponse>`, h.code, h.message)
	case rpcJSON:
		kind = "application/x-amz-json-1.1"
		a.body = jsonOf(map[string]string{"__type": h.code, "message": h.message})
	case restJSON:
		kind = "application/json"
		a.header.Set("X-Amzn-Errortype", h.code)
		a.body = jsonOf(map[string]string{"ErrorCode": h.code, "Message": h.message})
	}
	a.header.Set("Content-Type", kind)
	a.header.Set("X-Amzn-Requestid", "chaos")
	return a
}

func jsonOf(v map[string]string) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		return nil // strings are always written
	}
	return data
}

// pageOf is what a gateway or a hotel's network answers.
func pageOf(status int) answer {
	title := http.StatusText(status)
	return answer{
		status: status, header: http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		body: fmt.Appendf(nil, "<html>\n<head><title>%d %s</title></head>\n<body><center><h1>%s</h1></center><hr><br></body>\n</html>\n", status, title, title),
	}
}

// noiseLike is a body of the same kind that nobody can read.
func noiseLike(a answer) answer {
	return answer{status: a.status, header: a.header, body: []byte(strings.Repeat("\x00\xff\xfe<{\x1b[31m\x07\x80", 40))}
}

// emptied is the answer without its body.
func emptied(a answer) answer { return answer{status: a.status, header: a.header} }
