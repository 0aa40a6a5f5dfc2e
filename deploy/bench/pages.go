package main

import (
	"context"
	"math/rand/v2"
	"net/url"
	"strconv"
	"time"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
)

const (
	pageRows  = 100
	pageLimit = 300 * time.Millisecond // the target, whichever page
	rounds    = 20                     // of first, middle, last and two random pages
)

func pageAt(from int64, limit int) url.Values {
	return url.Values{"from": {strconv.FormatInt(from, 10)}, "limit": {strconv.Itoa(limit)}}
}

// places are where pages are looked at in a list of n rows.
func places(n int64) []int64 {
	last := max(n-pageRows, 0)
	return []int64{0, n / 2, last, rand.Int64N(last + 1), rand.Int64N(last + 1)} //nolint:gosec // any place will do
}

// logPages measures pages of the log of a case.
func (b *bench) logPages(ctx context.Context, part string, c evidence.CaseID) error {
	path := "/cases/" + string(c) + "/log"
	var page api.LogPage
	cold, err := b.api.get(ctx, path, pageAt(0, pageRows), &page)
	if err != nil {
		return err
	}
	var times []time.Duration
	for range rounds {
		for _, from := range places(page.Size) {
			took, err := b.api.get(ctx, path, pageAt(from, pageRows), &page)
			if err != nil {
				return err
			}
			times = append(times, took)
		}
	}
	what := "page of the log of " + strconv.FormatInt(page.Size, 10) + " entries"
	b.report.add(Figure{Part: part, What: what + ", the first look", Value: milliseconds(cold), Unit: "ms"})
	b.report.spread(part, what, times, pageLimit)
	return nil
}

// itemPages measures pages of the list of a case, its summary, and single items.
func (b *bench) itemPages(ctx context.Context, part string, c evidence.CaseID) error {
	path := "/cases/" + string(c)
	var page custody.Page[evidence.Item]
	if _, err := b.api.get(ctx, path+"/evidence", url.Values{"limit": {strconv.Itoa(pageRows)}}, &page); err != nil {
		return err
	}
	var lists, summaries, items, logs []time.Duration
	total := page.Total
	for range rounds {
		for _, from := range places(total) {
			took, err := b.api.get(ctx, path+"/evidence", url.Values{"cursor": {strconv.FormatInt(from+1, 10)}, "limit": {strconv.Itoa(pageRows)}}, &page)
			if err != nil {
				return err
			}
			lists = append(lists, took)
		}
		one := "/evidence/" + string(page.Items[len(page.Items)/2].ID)
		for _, look := range []struct {
			path  string
			times *[]time.Duration
		}{{path, &summaries}, {one, &items}, {one + "/log", &logs}} {
			took, err := b.api.get(ctx, look.path, nil, nil)
			if err != nil {
				return err
			}
			*look.times = append(*look.times, took)
		}
	}
	b.report.spread(part, "page of the list of "+strconv.FormatInt(total, 10)+" items", lists, pageLimit)
	b.report.spread(part, "case with its counts", summaries, pageLimit)
	b.report.spread(part, "one item", items, pageLimit)
	b.report.spread(part, "the entries of one item", logs, pageLimit)
	return nil
}
