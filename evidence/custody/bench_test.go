package custody_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
)

// BenchmarkLargeCase measures a case of 20,000 items and a log of 10^5
// entries: any page, and appends at the beginning and at the end. Run it with
// -benchtime=1x; filling the case takes a minute or two.
func BenchmarkLargeCase(b *testing.B) {
	l := newLab(b)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	b.ReportMetric(milliseconds(appends(l, s, c)), "ms/append-at-start")
	l.fill(s, in, 20_000, 100_000)
	for b.Loop() {
		b.ReportMetric(milliseconds(appends(l, s, c)), "ms/append-at-end")
		fresh := l.service()
		b.ReportMetric(milliseconds(timed(func() {
			_, err := fresh.Summary(b.Context(), investigator, c.ID)
			l.check(err)
		})), "ms/first-summary")
		var pages, items []time.Duration
		for at := int64(0); at < 100_000; at += 9_973 {
			pages = append(pages, timed(func() {
				_, _, err := s.LogPage(b.Context(), investigator, c.ID, at, 100)
				l.check(err)
			}))
			items = append(items, timed(func() {
				_, err := s.Items(b.Context(), investigator, c.ID, fmt.Sprint(at/5+1), 100)
				l.check(err)
			}))
		}
		b.ReportMetric(milliseconds(slices.Max(pages)), "ms/worst-log-page")
		b.ReportMetric(milliseconds(slices.Max(items)), "ms/worst-item-page")
		b.ReportMetric(milliseconds(timed(func() {
			_, err := s.Summary(b.Context(), investigator, c.ID)
			l.check(err)
		})), "ms/summary")
		b.ReportMetric(0, "ns/op")
	}
}

func timed(do func()) time.Duration {
	start := time.Now()
	do()
	return time.Since(start)
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// appends returns the median time of one append.
func appends(l *lab, s *custody.Service, c evidence.Case) time.Duration {
	var all []time.Duration
	for range 50 {
		all = append(all, timed(func() {
			_, err := s.Record(l.t.Context(), viewed(c.ID))
			l.check(err)
		}))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// fill gives a case items in three versions each, with entries but without
// bytes, and a log of so many entries.
func (l *lab) fill(s *custody.Service, in evidence.Intake, count, entries int) {
	l.t.Helper()
	group, ctx := errgroup.WithContext(l.t.Context())
	group.SetLimit(4)
	for first := 1; first <= count; first += 200 {
		group.Go(func() error {
			var versions []evidence.Item
			var log []evidence.Entry
			for exhibit := first; exhibit < first+200; exhibit++ {
				it := evidence.Item{
					ID: evidence.Derive[evidence.ItemID](string(in.ID), fmt.Sprint(exhibit)), Case: in.Case, Exhibit: exhibit,
					Version: 1, Intake: in.ID, Name: "some file.txt", Path: "home/user/documents", Length: 1234,
					Digest: evidence.Sum([]byte{1}), State: evidence.ItemReceived, ReceivedAt: evidence.At(time.Now()),
					Data: evidence.ObjectRef{Bucket: "b", Key: string(in.Case) + "/data", Version: "0a1b"}, At: evidence.At(time.Now()),
				}
				for _, act := range []evidence.Act{evidence.ActReceived, evidence.ActSealed, evidence.ActAnalysed} {
					versions = append(versions, it)
					it.Version, it.State, it.MediaType = it.Version+1, evidence.ItemSealed, "text/plain"
					e := viewed(in.Case)
					e.Act, e.Details = act, map[string]string{"intake": string(in.ID)}
					e.AboutItem(it)
					log = append(log, e)
				}
				for range entries/count - 3 {
					log = append(log, viewed(in.Case))
				}
			}
			if _, err := l.registry.AddItems(ctx, versions); err != nil {
				return err
			}
			_, err := s.Record(ctx, log...)
			return err
		})
	}
	l.check(group.Wait())
}
