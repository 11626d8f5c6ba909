package command

import (
	"io"
	"log"
	"log/slog"

	"github.com/sirupsen/logrus"
)

// quietLibraries keeps the libraries of berth from talking past it: compose-go
// logs lines of .env files with their values by logrus, net/http and others by
// the standard loggers. What a user has to know, berth says itself.
func quietLibraries() {
	logrus.SetOutput(io.Discard)
	log.SetOutput(io.Discard)
	slog.SetDefault(slog.New(slog.DiscardHandler))
}
