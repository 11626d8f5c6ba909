package ecs

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Lenient is an option for ecs.NewFromConfig: it accepts numbers where AWS has
// digits in strings in a task's containers
// (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Container.html).
// Emulators write numbers, and the SDK refuses the whole answer.
func Lenient(o *ecs.Options) {
	o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error {
		return s.Deserialize.Add(middleware.DeserializeMiddlewareFunc("BerthLenient", lenient), middleware.After)
	})
}

func lenient(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
	middleware.DeserializeOutput, middleware.Metadata, error,
) {
	out, md, err := next.HandleDeserialize(ctx, in)
	response, ok := out.RawResponse.(*smithyhttp.Response)
	if err != nil || !ok || !strings.HasSuffix(awsmiddleware.GetOperationName(ctx), "Tasks") &&
		!strings.HasSuffix(awsmiddleware.GetOperationName(ctx), "Task") {
		return out, md, err
	}
	body, err := io.ReadAll(response.Body)
	if err == nil {
		err = response.Body.Close()
	}
	if err != nil {
		return out, md, fmt.Errorf("reading the answer: %w", err)
	}
	body = digitsInStrings(body)
	response.Body = io.NopCloser(bytes.NewReader(body))
	response.ContentLength = int64(len(body))
	return out, md, nil
}

// digitsInStrings rewrites the containers of an answer with tasks. An answer
// that needs no change, or is not JSON, stays byte for byte.
func digitsInStrings(body []byte) []byte {
	var answer map[string]any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&answer) != nil {
		return body
	}
	tasks, _ := answer["tasks"].([]any)
	changed := false
	for _, task := range append(tasks, answer["task"]) {
		fields, _ := task.(map[string]any)
		containers, _ := fields["containers"].([]any)
		for _, c := range containers {
			container, _ := c.(map[string]any)
			for _, name := range [...]string{"cpu", "memory", "memoryReservation"} {
				if n, ok := container[name].(json.Number); ok {
					container[name] = n.String()
					changed = true
				}
			}
		}
	}
	if !changed {
		return body
	}
	out, err := json.Marshal(answer)
	if err != nil {
		return body
	}
	return out
}
