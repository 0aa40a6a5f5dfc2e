package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
)

func get[T any](ctx context.Context, c *Client, query url.Values, parts ...string) (T, error) {
	var out T
	_, err := c.call(ctx, request{method: http.MethodGet, path: at(parts...), query: query}, &out)
	return out, err
}

func post[T any](ctx context.Context, c *Client, key string, in any, parts ...string) (T, error) {
	var out T
	r := request{method: http.MethodPost, path: at(parts...), in: in}
	if key != "" {
		r.header = http.Header{"Idempotency-Key": {key}}
	}
	_, err := c.call(ctx, r, &out)
	return out, err
}

func pageQuery(cursor string, limit int) url.Values {
	return url.Values{"cursor": {cursor}, "limit": {strconv.Itoa(limit)}}
}

// SignIn returns a session with its token.
func (c *Client) SignIn(ctx context.Context, login, password string) (api.Session, error) {
	return post[api.Session](ctx, c, "", api.SessionRequest{Login: login, Password: password, Client: "cli"}, "session")
}

// Session returns who is signed in.
func (c *Client) Session(ctx context.Context) (api.Session, error) {
	return get[api.Session](ctx, c, nil, "session")
}

// SignOut ends the session.
func (c *Client) SignOut(ctx context.Context) error {
	_, err := c.call(ctx, request{method: http.MethodDelete, path: at("session")}, nil)
	return err
}

// Cases returns a page of the cases of which the caller is a member.
func (c *Client) Cases(ctx context.Context, cursor string, limit int) (api.Page[api.CaseSummary], error) {
	return get[api.Page[api.CaseSummary]](ctx, c, pageQuery(cursor, limit), "cases")
}

// OpenCase opens a case; the same key again is the same case.
func (c *Client) OpenCase(ctx context.Context, key string, r api.OpenCaseRequest) (api.Case, error) {
	return post[api.Case](ctx, c, key, r, "cases")
}

// Case returns a case.
func (c *Client) Case(ctx context.Context, id evidence.CaseID) (api.CaseDetail, error) {
	return get[api.CaseDetail](ctx, c, nil, "cases", string(id))
}

// Transition brings a case into another state.
func (c *Client) Transition(ctx context.Context, id evidence.CaseID, r api.TransitionRequest) (api.Case, error) {
	return post[api.Case](ctx, c, "", r, "cases", string(id), "transitions")
}

// ChangeClass changes who may know of a case, or asks for it; the case is as it
// stands then.
func (c *Client) ChangeClass(ctx context.Context, id evidence.CaseID, r api.ClassChangeRequest) (api.CaseDetail, error) {
	return post[api.CaseDetail](ctx, c, "", r, "cases", string(id), "class")
}

// AddMember makes a person a member of a case.
func (c *Client) AddMember(ctx context.Context, id evidence.CaseID, r api.MemberRequest) (api.Member, error) {
	return post[api.Member](ctx, c, "", r, "cases", string(id), "members")
}

// RemoveMember removes a member from a case.
func (c *Client) RemoveMember(ctx context.Context, id evidence.CaseID, p evidence.PersonID, reason string) error {
	_, err := c.call(ctx, request{method: http.MethodPost, path: at("cases", string(id), "members", string(p), "removal"), in: api.RemovalRequest{Reason: reason}}, nil)
	return err
}

// Correct says what is right where an entry of a case's log is wrong.
func (c *Client) Correct(ctx context.Context, id evidence.CaseID, r api.CorrectionRequest) error {
	_, err := c.call(ctx, request{method: http.MethodPost, path: at("cases", string(id), "corrections"), in: r}, nil)
	return err
}

// Log returns entries of a case's log.
func (c *Client) Log(ctx context.Context, id evidence.CaseID, from int64, limit int) (api.LogPage, error) {
	return get[api.LogPage](ctx, c, url.Values{"from": {strconv.FormatInt(from, 10)}, "limit": {strconv.Itoa(limit)}}, "cases", string(id), "log")
}

// Items returns a page of a case's items.
func (c *Client) Items(ctx context.Context, id evidence.CaseID, cursor string, limit int) (api.Page[api.Item], error) {
	return get[api.Page[api.Item]](ctx, c, pageQuery(cursor, limit), "cases", string(id), "evidence")
}

// Item returns an item.
func (c *Client) Item(ctx context.Context, id evidence.ItemID) (api.ItemView, error) {
	return get[api.ItemView](ctx, c, nil, "evidence", string(id))
}

// ItemLog returns what happened to an item.
func (c *Client) ItemLog(ctx context.Context, id evidence.ItemID) (api.ItemLog, error) {
	return get[api.ItemLog](ctx, c, nil, "evidence", string(id), "log")
}

// Findings returns a page of what analyzers found in an item.
func (c *Client) Findings(ctx context.Context, id evidence.ItemID, cursor string, limit int) (api.Page[api.Finding], error) {
	return get[api.Page[api.Finding]](ctx, c, pageQuery(cursor, limit), "evidence", string(id), "findings")
}

// OpenIntake begins a delivery; the same key again is the same one.
func (c *Client) OpenIntake(ctx context.Context, key string, id evidence.CaseID, r api.IntakeRequest) (api.Intake, error) {
	return post[api.Intake](ctx, c, key, r, "cases", string(id), "intakes")
}

// Intake returns a delivery and how far it has come.
func (c *Client) Intake(ctx context.Context, id evidence.IntakeID) (api.IntakeView, error) {
	return get[api.IntakeView](ctx, c, nil, "intakes", string(id))
}

// CompleteIntake says that nothing more will come.
func (c *Client) CompleteIntake(ctx context.Context, id evidence.IntakeID) (workflows.IntakeProgress, error) {
	return post[workflows.IntakeProgress](ctx, c, "", struct{}{}, "intakes", string(id), "complete")
}

// RequestDisclosure asks for a bundle; the same key again is the same one.
func (c *Client) RequestDisclosure(ctx context.Context, key string, id evidence.CaseID, r api.DisclosureRequest) (api.Disclosure, error) {
	return post[api.Disclosure](ctx, c, key, r, "cases", string(id), "disclosures")
}

// Disclosures returns the disclosures of a case.
func (c *Client) Disclosures(ctx context.Context, id evidence.CaseID) ([]api.Disclosure, error) {
	list, err := get[api.DisclosureList](ctx, c, nil, "cases", string(id), "disclosures")
	return list.Items, err
}

// Disclosure returns a disclosure and its progress.
func (c *Client) Disclosure(ctx context.Context, id evidence.DisclosureID) (api.DisclosureView, error) {
	return get[api.DisclosureView](ctx, c, nil, "disclosures", string(id))
}

// Proof returns the detached proof of a disclosure.
func (c *Client) Proof(ctx context.Context, id evidence.DisclosureID) ([]byte, error) {
	return get[[]byte](ctx, c, nil, "disclosures", string(id), "proof")
}

// Keys returns the public keys, as a key file.
func (c *Client) Keys(ctx context.Context) ([]byte, error) {
	return get[[]byte](ctx, c, nil, "keys")
}

// Alarms returns what audits found; open leaves out what somebody took note of.
func (c *Client) Alarms(ctx context.Context, open bool) ([]api.Alarm, error) {
	state := "all"
	if open {
		state = "open"
	}
	list, err := get[api.AlarmList](ctx, c, url.Values{"state": {state}}, "alarms")
	return list.Items, err
}

// AcknowledgeAlarm takes note of an alarm.
func (c *Client) AcknowledgeAlarm(ctx context.Context, id evidence.AlarmID, reason string) (api.Alarm, error) {
	return post[api.Alarm](ctx, c, "", api.AcknowledgementRequest{Reason: reason}, "alarms", string(id), "acknowledgement")
}

// StartAudit has an audit run now; the same key again is the same one.
func (c *Client) StartAudit(ctx context.Context, key string) (evidence.AuditID, error) {
	started, err := post[api.AuditStarted](ctx, c, key, struct{}{}, "audits")
	return started.ID, err
}

// Audit returns an audit and what it found.
func (c *Client) Audit(ctx context.Context, id evidence.AuditID) (api.AuditView, error) {
	return get[api.AuditView](ctx, c, nil, "audits", string(id))
}
