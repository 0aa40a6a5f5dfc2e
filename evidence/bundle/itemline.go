package bundle

import "github.com/sealcase/sealcase/evidence"

// itemLine is a line of case/items.jsonl: an item, and either where its bytes
// are or why they are not in the bundle; or only the number and identifier of
// one that is withheld with all its entries.
type itemLine struct {
	Exhibit  int             `json:"exhibit,omitempty"`
	ID       evidence.ItemID `json:"id,omitempty"`
	Item     *evidence.Item  `json:"item,omitempty"`
	Member   string          `json:"member,omitempty"`
	Withheld string          `json:"withheld,omitempty"`
}

func (l itemLine) number() int {
	if l.Item != nil {
		return l.Item.Exhibit
	}
	return l.Exhibit
}

// checkForm returns what keeps a line from being looked at at all, or nil.
func checkForm(l itemLine) *fault {
	malformed := func(what string) *fault { return &fault{evidence.Malformed, what} }
	if l.Item == nil {
		_, err := evidence.ParseID[evidence.ItemID](string(l.ID))
		if err != nil || l.Exhibit < 1 || l.Withheld == "" || l.Member != "" {
			return malformed("it is neither an item nor the number, the identifier and the reason of one that is withheld")
		}
		return nil
	}
	it := l.Item
	if it.Exhibit < 1 || it.Length < 0 || it.Name.Valid() != nil || it.Digest.IsZero() {
		return malformed("it has no exhibit number, no name, no SHA-256 or a negative length")
	}
	if !it.Collection.IsZero() && !it.Collection.Complete() {
		return malformed("it says something of a collection, and not all")
	}
	if l.Exhibit != 0 || l.ID != "" || (l.Member == "") == (l.Withheld == "") {
		return malformed("it must either have a member or a reason for being withheld")
	}
	return nil
}

// checkLine returns what is wrong with a line by itself, in a bundle of a case.
func checkLine(l itemLine, of evidence.CaseID) []fault {
	if l.Item == nil {
		return nil
	}
	it := *l.Item
	var faults []fault
	if it.Case != of {
		faults = append(faults, faultf(evidence.Tampered, "it belongs to another case, %s", it.Case))
	}
	switch {
	case l.Member != "" && l.Member != evidenceName(it):
		faults = append(faults, faultf(evidence.Malformed, "its member should be %s", evidenceName(it)))
	case l.Member != "" && it.State != evidence.ItemSealed:
		faults = append(faults, faultf(evidence.Incomplete, "it is disclosed and not sealed"))
	case l.Member == "" && it.State != evidence.ItemQuarantined:
		faults = append(faults, faultf(evidence.Incomplete, "it is withheld, not hidden and not quarantined"))
	}
	return faults
}
