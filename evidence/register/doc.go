// Package register is the log of logs: it takes the head of each log that changed,
// is cosigned by witnesses and stamped with the time by authorities, and proves
// to whoever asks that a head is in it, and under what those outside vouched for.
// Alarms, who took note of them, and how audits ended, are entries of it (Alarms).
//
// Which logs changed is found by the minute in which their heads were signed, so that
// a run costs as much as has changed and not as much as there is. A witness that saw
// another register than ours, or a longer one, is an alarm. What the registry keeps
// of alarms is for where the register cannot be used, and says nothing else.
package register
