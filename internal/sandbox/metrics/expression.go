package metrics

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// point is the value of a metric or an expression in a period; ok is false if it has none.
type point struct {
	value float64
	ok    bool
}

// queryID is the form of the ids in expressions.
var queryID = regexp.MustCompile(`^[a-z][a-zA-Z0-9_]{0,254}$`)

// checkQueries refuses queries that AWS refuses, and functions that the sandbox does not
// know.
func checkQueries(queries []types.MetricDataQuery) error {
	known := map[string]point{}
	for _, q := range queries {
		id := aws.ToString(q.Id)
		_, twice := known[id]
		switch {
		case !queryID.MatchString(id):
			return invalid("The value " + id + " for parameter Id is not matching the expected pattern.")
		case twice:
			return invalid("The value " + id + " is used for more than one Id.")
		case (q.Expression != nil) == (q.MetricStat != nil):
			return invalid("Either the parameter Expression or the parameter MetricStat must be given for " + id + ".")
		}
		known[id] = point{1, true}
	}
	for _, q := range queries {
		if q.Expression == nil {
			continue
		}
		e, err := parser.ParseExpr(*q.Expression)
		if err != nil {
			return invalid("Error in expression '" + aws.ToString(q.Id) + "': " + err.Error())
		}
		if _, known := evaluate(e, known); !known {
			return invalid("Error in expression '" + aws.ToString(q.Id) + "': it has a function or an id that the sandbox does not know.")
		}
	}
	return nil
}

// computed is the value of the query that returns data, in a period.
func (p *CloudWatch) computed(queries []types.MetricDataQuery, at time.Time, period time.Duration) (value float64, ok bool) {
	points := map[string]point{}
	for _, q := range queries {
		if q.MetricStat != nil {
			value, ok := p.value(q.MetricStat, at, period)
			points[aws.ToString(q.Id)] = point{value, ok}
		}
	}
	for _, q := range queries {
		if !aws.ToBool(q.ReturnData) {
			continue
		}
		if q.Expression == nil {
			out := points[aws.ToString(q.Id)]
			return out.value, out.ok
		}
		e, err := parser.ParseExpr(*q.Expression)
		if err != nil {
			return 0, false // putMetricAlarm has refused it
		}
		out, _ := evaluate(e, points)
		return out.value, out.ok
	}
	return 0, false
}

// evaluate computes metric math for one period. A part without a value has none, but for
// FILL; nor has a division by zero. known is false for what the sandbox does not know.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
func evaluate(e ast.Expr, points map[string]point) (out point, known bool) {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return evaluate(e.X, points)
	case *ast.Ident:
		out, known = points[e.Name]
		return out, known
	case *ast.BasicLit:
		v, err := strconv.ParseFloat(e.Value, 64)
		return point{v, true}, err == nil
	case *ast.BinaryExpr:
		x, knownX := evaluate(e.X, points)
		y, knownY := evaluate(e.Y, points)
		out, known = combine(e.Op, x, y)
		return out, known && knownX && knownY
	case *ast.CallExpr:
		name, ok := e.Fun.(*ast.Ident)
		if !ok {
			return point{}, false
		}
		var args []point
		for _, a := range e.Args {
			v, known := evaluate(a, points)
			if !known {
				return point{}, false
			}
			args = append(args, v)
		}
		return call(name.Name, args)
	}
	return point{}, false
}

func call(name string, args []point) (out point, known bool) {
	switch {
	case name == "FILL" && len(args) == 2:
		if args[0].ok {
			return args[0], true
		}
		return args[1], true
	case name == "IF" && len(args) == 3:
		if !args[0].ok {
			return point{}, true
		}
		if args[0].value != 0 {
			return args[1], true
		}
		return args[2], true
	}
	return point{}, false
}

func combine(op token.Token, x, y point) (out point, known bool) {
	truth := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	out.ok = x.ok && y.ok
	switch op {
	case token.ADD:
		out.value = x.value + y.value
	case token.SUB:
		out.value = x.value - y.value
	case token.MUL:
		out.value = x.value * y.value
	case token.QUO:
		if y.value == 0 {
			return point{}, true
		}
		out.value = x.value / y.value
	case token.LSS:
		out.value = truth(x.value < y.value)
	case token.GTR:
		out.value = truth(x.value > y.value)
	case token.LAND:
		out.value = truth(x.value != 0 && y.value != 0)
	default:
		return point{}, false
	}
	return out, true
}
