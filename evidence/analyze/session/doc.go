// Package session reads what an AI agent was told and what it did from the logs
// that agents, chats and gateways leave behind.
//
// # Vocabulary
//
// A log is one file. Its records are the lines or elements that its format has;
// each is read, other (known and not of interest, with a reason) or bad (cannot
// be read, with where and why), and the counts add up to all of them.
//
// A session is one conversation with its circumstances. A turn is something that
// was said in it: one text of one origin. An act is one use of a tool: what was
// asked, and what came back. Each quotes its record by line, offset and length,
// so that the very bytes can be read again.
//
// The origin of a text says on whose word it is: human, agent, tool, injected
// (put in by the program: reminders, instruction files, hooks, summaries, orders
// of another agent) or unknown; and names the field by which that was decided.
// The role "user" alone never makes a text a human's.
//
// A branch marks what is not part of the conversation as it stood at the end:
// rewound, replaced, unselected. It is kept. A copy is a record that stands in a
// log a second time, with the same stable identifier, perhaps with the time of the
// copying: both places are kept, and that time is not put on a timeline.
//
// Nothing here is proof that something happened. A log says so; it is not signed,
// and other programs write into the same folders. See the evidence state of acts,
// which needs other evidence of the case.
//
// # Findings
//
// Analyzer states, in this order: one agent-log, then each agent-session followed
// by its agent-turn and agent-act findings in the order of the log, then
// agent-record-bad. Details are those of the functions in finding.go. Texts are cut
// (MaxHuman, MaxText); details "cut" and "size" say so, and the bytes are at the
// offset. When there are more than a Runner keeps, those at the end are left out
// and a finding "truncated" says so; the counts of agent-log and agent-session are
// of everything all the same.
package session
