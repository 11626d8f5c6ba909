package gate

// Optional returns a field of a request: nil, which leaves the field out, for an
// empty text.
func Optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
