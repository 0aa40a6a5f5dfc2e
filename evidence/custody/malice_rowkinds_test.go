package custody_test

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sealcase/sealcase/evidence"
)

// changes returns the changes of rows that can be tried, by what they are like:
// changes that do the same to the same place of rows of the same kind are alike,
// and of these the seed chooses one, among all pairs of cases.
func (w *world) changes() map[string]rowChange {
	w.t.Helper()
	best := map[string]rowChange{}
	dump := w.dump()
	for _, collection := range slices.Sorted(maps.Keys(dump)) {
		for _, rows := range w.byPair(collection, dump[collection]) {
			for i := range rows.docs {
				for _, c := range w.changesOf(collection, rows, i) {
					if was, ok := best[c.like]; !ok || c.rank < was.rank {
						best[c.like] = c
					}
				}
			}
		}
	}
	return best
}

// changesOf returns every change of a row.
func (w *world) changesOf(collection string, rows pairRows, i int) []rowChange {
	d, next := rows.docs[i], 1+int(w.rank(collection, strconv.Itoa(i))%uint64(max(len(rows.docs)-1, 1)))
	g := generator{
		collection: collection, kind: kindOf(collection, rows.docs, d), was: d, other: rows.docs[(i+next)%len(rows.docs)], swap: rows.of.swap(), names: namesOf(d),
	}
	list := g.all()
	for k := range list {
		c := &list[k]
		if strings.HasPrefix(c.place, "raw.") { // whatever it is, the entry is another one: the seed chooses what
			c.like = strings.Join([]string{collection, g.kind, c.place}, "|")
		}
		c.of, c.shared = rows.of, rows.shared
		c.rank = w.rank(c.like, strconv.Itoa(rows.of.n), strconv.Itoa(i), c.value)
		c.older = isOlder(collection, rows.docs, d) && !c.planted
	}
	return list
}

// rank orders what the seed chooses from by names, so that a thing more or less
// changes nothing of the order of the others.
func (w *world) rank(names ...string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write(binary.BigEndian.AppendUint64(nil, w.seed)) // never fails
	for _, n := range names {
		_, _ = h.Write([]byte(n + "\x00"))
	}
	x := h.Sum64() // the low bits of FNV follow the last byte
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	return x ^ x>>33
}

// pairRows are the rows of a collection that belong to one pair of cases, in the
// order of their keys.
type pairRows struct {
	of     *bothCases
	shared bool // of no case: of the register
	docs   []bson.D
}

// byPair parts rows by the pair of cases that they belong to.
func (w *world) byPair(collection string, docs []bson.D) []pairRows {
	parts := make([]pairRows, len(w.pairs)+1)
	for i, p := range w.pairs {
		parts[i].of = p
	}
	parts[len(w.pairs)] = pairRows{of: w.pairs[0], shared: true}
	for _, d := range docs {
		i := slices.IndexFunc(w.pairs, func(p *bothCases) bool { return p.rows[collection+" "+d[0].Value.(string)] })
		if i < 0 {
			i = len(w.pairs)
		}
		if i == len(w.pairs) && logOf(d[0].Value.(string)) == "case" {
			continue // of what was read since
		}
		parts[i].docs = append(parts[i].docs, d)
	}
	return parts
}

// kindOf says what kind of row a row of its collection is.
func kindOf(collection string, docs []bson.D, d bson.D) string {
	id := d[0].Value.(string)
	body, _ := parsed(fmt.Sprint(valueOf(d, "body")))
	newest := "newest"
	if isOlder(collection, docs, d) {
		newest = "older"
	}
	switch collection {
	case "entries":
		raw, _ := valueOf(d, "raw").(bson.Binary)
		e, _ := parsed(string(raw.Data))
		return fmt.Sprint(logOf(id), " ", at(e, []string{"act"}))
	case "items", "disclosures":
		return fmt.Sprint(at(body, []string{"state"}), " ", newest)
	case "cases", "members":
		return fmt.Sprint("version ", valueOf(d, "version"), " ", newest)
	case "checkpoints":
		return logOf(id) + " " + newest
	case "upload_steps":
		return fmt.Sprint("step ", at(body, []string{"n"}), " ", newest)
	case "alarms":
		return fmt.Sprint("version ", valueOf(d, "version"))
	}
	return ""
}

// logOf says whether a row is of the register or of a case.
func logOf(id string) string {
	if strings.HasPrefix(id, string(evidence.RegisterID())) {
		return "register"
	}
	return "case"
}

// isOlder reports whether there is a row above this one: a later version of the
// same, or a larger head of the same log.
func isOlder(collection string, docs []bson.D, d bson.D) bool {
	id := d[0].Value.(string)
	at := strings.LastIndex(id, "/") + 1
	if at == 0 {
		return false
	}
	switch collection {
	case "cases", "members", "items", "disclosures", "checkpoints", "upload_steps":
		return slices.ContainsFunc(docs, func(o bson.D) bool {
			other := o[0].Value.(string)
			return strings.LastIndex(other, "/")+1 == at && other[:at] == id[:at] && other > id
		})
	}
	return false
}
