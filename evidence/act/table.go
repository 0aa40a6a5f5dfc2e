package act

import (
	"slices"

	"github.com/sealcase/sealcase/evidence"
)

// RulesVersion is the version of Table and of the tables of roles and grants. A
// log says in its rosters by which it is judged (evidence/attest), so that an
// old act is judged by the rules of its time. Version 0 is that of logs that
// say nothing: they are not judged. Version 1 has no classes of cases.
const RulesVersion = 2

// classes is the version since which cases have classes.
const classes = 2

// Signer is who may sign an act.
type Signer string

// The signers.
const (
	ByPerson  Signer = "person"  // with their own key
	ByMachine Signer = "machine" // with the worker's key
	ByEither  Signer = "either"
)

// Log is in which logs an act may stand.
type Log string

// The logs.
const (
	InCase     Log = "case"
	InRegister Log = "register"
	InAny      Log = "any"
)

// Hiding is how an entry may be withheld from a bundle.
type Hiding string

// The ways.
const (
	Never       Hiding = "never"        // structural: without it nobody could judge what follows
	WithExhibit Hiding = "with-exhibit" // together with all entries about the exhibit only
	Alone       Hiding = "alone"
)

// Rule is what it takes to record an act.
type Rule struct {
	Act      evidence.Act
	About    string // in a few words, for people
	Signer   Signer
	Log      Log
	Withheld Hiding
	Needs    Permission // of a person who signs it; "" for acts of the machine only
	// Closed is what it takes instead in a case that is restricted or sealed, or
	// to open one; "" for the same.
	Closed Permission
	// Live says that a person may do it only while the case is neither closed
	// nor archived. The machine may: it completes what a person began before.
	Live bool
	// Since is the version of the rules that brought the act, 0 for the first: by
	// earlier ones nobody is judged who does it, and it changes nothing.
	Since int
	Says  Payload // blank: what an entry of the act says; nil for those that package attest writes
}

// NeedsOf returns what a person needs who does the act in a case of the class.
func (r Rule) NeedsOf(c evidence.Class) Permission {
	if c.Closed() && r.Closed != "" {
		return r.Closed
	}
	return r.Needs
}

// Structural reports whether the entry is never withheld.
func (r Rule) Structural() bool { return r.Withheld == Never }

// Table returns the rule of every act, in the order of evidence.Acts.
func Table() []Rule { return slices.Clone(table) }

var table = []Rule{ //nolint:gochecknoglobals // a constant table
	{Act: evidence.ActOpened, Says: Opened{}, About: "a case was opened", Signer: ByPerson, Log: InCase, Withheld: Never, Needs: OpenCases, Closed: OpenClosed},
	{Act: evidence.ActMemberAdded, Says: MemberAdded{}, About: "somebody was made a member of the case", Signer: ByPerson, Log: InCase, Withheld: Never, Needs: ManageCase, Closed: CloseCase},
	{Act: evidence.ActMemberGone, Says: MemberRemoved{}, About: "somebody is a member of the case no more", Signer: ByPerson, Log: InCase, Withheld: Never, Needs: ManageCase},
	{Act: evidence.ActTransitioned, Says: Transitioned{}, About: "the case went from one state to another", Signer: ByPerson, Log: InCase, Withheld: Never, Needs: MoveCase},
	{Act: evidence.ActClassAsked, Says: ClassRequested{}, About: "somebody asked for a sealed case to be unsealed", Signer: ByPerson, Log: InCase, Withheld: Never, Needs: MoveCase, Since: classes},
	{Act: evidence.ActClassChanged, Says: ClassChanged{}, About: "the case was restricted, sealed, or opened up again", Signer: ByPerson, Log: InCase, Withheld: Never, Needs: CloseCase, Since: classes},
	{Act: evidence.ActIntakeOpened, Says: IntakeOpened{}, About: "an intake of evidence began", Signer: ByPerson, Log: InCase, Withheld: Alone, Needs: BringIn, Live: true},
	{Act: evidence.ActIntakeClosed, Says: IntakeClosed{}, About: "it ended: every item sealed or quarantined", Signer: ByMachine, Log: InCase, Withheld: Alone},
	{Act: evidence.ActReceived, Says: Received{}, About: "bytes arrived, equal to the declared digest, and are locked", Signer: ByEither, Log: InCase, Withheld: WithExhibit, Needs: BringIn, Live: true},
	{Act: evidence.ActRejected, Says: Rejected{}, About: "bytes arrived that were not what was declared; nothing was stored", Signer: ByPerson, Log: InCase, Withheld: Alone, Needs: BringIn},
	{Act: evidence.ActSealed, Says: Sealed{}, About: "stored bytes were read back, are equal, and carry a seal", Signer: ByMachine, Log: InCase, Withheld: WithExhibit},
	{Act: evidence.ActQuarantined, Says: Quarantined{}, About: "stored bytes were read back and differ; kept apart", Signer: ByMachine, Log: InCase, Withheld: WithExhibit},
	{Act: evidence.ActViewed, Says: Viewed{}, About: "somebody looked at a part of the bytes", Signer: ByPerson, Log: InCase, Withheld: Alone, Needs: ReadEvidence},
	{Act: evidence.ActDownloaded, Says: Downloaded{}, About: "somebody took bytes", Signer: ByPerson, Log: InCase, Withheld: Alone, Needs: ReadEvidence},
	{Act: evidence.ActVerified, Says: Verified{}, About: "stored bytes were hashed again", Signer: ByMachine, Log: InCase, Withheld: Alone},
	{Act: evidence.ActAnalysed, Says: Analysed{}, About: "an analyzer read the bytes", Signer: ByMachine, Log: InCase, Withheld: Alone},
	{Act: evidence.ActExtended, Says: Extended{}, About: "retention was moved further into the future", Signer: ByMachine, Log: InCase, Withheld: Alone},
	{Act: evidence.ActRequested, Says: Requested{}, About: "somebody asked for a bundle for a recipient", Signer: ByPerson, Log: InCase, Withheld: Alone, Needs: Disclose},
	{Act: evidence.ActDisclosed, Says: Disclosed{}, About: "a bundle was made for a recipient", Signer: ByMachine, Log: InCase, Withheld: Alone},
	{Act: evidence.ActFetched, Says: Fetched{}, About: "somebody took a bundle", Signer: ByPerson, Log: InCase, Withheld: Alone, Needs: ReadEvidence},
	{Act: evidence.ActCorrected, Says: Corrected{}, About: "an earlier entry is wrong; this says what is right", Signer: ByPerson, Log: InCase, Withheld: Alone, Needs: Contribute},
	{Act: evidence.ActKey, About: "a signing key's version began", Signer: ByEither, Log: InAny, Withheld: Never},
	{Act: evidence.ActKeysStated, About: "the root said which keys are the agency's, from when on and until when", Signer: ByMachine, Log: InAny, Withheld: Never},
	{Act: evidence.ActRoster, About: "who people are, and with which keys they and the agency sign", Signer: ByMachine, Log: InAny, Withheld: Never},
	{Act: evidence.ActRoleChanged, Says: RoleChanged{}, About: "somebody holds other roles, or bears another name, by what Vault says", Signer: ByMachine, Log: InAny, Withheld: Never},
	{Act: evidence.ActHead, Says: Head{}, About: "the log of a case had this head", Signer: ByMachine, Log: InRegister, Withheld: Alone},
	{Act: evidence.ActAlarm, Says: Alarm{}, About: "an audit found a difference, or that one is gone", Signer: ByMachine, Log: InRegister, Withheld: Alone},
	{Act: evidence.ActAcknowledged, Says: Acknowledged{}, About: "a supervisor took note of an alarm", Signer: ByPerson, Log: InRegister, Withheld: Alone, Needs: NoteAlarms},
	{Act: evidence.ActAudited, Says: Audited{}, About: "an audit ended", Signer: ByMachine, Log: InRegister, Withheld: Alone},
}

// RuleOf returns the rule of an act; ok is false for an act that is not known.
func RuleOf(a evidence.Act) (r Rule, ok bool) {
	i := slices.IndexFunc(table, func(r Rule) bool { return r.Act == a })
	if i < 0 {
		return Rule{}, false
	}
	return table[i], true
}
