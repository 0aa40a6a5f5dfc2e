package api

import (
	"context"
	"net/http"

	"github.com/sealcase/sealcase/evidence"
)

// AlarmList is what audits found, the one raised last first.
type AlarmList struct {
	Items []Alarm `json:"items"`
}

// AcknowledgementRequest says what is being done about an alarm.
type AcknowledgementRequest struct {
	Reason string `json:"reason" minLength:"1" doc:"What was found out, and what is being done; it goes on record"`
}

type alarmsInput struct {
	State string `query:"state" enum:"open,all" default:"open" doc:"open leaves out what a supervisor took note of"`
}

type acknowledgeInput struct {
	Alarm evidence.AlarmID `path:"alarm"`
	Body  AcknowledgementRequest
}

func (s *Server) alarmOperations() {
	register(s, op(http.MethodGet, "/alarms", "list-alarms", "What audits found to differ"), s.listAlarms)
	register(s, op(http.MethodPost, "/alarms/{alarm}/acknowledgement", "acknowledge-alarm", "Take note of an alarm, on record"), s.acknowledge)
}

func (s *Server) listAlarms(ctx context.Context, actor evidence.Actor, in *alarmsInput) (*body[AlarmList], error) {
	items, err := s.AlarmBook.Alarms(ctx, actor, in.State != "all")
	if err != nil {
		return nil, err
	}
	return &body[AlarmList]{Body: AlarmList{Items: each(items, alarmOf)}}, nil
}

func (s *Server) acknowledge(ctx context.Context, actor evidence.Actor, in *acknowledgeInput) (*body[Alarm], error) {
	a, err := s.AlarmBook.AcknowledgeAlarm(ctx, actor, in.Alarm, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &body[Alarm]{Body: alarmOf(a)}, nil
}
