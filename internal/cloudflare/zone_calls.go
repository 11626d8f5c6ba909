package cloudflare

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/accounts"
	"github.com/cloudflare/cloudflare-go/v7/packages/pagination"
	"github.com/cloudflare/cloudflare-go/v7/zones"
)

// Zone is a zone that the token may read.
type Zone struct {
	ID, Name    string
	NameServers []string
	// Pending says that no registrar has named its name servers yet.
	Pending bool
	// Created is when it was made; zero if Cloudflare does not say.
	Created time.Time
}

func zoneFrom(z zones.Zone) Zone {
	return Zone{
		ID: z.ID, Name: strings.ToLower(z.Name), NameServers: z.NameServers, Created: z.CreatedOn,
		Pending: z.Status == zones.ZoneStatusPending || z.Status == zones.ZoneStatusInitializing,
	}
}

// Zones are all zones of these names that the token may read; without names,
// all.
func (c *Client) Zones(ctx context.Context, names ...string) ([]Zone, error) {
	if c == nil {
		return nil, &TokenError{}
	}
	if len(names) == 0 {
		return c.list(ctx, "")
	}
	var found []Zone
	for _, n := range names {
		list, err := c.list(ctx, n)
		if err != nil {
			return nil, err
		}
		found = append(found, list...)
	}
	return found, nil
}

func (c *Client) list(ctx context.Context, name string) ([]Zone, error) {
	params := zones.ZoneListParams{}
	params.PerPage.Value, params.PerPage.Present = 50, true // the most that Cloudflare gives
	params.Name.Value, params.Name.Present = name, name != ""
	list, err := pages(func(page float64) (*pagination.V4PagePaginationArray[zones.Zone], error) {
		params.Page.Value, params.Page.Present = page, true
		return c.zones.List(ctx, params)
	})
	if err != nil {
		return nil, fmt.Errorf("listing zones: %w", err)
	}
	var found []Zone
	for _, z := range list {
		found = append(found, zoneFrom(z))
	}
	return found, nil
}

// AccountError says that it is not clear in which account a zone is to be made.
type AccountError struct {
	// Accounts are the names of those that the token shows.
	Accounts []string
	// Denied is Cloudflare's refusal to show any; nil if it showed them.
	Denied error
}

func (e *AccountError) Error() string {
	switch {
	case e.Denied != nil:
		return "the Cloudflare API token may not see which account it is for: " + e.Denied.Error()
	case len(e.Accounts) == 0:
		return "the Cloudflare API token shows no account"
	}
	return "the Cloudflare API token shows several accounts: " + strings.Join(e.Accounts, ", ")
}

// Remedy is what the user can do.
func (*AccountError) Remedy() string {
	return "set " + AccountVariable + " to the id of the account that should have the zone: the dashboard shows it beside the account's name"
}

// Account is the id of the account in which zones are made: the one that the
// options name, else the only one that the token shows. Several or none are an
// *AccountError.
func (c *Client) Account(ctx context.Context) (string, error) {
	if c == nil {
		return "", &TokenError{}
	}
	if c.account != "" {
		return c.account, nil
	}
	list, err := pages(func(page float64) (*pagination.V4PagePaginationArray[accounts.Account], error) {
		params := accounts.AccountListParams{}
		params.Page.Value, params.Page.Present = page, true
		return c.accounts.List(ctx, params)
	})
	var names, ids []string
	for _, a := range list {
		names, ids = append(names, a.Name), append(ids, a.ID)
	}
	switch {
	case isRefusal(err):
		return "", &AccountError{Denied: err}
	case err != nil:
		return "", fmt.Errorf("listing accounts: %w", err)
	case len(ids) != 1:
		slices.Sort(names)
		return "", &AccountError{Accounts: names}
	}
	return ids[0], nil
}

// newZone makes a zone, for which Cloudflare chooses name servers.
// https://developers.cloudflare.com/api/resources/zones/methods/create/
func (c *Client) newZone(ctx context.Context, name string) (Zone, error) {
	account, err := c.Account(ctx)
	if err != nil {
		return Zone{}, err
	}
	if err := c.allowed(ctx); err != nil {
		return Zone{}, err
	}
	params := zones.ZoneNewParams{}
	params.Name.Value, params.Name.Present = name, true
	params.Type.Value, params.Type.Present = zones.TypeFull, true
	params.Account.Present, params.Account.Value.ID.Present = true, true
	params.Account.Value.ID.Value = account
	z, err := c.zones.New(ctx, params)
	if err != nil {
		return Zone{}, err
	}
	return zoneFrom(*z), nil
}

// dropZone deletes a zone with all that is in it.
func (c *Client) dropZone(ctx context.Context, id string) error {
	if err := c.allowed(ctx); err != nil {
		return err
	}
	params := zones.ZoneDeleteParams{}
	params.ZoneID.Value, params.ZoneID.Present = id, true
	_, err := c.zones.Delete(ctx, params)
	return err
}

// allowed asks the guard before a change.
func (c *Client) allowed(ctx context.Context) error {
	if c == nil {
		return &TokenError{}
	}
	if c.guard == nil {
		return nil
	}
	if err := c.guard(ctx); err != nil {
		return fmt.Errorf("not sent: %w", err)
	}
	return nil
}

// isRefusal says that the token lacks a permission. Cloudflare has several
// numbers for it, among them that of a wrong token (10000) and none at all; a
// token that was good for another call just before is not wrong.
func isRefusal(err error) bool {
	e := refusal(err)
	return e != nil && (e.Status == http.StatusForbidden || e.Code == codeNotPermitted)
}
