// Package alarms reads out of the entries of the register which alarms were
// raised, who took note of them, which differences are gone, and how audits
// ended. It is what is shown, and what audits and rebuilds go by: records of the
// registry about alarms say nothing that counts.
//
// It believes what it is given: whoever gives it entries has checked who signed
// them. The package is pure.
package alarms
