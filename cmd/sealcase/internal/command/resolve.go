package command

import (
	"context"
	"regexp"
	"strconv"

	"github.com/sealcase/sealcase/cmd/sealcase/internal/client"
	"github.com/sealcase/sealcase/evidence"
)

var (
	caseNumber    = regexp.MustCompile(`^[0-9]{4}-([0-9]+|S-[A-Z2-7]{8})$`)
	exhibitNumber = regexp.MustCompile(`^([0-9]{4}-(?:[0-9]+|S-[A-Z2-7]{8}))/E-([0-9]{1,9})$`)
)

// find returns the server, and what people call ref there: a case (caseOf) or an
// item (itemOf).
func find[ID any](ctx context.Context, s *session, ref string, of func(context.Context, *client.Client, string) (ID, error)) (*client.Client, ID, error) {
	var none ID
	server, err := s.client()
	if err != nil {
		return nil, none, err
	}
	id, err := of(ctx, server, ref)
	return server, id, err
}

// caseOf returns the case that people call ref: its number or its identifier.
func caseOf(ctx context.Context, c *client.Client, ref string) (evidence.CaseID, error) {
	if id, err := evidence.ParseID[evidence.CaseID](ref); err == nil {
		return id, nil
	}
	if !caseNumber.MatchString(ref) {
		return "", evidence.Errorf(evidence.Invalid, "%q is neither the number of a case, such as 2026-0007, nor its identifier", ref)
	}
	for cursor, more := "", true; more; {
		page, err := c.Cases(ctx, cursor, evidence.DefaultPage)
		if err != nil {
			return "", err
		}
		for _, found := range page.Items {
			if found.Case.Number == ref {
				return found.Case.ID, nil
			}
		}
		cursor, more = page.Next, page.Next != ""
	}
	return "", evidence.Errorf(evidence.NotFound, "there is no case %s, or you are not a member of it", ref)
}

// itemOf returns the item that people call ref: its exhibit number, such as
// 2026-0007/E-00012, or its identifier.
func itemOf(ctx context.Context, c *client.Client, ref string) (evidence.ItemID, error) {
	if id, err := evidence.ParseID[evidence.ItemID](ref); err == nil {
		return id, nil
	}
	m := exhibitNumber.FindStringSubmatch(ref)
	if m == nil {
		return "", evidence.Errorf(evidence.Invalid, "%q is neither an exhibit number, such as 2026-0007/E-00012, nor the identifier of an item", ref)
	}
	id, err := caseOf(ctx, c, m[1])
	if err != nil {
		return "", err
	}
	exhibit, err := strconv.Atoi(m[2])
	if err != nil {
		return "", evidence.WrapError(evidence.Invalid, err, "%q is not an exhibit number", ref)
	}
	page, err := c.Items(ctx, id, strconv.Itoa(exhibit), 1)
	if err != nil {
		return "", err
	}
	if len(page.Items) == 0 || page.Items[0].Exhibit != exhibit {
		return "", evidence.Errorf(evidence.NotFound, "there is no exhibit %s", ref)
	}
	return page.Items[0].ID, nil
}
