package bundle

import (
	"slices"

	"github.com/sealcase/sealcase/evidence"
)

// Names of the checks, in the order in which they are made.
const (
	containerCheck    = "container"
	fixityCheck       = "fixity"
	contentsCheck     = "contents"
	signatureCheck    = "signature"
	logCheck          = "log"
	actsCheck         = "acts"
	earlierCheck      = "earlier"
	sealsCheck        = "seals"
	itemsCheck        = "evidence"
	completenessCheck = "completeness"
	disclosureCheck   = "disclosure"
	registerCheck     = "register"
)

// checks collects how each check ended, and what was found.
type checks struct {
	list     []Check
	problems []Problem
	more     int
	worst    Outcome
}

func newChecks() *checks {
	return &checks{worst: OK, problems: []Problem{}, list: []Check{
		{Name: containerCheck, What: "every byte of the file that is not content is the one that it must be"},
		{Name: fixityCheck, What: "every member has the SHA-256 that the manifests list, and none is missing or unlisted"},
		{Name: contentsCheck, What: "the members are those that the bundle must have, in their order, and agree with each other"},
		{Name: logCheck, What: "the entries are whole and unchanged: together they give the root of the log, with nothing between or after them"},
		{Name: actsCheck, What: "every act that is shown is signed by whoever did it, a person's own key or the machine's, and by the log's rules they were allowed to do it then"},
		{Name: signatureCheck, What: "the head of the log is signed by a key that you trust"},
		{Name: earlierCheck, What: "the log continues the one that every earlier disclosure of the case stands on"},
		{Name: sealsCheck, What: "each exhibit has a seal by a key that you trust, and it says the same as the list"},
		{Name: itemsCheck, What: "the bytes of each exhibit are those that were received and sealed"},
		{Name: completenessCheck, What: "everything that was received is here or listed as withheld with a reason"},
		{Name: disclosureCheck, What: "the agency's log records that this very bundle was disclosed"},
		{Name: registerCheck, What: "the agency's register has the head of this case's log, for witnesses to see"},
	}}
}

// done says that a check was made, of count things.
func (c *checks) done(name string, count int64) {
	check := c.find(name)
	check.Count = count
	if check.Result == "" {
		check.Result = Passed
	}
}

// problem says that a check failed.
func (c *checks) problem(name, where string, f fault) {
	c.find(name).Result = Failed
	if len(c.problems) < MaxProblems {
		c.problems = append(c.problems, Problem{Code: f.code, Where: where, What: f.what})
	} else {
		c.more++
	}
	order := outcomes()
	if slices.Index(order, Outcome(f.code)) < slices.Index(order, c.worst) {
		c.worst = Outcome(f.code)
	}
}

// fail is problem for an error of another package.
func (c *checks) fail(name, where string, err error) {
	c.problem(name, where, fault{codeOf(err), evidence.FileName(evidence.MessageOf(err)).Display()})
}

func (c *checks) find(name string) *Check {
	for i := range c.list {
		if c.list[i].Name == name {
			return &c.list[i]
		}
	}
	panic("bundle: no check is named " + name)
}

// into puts what was collected into r.
func (c *checks) into(r *Report) {
	for i := range c.list {
		if c.list[i].Result == "" {
			c.list[i].Result = NotDone
		}
	}
	r.Outcome, r.Checks, r.Problems, r.MoreFound = c.worst, c.list, c.problems, c.more
}

// notProven returns what no verification of a bundle can say.
func notProven(proof bool) []string {
	not := []string{
		"that what happened before the evidence was received was right, or that what people wrote into the record is true",
		"that the agency holds no other material: the log shows what was received into this case only",
		"that the clock was right: times are those of the agency's own system",
		"what withheld entries and exhibits say: only that they were there, and were not changed since",
		"that a person's key is that person's: the roster says so, which the agency's machine signs; ask the person",
		"who held the signing keys: a signature shows that the key signed, not that the agency's staff was honest",
		"what the exhibits' original media type, present custodian and source's time of change are: the list states them, no seal covers them",
	}
	if !proof {
		not = append(not, "that this is the bundle that the agency recorded as disclosed, and to whom and why: no proof of disclosure was given; "+
			"without it, the case's title and the words about the disclosure are covered by the manifests only")
	}
	return not
}
