package exhibit

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/internal/parallel"
)

// findingPage is how many findings share a record of the registry.
const findingPage = 256

// FindingStore keeps what analyzers found, in pages of 256.
type FindingStore interface {
	AddAnalysis(ctx context.Context, it evidence.ItemID, run string, body []byte) error
	Analyses(ctx context.Context, it evidence.ItemID) ([][]byte, error)
	AddFindings(ctx context.Context, it evidence.ItemID, run string, page int, found []evidence.Finding) error
	Findings(ctx context.Context, it evidence.ItemID, run string, page int) ([]evidence.Finding, error)
}

// Analyses are what analyzers found in items. It is safe for concurrent use.
type Analyses struct {
	*Service
	findings FindingStore
}

// Analysis is what analyzers found in one item.
type Analysis struct {
	Item      evidence.Item      `json:"item"`
	Tools     []evidence.Tool    `json:"tools"`                // that read it, with versions
	MediaType string             `json:"media_type,omitempty"` // as identified; "" when unknown
	Findings  []evidence.Finding `json:"findings,omitempty"`
	Failure   string             `json:"failure,omitempty"` // safe message when an analyzer gave up; findings may be there all the same
}

// analysisRun is the record of one run of analyzers over an item. Its entry names
// the digest of all of it (foundDigest), so that neither it nor a page of findings
// is shown as what an analyzer found unless that is on record.
type analysisRun struct {
	Run      string            `json:"run"`
	Pages    []evidence.Digest `json:"pages,omitempty"` // of each page of findings, as it is stored
	Tools    []evidence.Tool   `json:"tools"`
	Findings int               `json:"findings"`
	Failure  string            `json:"failure,omitempty"`
	At       evidence.Instant  `json:"at"`
}

// run returns what identifies a run: the item and the tools.
func (a Analysis) run() string {
	parts := []string{string(a.Item.ID)}
	for _, t := range a.Tools {
		parts = append(parts, t.Name, t.Version, t.Parameters)
	}
	return string(evidence.DeriveEntryID(parts...))
}

// pagesOf returns findings in pages as they are stored, each with its digest.
func pagesOf(found []evidence.Finding) (pages [][]evidence.Finding, digests []evidence.Digest, err error) {
	for page := range slices.Chunk(found, findingPage) {
		digest, err := pageDigest(page)
		if err != nil {
			return nil, nil, err
		}
		pages, digests = append(pages, page), append(digests, digest)
	}
	return pages, digests, nil
}

func pageDigest(page []evidence.Finding) (evidence.Digest, error) {
	text, err := json.Marshal(page)
	if err != nil {
		return evidence.Digest{}, evidence.WrapError(evidence.Internal, err, "writing findings")
	}
	return evidence.Sum(text), nil
}

// foundDigest is what the entry of an analysis names: the SHA-256 of the digests of
// its pages, a line each in hexadecimal, with LF.
func foundDigest(pages []evidence.Digest) evidence.Digest {
	var text []byte
	for _, d := range pages {
		text = append(append(text, d.String()...), '\n')
	}
	return evidence.Sum(text)
}

// RecordAnalysis stores findings, puts one entry an item on record, and gives
// the items, all of one case, their media types. Items that are not on record as
// they are in the registry are left out and logged, as in SealItems. Idempotent
// under the item and its tools. Only a service may.
func (s *Analyses) RecordAnalysis(ctx context.Context, actor evidence.Actor, analyses []Analysis) error {
	if err := evidence.OnlyService(actor); err != nil || len(analyses) == 0 {
		return err
	}
	analyses, items, err := s.analysable(ctx, analyses)
	if err != nil {
		return err
	}
	entries := make([]evidence.Entry, len(analyses))
	for i, a := range analyses {
		if entries[i], err = s.analysed(actor, items[i], a); err != nil {
			return err
		}
	}
	if err := parallel.Each(ctx, len(analyses), func(ctx context.Context, i int) error { return s.keepFindings(ctx, analyses[i]) }); err != nil {
		return err
	}
	recorded, err := s.clerk.PutOnRecord(ctx, actor, entries...)
	if err != nil {
		return err
	}
	return s.addMediaTypes(ctx, items, analyses, recorded)
}

// analysable returns those of the analyses whose items are on record, and these
// items.
func (s *Analyses) analysable(ctx context.Context, all []Analysis) (kept []Analysis, of []evidence.Item, err error) {
	items := make([]evidence.Item, len(all))
	for i, a := range all {
		items[i] = a.Item
	}
	if items, err = s.Current(ctx, items); err != nil {
		return nil, nil, err
	}
	refused := make([]error, len(items))
	err = parallel.Each(ctx, len(items), func(ctx context.Context, i int) error {
		refused[i] = s.OnRecord(ctx, items[i])
		if code := evidence.CodeOf(refused[i]); code != evidence.Tampered && code != evidence.Conflict {
			return refused[i]
		}
		return nil
	})
	for i, it := range items {
		if refused[i] != nil {
			s.logger.ErrorContext(ctx, "an item is not analysed", slog.String("item", string(it.ID)), slog.Any("error", refused[i]))
			continue
		}
		kept, of = append(kept, all[i]), append(of, it)
	}
	return kept, of, err
}

// analysed returns the entry of one analysis.
func (s *Analyses) analysed(actor evidence.Actor, it evidence.Item, a Analysis) (evidence.Entry, error) {
	_, digests, err := pagesOf(a.Findings)
	if err != nil {
		return evidence.Entry{}, err
	}
	said := act.Analysed{Findings: len(a.Findings), Digest: foundDigest(digests), MediaType: a.MediaType, Failure: a.Failure, Run: a.run()}
	if len(a.Tools) != 1 {
		said.Tools = toolNames(a.Tools)
	}
	return act.New(it.Case, said, s.now(), actor, s.random, func(e *evidence.Entry) {
		e.AboutItem(it)
		if len(a.Tools) == 1 {
			e.Tool = &a.Tools[0]
		}
	})
}

func toolNames(tools []evidence.Tool) string {
	var names []string
	for _, t := range tools {
		name := t.Name + "/" + t.Version
		if t.Parameters != "" {
			name += " (" + t.Parameters + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// keepFindings stores the pages of a run, then the run, which makes them seen.
func (s *Analyses) keepFindings(ctx context.Context, a Analysis) error {
	run := a.run()
	pages, digests, err := pagesOf(a.Findings)
	if err != nil {
		return err
	}
	for n, found := range pages {
		if err := s.findings.AddFindings(ctx, a.Item.ID, run, n, found); err != nil {
			return err
		}
	}
	body, err := json.Marshal(analysisRun{Run: run, Pages: digests, Tools: a.Tools, Findings: len(a.Findings), Failure: a.Failure, At: s.now()})
	if err != nil {
		return evidence.WrapError(evidence.Internal, err, "writing the record of an analysis")
	}
	return s.findings.AddAnalysis(ctx, a.Item.ID, run, body)
}

func (s *Analyses) addMediaTypes(ctx context.Context, items []evidence.Item, analyses []Analysis, recorded []evidence.LogEntry) error {
	var versions []evidence.Item
	for i, it := range items {
		if analyses[i].MediaType == "" || analyses[i].MediaType == it.MediaType {
			continue
		}
		it.Version, it.MediaType, it.At = it.Version+1, analyses[i].MediaType, recorded[i].Entry.At
		versions = append(versions, it)
	}
	return s.AddVersions(ctx, versions, func(now *evidence.Item, wanted evidence.Item) bool {
		changed := now.MediaType != wanted.MediaType
		now.MediaType, now.At = wanted.MediaType, wanted.At
		return changed
	})
}

// Findings returns what analyzers found in an item, run by run, or what one of them
// did: by is its name without a version, "" for all. The cursor counts findings of
// all analyzers from 0, and so does the total. Findings quote evidence, so the
// roles that may read evidence are needed.
func (s *Analyses) Findings(ctx context.Context, actor evidence.Actor, id evidence.ItemID, by, cursor string, limit int) (evidence.Page[evidence.Finding], error) {
	it, err := s.item(ctx, actor, id, act.ReadEvidence)
	if err != nil {
		return evidence.Page[evidence.Finding]{}, err
	}
	from, err := parseCursor(cursor)
	if err != nil {
		return evidence.Page[evidence.Finding]{}, err
	}
	runs, err := s.runs(ctx, it)
	if err != nil {
		return evidence.Page[evidence.Finding]{}, err
	}
	page := evidence.Page[evidence.Finding]{Items: []evidence.Finding{}}
	limit = evidence.PageLimit(limit)
	skip, end, looked := from, from, 0
	for _, run := range runs {
		page.Total += int64(run.Findings)
		first := skip
		skip = max(skip-run.Findings, 0)
		for first < run.Findings && len(page.Items) < limit && looked < maxLooked {
			found, err := s.findingsOf(ctx, id, run, first/findingPage)
			if err != nil {
				return evidence.Page[evidence.Finding]{}, err
			}
			if len(found) <= first%findingPage {
				return evidence.Page[evidence.Finding]{}, evidence.Errorf(evidence.Incomplete, "findings of this item are missing")
			}
			n := takeFindings(&page, found[first%findingPage:], by, limit)
			first, end, looked = first+n, end+n, looked+n
		}
	}
	if int64(end) < page.Total {
		page.Next = strconv.Itoa(end)
	}
	return page, nil
}

// maxLooked bounds how many findings are looked at for one page: one of a single
// analyzer may have fewer than were asked for, or none, and a next all the same.
const maxLooked = 64 * findingPage

// takeFindings adds findings by an analyzer to a page until it is full. It returns
// how many it looked at.
func takeFindings(page *evidence.Page[evidence.Finding], found []evidence.Finding, by string, limit int) (looked int) {
	for _, f := range found {
		if len(page.Items) == limit {
			break
		}
		looked++
		if name, _, _ := strings.Cut(f.Analyzer, "/"); by == "" || name == by {
			page.Items = append(page.Items, f)
		}
	}
	return looked
}

// findingsOf returns a page of what a run found, as it was recorded.
func (s *Analyses) findingsOf(ctx context.Context, id evidence.ItemID, run analysisRun, page int) ([]evidence.Finding, error) {
	found, err := s.findings.Findings(ctx, id, run.Run, page)
	if err != nil {
		return nil, err
	}
	digest, err := pageDigest(found)
	if err != nil {
		return nil, err
	}
	if page >= len(run.Pages) || digest != run.Pages[page] {
		return nil, evidence.Errorf(evidence.Tampered, "the registry has other findings of this item than were recorded; they are not shown: tell the supervisor, and have it analysed again")
	}
	return found, nil
}

// runs returns the runs over an item in the order of time, those that are on
// record as they are: others were put into the registry, or are on their way.
func (s *Analyses) runs(ctx context.Context, it evidence.Item) ([]analysisRun, error) {
	bodies, err := s.findings.Analyses(ctx, it.ID)
	if err != nil {
		return nil, err
	}
	runs := make([]analysisRun, 0, len(bodies))
	for _, body := range bodies {
		var run analysisRun
		if err := json.Unmarshal(body, &run); err != nil {
			return nil, evidence.WrapError(evidence.Tampered, err, "the record of an analysis cannot be read")
		}
		ok, err := s.analysedSo(ctx, it, run)
		if err != nil {
			return nil, err
		}
		if ok {
			runs = append(runs, run)
		}
	}
	slices.SortFunc(runs, func(a, b analysisRun) int {
		return cmp.Or(a.At.Time().Compare(b.At.Time()), cmp.Compare(a.Run, b.Run))
	})
	return runs, nil
}

// analysedSo reports whether a run is on record as the registry has it.
func (s *Analyses) analysedSo(ctx context.Context, it evidence.Item, run analysisRun) (bool, error) {
	e, err := s.book.Log(it.Case).Entry(ctx, act.AnalysedEntry(run.Run))
	switch evidence.CodeOf(err) {
	case "":
	case evidence.NotFound, evidence.Conflict: // nowhere, or in another case: it hides no other
		return false, nil
	default:
		return false, err
	}
	said, err := act.Read[act.Analysed](e.Entry)
	if err != nil || e.Entry.Item != it.ID || said.Findings != run.Findings || said.Digest != foundDigest(run.Pages) {
		s.logger.ErrorContext(ctx, "an analysis of the registry is not shown: the log does not have it so", slog.String("item", string(it.ID)), slog.Any("error", err))
		return false, nil
	}
	return true, nil
}
