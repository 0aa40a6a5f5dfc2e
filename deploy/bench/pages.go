package main

import (
	"context"
	"math/rand/v2"
	"net/url"
	"strconv"
	"time"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
)

const (
	pageRows  = 100
	pageLimit = 300 * time.Millisecond // the target, whichever page
	rounds    = 12                     // of all places
)

func pageAt(from int64, limit int) url.Values {
	return url.Values{"from": {strconv.FormatInt(from, 10)}, "limit": {strconv.Itoa(limit)}}
}

// places are where pages are looked at in a list of n rows: the first, the
// middle, the last, and five anywhere.
func places(n int64) []int64 {
	last := max(n-pageRows, 0)
	at := []int64{0, last / 2, last}
	for range 5 {
		at = append(at, rand.Int64N(last+1))
	}
	return at
}

// visits are how long a page took at each place, round by round.
type visits map[int64][]time.Duration

// tour asks for every place, round by round.
func tour(at []int64, ask func(place int64) (time.Duration, error)) (visits, error) {
	v := visits{}
	for range rounds {
		for _, place := range at {
			took, err := ask(place)
			if err != nil {
				return v, err
			}
			v[place] = append(v[place], took)
		}
	}
	return v, nil
}

// figures adds how long all visits took, and the slowest place: whichever page
// it is, its median is below the target, whatever the machine did meanwhile.
func (v visits) figures(r *report, part, what string) {
	var all []time.Duration
	var slowest time.Duration
	for _, times := range v {
		all = append(all, times...)
		slowest = max(slowest, quantile(times, 0.5))
	}
	r.pages(part, what, all)
	r.add(Figure{Part: part, What: what + ", p50 of the slowest place", Value: milliseconds(slowest), Unit: "ms", Below: milliseconds(pageLimit)})
}

// logPages measures pages of the log of a case.
func (b *bench) logPages(ctx context.Context, part string, c evidence.CaseID) error {
	path := "/cases/" + string(c) + "/log"
	var page api.LogPage
	cold, err := b.api.get(ctx, path, pageAt(0, pageRows), &page)
	if err != nil {
		return err
	}
	seen, err := tour(places(page.Size), func(from int64) (time.Duration, error) {
		return b.api.get(ctx, path, pageAt(from, pageRows), &page)
	})
	if err != nil {
		return err
	}
	what := "page of the log of " + strconv.FormatInt(page.Size, 10) + " entries"
	b.report.add(Figure{Part: part, What: what + ", the first look", Value: milliseconds(cold), Unit: "ms"})
	seen.figures(b.report, part, what)
	return nil
}

// itemPages measures pages of the list of a case, its summary, and single items.
func (b *bench) itemPages(ctx context.Context, part string, c evidence.CaseID) error {
	path := "/cases/" + string(c)
	var page evidence.Page[evidence.Item]
	if _, err := b.api.get(ctx, path+"/evidence", url.Values{"limit": {strconv.Itoa(pageRows)}}, &page); err != nil {
		return err
	}
	total := page.Total
	seen, err := tour(places(total), func(from int64) (time.Duration, error) {
		return b.api.get(ctx, path+"/evidence", url.Values{"cursor": {strconv.FormatInt(from+1, 10)}, "limit": {strconv.Itoa(pageRows)}}, &page)
	})
	if err != nil {
		return err
	}
	seen.figures(b.report, part, "page of the list of "+strconv.FormatInt(total, 10)+" items")
	return b.single(ctx, part, path, page.Items)
}

// single measures what is one record on the pages.
func (b *bench) single(ctx context.Context, part, path string, some []evidence.Item) error {
	var summaries, items, logs []time.Duration
	for i := range rounds {
		one := "/evidence/" + string(some[i%len(some)].ID)
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
	b.report.pages(part, "case with its counts", summaries)
	b.report.pages(part, "one item", items)
	b.report.pages(part, "the entries of one item", logs)
	return nil
}
