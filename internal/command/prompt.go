package command

import (
	"errors"
	"fmt"
)

// agree asks before something is changed, and says where it would be changed: a
// person with two terminals open sees which one this is. Every question of a verb
// that has a project goes through agree, agreeData or typeName.
func (c *console) agree(s *session, question string) error {
	if !c.yes && c.interactive() {
		question = s.header() + "\n" + question
	}
	return c.confirm(question)
}

// agreeData asks for the project's name before data is deleted.
func (c *console) agreeData(s *session) error {
	if c.yes {
		return nil
	}
	if !c.interactive() {
		return &remedyError{err: errors.New("deleting data needs a confirmation, and there is no terminal to ask on"), remedy: "pass --yes"}
	}
	name := s.Source.App.Name
	return c.typeName(s, fmt.Sprintf("This deletes data. Type the project's name, %s, to go on: ", name))
}

// typeName asks for the project's name.
func (c *console) typeName(s *session, question string) error {
	return c.askName(s.header()+"\n"+question, s.Source.App.Name)
}
