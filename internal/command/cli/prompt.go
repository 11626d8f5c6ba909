package cli

import (
	"errors"
	"fmt"
)

// Agree asks before something is changed, and says where it would be changed: a
// person with two terminals open sees which one this is. Every question of a verb
// that has a project goes through Agree, AgreeData or TypeName.
func (c *Console) Agree(s *Session, question string) error {
	if !c.Yes && c.Interactive() {
		question = s.Header() + "\n" + question
	}
	return c.confirm(question)
}

// AgreeData asks for the project's name before data is deleted.
func (c *Console) AgreeData(s *Session) error {
	if c.Yes {
		return nil
	}
	if !c.Interactive() {
		return &RemedyError{Err: errors.New("deleting data needs a confirmation, and there is no terminal to ask on"), Advice: "pass --yes"}
	}
	name := s.Source.App.Name
	return c.TypeName(s, fmt.Sprintf("This deletes data. Type the project's name, %s, to go on: ", name))
}

// TypeName asks for the project's name.
func (c *Console) TypeName(s *Session, question string) error {
	return askName(c, s.Header()+"\n"+question, s.Source.App.Name)
}
