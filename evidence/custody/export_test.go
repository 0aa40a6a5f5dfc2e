package custody

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// Append lets tests append entries of their own making, as the machine.
func (s *Service) Append(ctx context.Context, list ...evidence.Entry) ([]evidence.LogEntry, error) {
	return s.PutOnRecord(ctx, machine(), list...)
}

// Now returns an entry of the machine as of the Service's clock.
func (s *Service) Now(c evidence.CaseID, act evidence.Act) (evidence.Entry, error) {
	return s.entryNow(c, act, machine())
}

// RecordSigned lets tests append what somebody signed.
func (s *Service) RecordSigned(ctx context.Context, raw []byte) ([]evidence.LogEntry, error) {
	var e evidence.Entry
	if err := canon.Unmarshal(raw, &e); err != nil {
		return nil, err
	}
	return s.put(ctx, logbook.Signed(e, raw))
}

// Remembered returns how many logs a Service remembers.
func (s *Service) Remembered() int { return s.book.Remembered() }
