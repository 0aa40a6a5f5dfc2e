package act

import (
	"slices"

	"github.com/sealcase/sealcase/evidence"
)

// Permission is something that a person's role and grant allow, or do not.
type Permission string

// The permissions.
const (
	OpenCases    Permission = "open-cases"    // open a case
	ManageCase   Permission = "manage-case"   // add and remove members
	OpenClosed   Permission = "open-closed"   // open one that is restricted or sealed
	CloseCase    Permission = "close-case"    // restrict, seal or open up a case, and add members to one that is
	MoveCase     Permission = "move-case"     // bring it from one state to another
	BringIn      Permission = "bring-in"      // open intakes, upload evidence
	Contribute   Permission = "contribute"    // correct what is on record
	SeeCase      Permission = "see-case"      // see metadata, the log, disclosures; verify
	ReadEvidence Permission = "read-evidence" // read bytes and bundles, and what analyzers found
	Disclose     Permission = "disclose"      // make bundles
	SeeAlarms    Permission = "see-alarms"    // see what audits found, and have one run
	NoteAlarms   Permission = "note-alarms"   // take note of an alarm
	SeeRegister  Permission = "see-register"  // see how far the log of all logs is
)

// Allowance is what a permission takes.
type Allowance struct {
	Permission Permission
	Roles      []evidence.Role // any one of them, by what Vault says
	Grant      evidence.Grant  // of the person's membership of the case, or a higher one; "" for none
}

// Allowances returns what each permission takes.
func Allowances() []Allowance { return slices.Clone(allowances) }

var allowances = []Allowance{ //nolint:gochecknoglobals // a constant table
	{OpenCases, []evidence.Role{evidence.Investigator, evidence.Supervisor}, ""},
	{ManageCase, []evidence.Role{evidence.Investigator, evidence.Supervisor}, evidence.GrantManage},
	{OpenClosed, []evidence.Role{evidence.Supervisor}, ""},
	{CloseCase, []evidence.Role{evidence.Supervisor}, evidence.GrantManage},
	{MoveCase, []evidence.Role{evidence.Investigator, evidence.Prosecutor, evidence.Supervisor}, evidence.GrantContribute},
	{BringIn, []evidence.Role{evidence.Investigator, evidence.Examiner, evidence.Supervisor}, evidence.GrantContribute},
	{Contribute, []evidence.Role{evidence.Investigator, evidence.Examiner, evidence.Prosecutor, evidence.Supervisor}, evidence.GrantContribute},
	{SeeCase, evidence.Roles(), evidence.GrantRead},
	{ReadEvidence, []evidence.Role{evidence.Investigator, evidence.Examiner, evidence.Prosecutor, evidence.Supervisor}, evidence.GrantRead},
	{Disclose, []evidence.Role{evidence.Prosecutor, evidence.Supervisor}, evidence.GrantContribute},
	{SeeAlarms, []evidence.Role{evidence.Supervisor, evidence.Auditor, evidence.Administrator}, ""},
	{NoteAlarms, []evidence.Role{evidence.Supervisor}, ""},
	{SeeRegister, []evidence.Role{evidence.Auditor, evidence.Administrator}, ""},
}

// AllowanceOf returns what a permission takes; nobody has one that is not known.
func AllowanceOf(p Permission) (Allowance, bool) {
	i := slices.IndexFunc(allowances, func(a Allowance) bool { return a.Permission == p })
	if i < 0 {
		return Allowance{}, false
	}
	return allowances[i], true
}

// AllowsRole reports whether one of the roles has the permission.
func (p Permission) AllowsRole(roles ...evidence.Role) bool {
	a, ok := AllowanceOf(p)
	return ok && slices.ContainsFunc(roles, func(r evidence.Role) bool { return slices.Contains(a.Roles, r) })
}
