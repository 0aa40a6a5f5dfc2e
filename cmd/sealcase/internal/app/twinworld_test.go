package app_test

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
)

// operation is one of api/openapi.json.
type operation struct{ id, method, path string }

// operations are all operations of the API, by its own description.
func operations(t *testing.T) (list []operation) {
	t.Helper()
	raw, err := os.ReadFile("../../../../api/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			ID string `json:"operationId"`
		}
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	for path, methods := range doc.Paths {
		for method, o := range methods {
			list = append(list, operation{o.ID, strings.ToUpper(method), strings.TrimPrefix(path, "/api/v1")})
		}
	}
	slices.SortFunc(list, func(a, b operation) int { return strings.Compare(a.id, b.id) })
	return list
}

// bodies are what is sent to the operations that take something.
var bodies = map[string]string{
	"acknowledge-alarm":  `{"reason":"seen"}`,
	"transition-case":    `{"to":"open","reason":"x"}`,
	"change-class":       `{"to":"ordinary","reason":"x"}`,
	"add-member":         `{"login":"stranger"}`,
	"remove-member":      `{"reason":"x"}`,
	"correct-entry":      `{"entry":"entry-aaaaaaaaaaaaaaaaaaaaaaaaaa","right":"x"}`,
	"request-disclosure": `{"title":"x","recipient":"x","purpose":"x"}`,
	"open-intake":        `{"source":"x"}`,
	"read-item":          `{"purpose":"x"}`,
	"read-member":        `{"purpose":"x"}`,
	"fetch-bundle":       `{}`,
	"verify-item":        "",
	"complete-intake":    "",
	"abort-upload":       "",
	"patch-upload":       "bytes",
	"create-upload":      "",
}

// answer is all that an answer tells but what is of its request: when it came, and
// under which identifier.
type answer struct {
	Status int
	Header http.Header
	Body   string
}

// send asks as somebody and returns the answer with every identifier that was asked
// for under one name. More headers of the request are pairs.
func (in *installation) send(t *testing.T, who string, o operation, path, body string, more ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), o.method, in.url+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if strings.Contains(o.path, "/uploads/") {
		r.Header.Set("Tus-Resumable", "1.0.0")
	}
	if o.id == "patch-upload" {
		r.Header.Set("Content-Type", "application/offset+octet-stream")
		r.Header.Set("Upload-Offset", "0")
	}
	r.Header.Set("Idempotency-Key", "the same twice and more")
	r.Header.Set("Authorization", "Bearer "+in.token(t, who))
	for i := 0; i < len(more); i += 2 {
		r.Header.Set(more[i], more[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	h := resp.Header.Clone()
	request := h.Get("X-Request-Id")
	if request == "" || h.Get("Date") == "" {
		t.Errorf("%s %s: %v", o.method, path, h)
	}
	h.Del("X-Request-Id")
	h.Del("Date")
	text := string(raw)
	if request != "" {
		text = strings.ReplaceAll(text, request, "the request")
	}
	return answer{resp.StatusCode, h, text}
}

// outsiders are who is no member of the sealed case: one of each role.
func outsiders() []string {
	list := []string{"stranger"}
	for _, r := range evidence.Roles() {
		list = append(list, string(r))
	}
	return list
}

// things are the identifiers of what is asked for, by the names of parameters.
type things map[string]string

func (ids things) path(o operation) string {
	path := o.path
	for name, id := range ids {
		path = strings.ReplaceAll(path, "{"+name+"}", id)
	}
	return path
}

// unknown are identifiers of things that never were.
func unknown(t *testing.T) things {
	t.Helper()
	id := func(prefix string) string {
		n, err := evidence.NewID[evidence.CaseID](rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Replace(string(n), "case", prefix, 1)
	}
	return things{
		"case": id("case"), "item": id("item"), "disclosure": id("disclosure"), "intake": id("intake"), "upload": id("upload"),
		"alarm": id("alarm"), "audit": id("audit"), "person": "person-nobody",
	}
}

// sealedWorld has Sue open a case by order and do in it all that can be done.
func (in *installation) sealedWorld(t *testing.T, db *mongo.Database) (c api.Case, ids things) {
	t.Helper()
	sue := in.as(t, "sue")
	c = ask[api.Case](t, sue, "case", "open", "Nobody knows", "--class", "sealed", "--authority", "Order 26-mc-7", "--summary", "of this")
	file := filepath.Join(t.TempDir(), "secret name.txt")
	write(t, file, []byte("evidence of a sealed case"))
	got := ask[receipt](t, sue, "evidence", "add", file, "--case", c.Number, "--source", "an informant")
	ask[api.Case](t, sue, "case", "transition", c.Number, "open", "--reason", "begun")
	d := ask[evidence.Disclosure](t, sue, "bundle", "export", "--case", c.Number, "--recipient", "Court", "--purpose", "trial")
	begun := in.send(t, "sue", operation{"open-intake", http.MethodPost, ""}, "/cases/"+string(c.ID)+"/intakes", `{"source":"x","authority":"y"}`)
	var intake struct{ ID string }
	if err := json.Unmarshal([]byte(begun.Body), &intake); err != nil || begun.Status >= 300 {
		t.Fatalf("%+v", begun)
	}
	upload := in.send(t, "sue", operation{"create-upload", http.MethodPost, "/uploads/"}, "/uploads/", "",
		"Upload-Length", "100", "Upload-Metadata", metadata(intake.ID))
	if upload.Status != http.StatusCreated {
		t.Fatalf("%+v", upload)
	}
	if _, err := db.Collection("intakes").DeleteOne(t.Context(), bson.D{{Key: "_id", Value: intake.ID}}); err != nil {
		t.Fatal(err)
	}
	at := strings.Split(upload.Header.Get("Location"), "/")
	return c, things{
		"case": string(c.ID), "item": string(got.Items[0].Item), "disclosure": string(d.ID), "intake": intake.ID, "upload": at[len(at)-1],
		"person": "person-nobody",
	}
}

// visit asks, as each outsider, for all that there is without an identifier, and for
// all there is of a case of which all are members.
func (in *installation) visit(t *testing.T, known things) map[string]answer {
	t.Helper()
	seen := map[string]answer{}
	for _, who := range outsiders() {
		for _, o := range operations(t) {
			path := known.path(o)
			if o.method != http.MethodGet || strings.Contains(path, "{") || o.id == "watch-case" || o.id == "get-content" || o.id == "get-bundle" {
				continue
			}
			if o.id == "find-person" {
				path += "?login=sue"
			}
			seen[who+" "+o.id] = in.send(t, who, o, path, "")
		}
		all := operation{"list-alarms", http.MethodGet, "/alarms"}
		seen[who+" all alarms"] = in.send(t, who, all, "/alarms?state=all", "")
	}
	return seen
}

// metadata is that of an upload of a file into an intake (tus, Upload-Metadata).
func metadata(intake string) string {
	pair := func(name, value string) string {
		return name + " " + base64.StdEncoding.EncodeToString([]byte(value))
	}
	return pair("intake", intake) + "," + pair("name", "a.txt")
}

// TestTwinWorlds is the same visit by each outsider in a world without a sealed
// case and in the same world with one, in which all was done that can be: a case
// opened by order, evidence brought in, an upload begun, a bundle made, an audit
// that finds something. Every byte of every answer is the same. It is one
// installation before and after, so that no name or key differs for another reason.
func TestTwinWorlds(t *testing.T) {
	uri, database := servertest.Mongo(t)
	in := installOn(t, servertest.Stack(), database)
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Disconnect(t.Context()) })
	db := client.Database(database)

	supervisor := in.as(t, "supervisor")
	args := []string{"case", "open", "Common", "--member", "stranger"}
	for _, r := range evidence.Roles() {
		if r != evidence.Supervisor {
			args = append(args, "--member", string(r))
		}
	}
	common := ask[api.Case](t, supervisor, args...)
	file := filepath.Join(t.TempDir(), "a.txt")
	write(t, file, []byte("evidence"))
	got := ask[receipt](t, supervisor, "evidence", "add", file, "--case", common.Number, "--source", "x")
	known := things{"case": string(common.ID), "item": string(got.Items[0].Item)}
	auditor := in.as(t, "auditor")
	audit := func() api.AuditView {
		t.Helper()
		v := ask[api.AuditView](t, auditor, "audit") // which finds nothing
		v.ID, v.Entry, v.StartedAt, v.EndedAt = "", "", evidence.Instant{}, evidence.Instant{}
		return v
	}
	compared := audit()
	for range 10 { // until all that was done so far is signed and mirrored
		last := compared
		if compared = audit(); cmp.Equal(last, compared) {
			break
		}
	}
	before := in.visit(t, known)

	c, ids := in.sealedWorld(t, db)
	if diff := cmp.Diff(compared, audit()); diff != "" {
		t.Errorf("an audit tells of the sealed case: %s", diff)
	}
	after := in.visit(t, known)

	for _, what := range slices.Sorted(maps.Keys(before)) {
		was, is := before[what], after[what]
		if strings.HasSuffix(what, " get-register") && (strings.HasPrefix(what, "auditor") || strings.HasPrefix(what, "administrator")) {
			continue // the one exception: they see how far the register is, as outside witnesses do
		}
		if diff := cmp.Diff(was, is); diff != "" {
			t.Errorf("%s differs: %s", what, diff)
		}
	}
	t.Logf("%d answers are the same, of %d people", len(before), len(outsiders()))
	for what, is := range after {
		for _, secret := range append(slices.Collect(maps.Values(ids)), c.Number, c.Title, "secret name", "informant") {
			if secret != "person-nobody" && strings.Contains(is.Body, secret) {
				t.Errorf("%s tells %q", what, secret)
			}
		}
	}
	in.asksForSealed(t, ids)
	in.membersSee(t, ids)

	next := ask[api.Case](t, supervisor, "case", "open", "Next")
	if common.Number[5:] != "0001" || next.Number[5:] != "0002" || strings.HasPrefix(c.Number, next.Number[:7]) {
		t.Errorf("the numbers %s and %s, and %s of the sealed one, tell of it", common.Number, next.Number, c.Number)
	}
}

// asksForSealed has each outsider ask every operation that takes an identifier for
// the sealed case and what is in it, and for what never was.
func (in *installation) asksForSealed(t *testing.T, ids things) {
	t.Helper()
	asked, never := 0, unknown(t)
	for _, o := range operations(t) {
		if o.method != http.MethodGet && o.method != http.MethodHead && strings.Contains(o.path, "{") {
			if _, ok := bodies[o.id]; !ok {
				t.Errorf("nobody says what is sent to %s", o.id)
			}
		}
		if !strings.Contains(o.path, "{") && o.id != "create-upload" {
			continue
		}
		for _, who := range outsiders() {
			ask := func(ids things) answer {
				var more []string
				if o.id == "create-upload" {
					more = []string{"Upload-Length", "100", "Upload-Metadata", metadata(ids["intake"])}
				}
				a := in.send(t, who, o, ids.path(o), bodies[o.id], more...)
				for name, id := range ids {
					if id != "" {
						a.Body = strings.ReplaceAll(a.Body, id, name)
					}
				}
				return a
			}
			asked++
			sealed, nothing := ask(with(never, ids)), ask(never)
			if diff := cmp.Diff(nothing, sealed); diff != "" {
				t.Errorf("%s by the %s tells that there is something: %s", o.id, who, diff)
			}
			if nothing.Status < 400 || nothing.Status == http.StatusTooManyRequests {
				t.Errorf("%s by the %s: %d for what never was", o.id, who, nothing.Status)
			}
		}
	}
	t.Logf("%d requests for what is sealed were answered as for what never was", asked)
}

// with returns never with those of ids that there are.
func with(never, ids things) things {
	all := maps.Clone(never)
	maps.Copy(all, ids)
	return all
}

// membersSee is that what is hidden from others is there for Sue: the case, and the
// alarm about it, of which nobody else can take note.
func (in *installation) membersSee(t *testing.T, ids things) {
	t.Helper()
	sue := in.as(t, "sue")
	out, _ := sue("--json", "alarm", "list")
	var list api.AlarmList
	if err := json.Unmarshal([]byte(out), &list); err != nil {
		t.Fatal(err)
	}
	found := slices.DeleteFunc(list.Items, func(a api.Alarm) bool { return string(a.Case) != ids["case"] })
	if !slices.ContainsFunc(found, func(a api.Alarm) bool { return a.Kind == evidence.AlarmRecord }) {
		t.Fatalf("Sue does not see what differs in her case: %+v", found)
	}
	alarm := things{"alarm": string(found[0].ID)}
	note := operation{"acknowledge-alarm", http.MethodPost, "/alarms/{alarm}/acknowledgement"}
	never := unknown(t)
	for _, who := range outsiders() {
		was, is := in.send(t, who, note, never.path(note), bodies[note.id]), in.send(t, who, note, alarm.path(note), bodies[note.id])
		if diff := cmp.Diff(was, is); diff != "" {
			t.Errorf("taking note of a sealed case's alarm as %s tells that there is one: %s", who, diff)
		}
	}
	if a := in.send(t, "sue", note, alarm.path(note), bodies[note.id]); a.Status != http.StatusOK {
		t.Errorf("Sue takes note: %+v", a)
	}
	in.inTheSameTime(t, ids)
}

// inTheSameTime measures how long it takes to say that there is no such case, for
// the sealed one and for one that never was, in turns, so that both meet the same
// neighbours. The medians must be close in one of a few rounds: a busy machine
// disturbs one round, and what tells the two apart does so in each.
func (in *installation) inTheSameTime(t *testing.T, ids things) {
	t.Helper()
	see := operation{"get-case", http.MethodGet, "/cases/{case}"}
	never := unknown(t)
	var said []string
	for range 5 {
		times := [2][]time.Duration{}
		for i := range 300 {
			which := i % 2
			path := []things{ids, never}[which].path(see)
			began := time.Now()
			if a := in.send(t, "stranger", see, path, ""); a.Status != http.StatusNotFound {
				t.Fatalf("%+v", a)
			}
			times[which] = append(times[which], time.Since(began))
		}
		median := func(list []time.Duration) time.Duration { slices.Sort(list); return list[len(list)/2] }
		sealed, nothing := median(times[0]), median(times[1])
		ratio := float64(sealed) / float64(nothing)
		said = append(said, fmt.Sprintf("%s to %s, %.2f", sealed, nothing, ratio))
		if ratio > 0.8 && ratio < 1.25 {
			t.Logf("medians of the sealed case and of none: %s", said[len(said)-1])
			return
		}
	}
	t.Errorf("how long it takes tells the two apart: %v", said)
}
