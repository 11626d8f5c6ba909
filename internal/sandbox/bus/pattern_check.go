package bus

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
)

// checkPattern refuses what AWS's matcher does not accept. Sources:
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
// and https://github.com/aws/event-ruler.
func checkPattern(text string) error {
	var tree any
	if err := json.Unmarshal([]byte(text), &tree); err != nil {
		return badPattern("Invalid JSON")
	}
	root, ok := tree.(map[string]any)
	if !ok {
		return badPattern("Filter is not an object")
	}
	return checkObject(root)
}

func badPattern(format string, args ...any) error {
	text := "Event pattern is not valid. Reason: " + fmt.Sprintf(format, args...)
	return &types.InvalidEventPatternException{Message: &text}
}

func checkObject(o map[string]any) error {
	if len(o) == 0 {
		return badPattern("Empty objects are not allowed")
	}
	for key, value := range o {
		var err error
		switch v := value.(type) {
		case map[string]any:
			err = checkObject(v)
		case []any:
			err = checkList(key, v)
		default:
			err = badPattern("%q must be an object or an array", key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func checkList(key string, list []any) error {
	if len(list) == 0 {
		return badPattern("Empty arrays are not allowed")
	}
	if key == or && len(list) < 2 {
		return badPattern("There must have at least 2 Objects in $or")
	}
	for _, item := range list {
		o, isObject := item.(map[string]any)
		_, isList := item.([]any)
		switch {
		case key == or && !isObject:
			return badPattern("Only Object is allowed in array of $or")
		case isList:
			return badPattern("Match value must be String, number, true, false, or null")
		case !isObject:
			continue
		}
		check := checkOperator
		if key == or {
			check = checkObject
		}
		if err := check(o); err != nil {
			return err
		}
	}
	return nil
}

// or is the key of alternatives.
const or = "$or"

// checkOperator checks the operators that the sandbox knows: prefix, suffix, wildcard,
// exists and anything-but.
func checkOperator(o map[string]any) error {
	if len(o) != 1 {
		return badPattern("Only one key allowed in match expression")
	}
	for name, value := range o {
		text, isText := value.(string)
		switch name {
		case "prefix", "suffix":
			if !isText {
				return badPattern("%s match pattern must be a string", name)
			}
		case "wildcard":
			if !isText || strings.Contains(text, "**") {
				return badPattern("Consecutive wildcard characters at pos %d", strings.Index(text, "**")+1)
			}
		case "exists":
			if _, ok := value.(bool); !ok {
				return badPattern("exists match pattern must be either true or false.")
			}
		case "anything-but":
			if list, ok := value.([]any); ok && len(list) == 0 {
				return badPattern("Empty arrays are not allowed")
			}
		default:
			return badPattern("Unrecognized match type %s", name)
		}
	}
	return nil
}
