package api

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
)

// TestNothingIsLeftOut shows each kind of thing with every field set. Today the
// interface shows all that custody has, under the same names: whoever lets the
// two differ says so here.
func TestNothingIsLeftOut(t *testing.T) {
	for name, of := range map[string]func() (any, any){
		"case":         shownAs(caseOf),
		"member":       shownAs(memberOf),
		"item":         shownAs(itemOf),
		"finding":      shownAs(findingOf),
		"intake":       shownAs(intakeOf),
		"verification": shownAs(verificationOf),
		"entry":        shownAs(logEntryOf),
		"disclosure":   shownAs(disclosureOf),
		"alarm":        shownAs(alarmOf),
	} {
		t.Run(name, func(t *testing.T) {
			theirs, ours := of()
			if diff := cmp.Diff(asJSON(t, theirs), asJSON(t, ours)); diff != "" {
				t.Error(diff)
			}
		})
	}
	sum, _ := shownAs(summaryOf)()
	summary := sum.(custody.CaseSummary)
	summary.Asked = nil // a CaseDetail has them
	if diff := cmp.Diff(asJSON(t, summary), asJSON(t, summaryOf(summary))); diff != "" {
		t.Error(diff)
	}
	whole, _ := shownAs(auditOf)()
	audit := whole.(evidence.Audit)
	audit.Alarms = nil // an AuditView has the alarms themselves
	if diff := cmp.Diff(asJSON(t, audit), asJSON(t, auditOf(audit))); diff != "" {
		t.Error(diff)
	}
	page := pageOf(evidence.Page[evidence.Case]{}, caseOf)
	if got := asJSON(t, page.Body); got != `{"items":[],"next":"","total":0}` {
		t.Errorf("an empty page is %s", got)
	}
}

// shownAs returns what show makes of a T of which every field is set.
func shownAs[T, U any](show func(T) U) func() (any, any) {
	return func() (any, any) {
		var v T
		set(reflect.ValueOf(&v).Elem())
		return v, show(v)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// set gives v, and all that is in it, a value that is not zero.
func set(v reflect.Value) {
	switch v.Type() {
	case reflect.TypeFor[evidence.Instant]():
		var at evidence.Instant
		_ = at.UnmarshalText([]byte("2026-01-02T15:04:05.678Z")) // a constant that is one
		v.Set(reflect.ValueOf(at))
		return
	case reflect.TypeFor[evidence.Digest]():
		v.Set(reflect.ValueOf(evidence.Sum([]byte("x"))))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint8:
		v.SetUint(7)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		set(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		set(v.Index(0))
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"name": "value"}))
	case reflect.Struct:
		for i := range v.NumField() {
			set(v.Field(i))
		}
	default:
		panic("a field of kind " + v.Kind().String())
	}
}
