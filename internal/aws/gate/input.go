package gate

// Optional is a field of a request: nil, which leaves it out, for an empty text.
func Optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
