package keeper

import (
	"context"
	"io"

	"tsunagi/bot/text"
	"tsunagi/config"
	"tsunagi/handlers/slack"
)

// PrepareLine prepares LINE for the desk that the settings name.
func (p Parts) PrepareLine(ctx context.Context, environ []string, out io.Writer) error {
	s, err := config.ReadSettings(environ, config.SetupLine)
	if err != nil {
		return err
	}
	return p.SetupLine(ctx, s, out)
}

// SetupLine makes the rich menu and sets the webhook address.
func (p Parts) SetupLine(ctx context.Context, s config.Settings, out io.Writer) error {
	d, err := p.describe(s)
	if err != nil {
		return err
	}
	c, err := p.Line(s, d.words)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Setup(ctx, s.PublicURL, out)
}

// PrintManifest prints the app manifest, and beside it what to do with it.
func (p Parts) PrintManifest(environ []string, out, beside io.Writer) error {
	s, err := config.ReadSettings(environ, config.SetupSlack)
	if err != nil {
		return err
	}
	d, err := p.describe(s)
	if err != nil {
		return err
	}
	return slack.Setup(out, beside, d.words, d.desk, s.PublicURL, s.SocketMode())
}

// Manifest is the Slack app's, as setup slack prints it.
func Manifest(publicURL string, socketMode bool) ([]byte, error) {
	words, err := text.Load("ja")
	if err != nil {
		return nil, err
	}
	return slack.Manifest(words, publicURL, socketMode)
}
