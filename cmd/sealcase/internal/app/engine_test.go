package app_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/proto"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
)

// engineTest reads all that Temporal keeps of a case, as whoever administers it
// can, and looks for what people typed.
func engineTest(t *testing.T, in *installation, typed ...string) {
	raw, err := client.Dial(client.Options{HostPort: in.config.TemporalAddress, Namespace: in.config.TemporalNamespace})
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	kept := map[string]proto.Message{}
	var next []byte
	for {
		list, err := raw.ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{NextPageToken: next})
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range list.GetExecutions() {
			id, run := w.GetExecution().GetWorkflowId(), w.GetExecution().GetRunId()
			kept["listed "+id+" "+run] = w
			events := raw.GetWorkflowHistory(t.Context(), id, run, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
			for events.HasNext() {
				event, err := events.Next()
				if err != nil {
					t.Fatal(err)
				}
				kept[event.GetEventType().String()+" of "+id+" "+run+" "+event.GetEventTime().String()] = event
			}
		}
		if next = list.GetNextPageToken(); len(next) == 0 {
			break
		}
	}
	kinds := map[string]bool{}
	for what, message := range kept {
		text, err := proto.Marshal(message)
		if err != nil {
			t.Fatal(err)
		}
		kinds[strings.SplitN(what, " ", 2)[0]] = true
		for _, word := range typed {
			if bytes.Contains(text, []byte(word)) || bytes.Contains(text, []byte(base64.StdEncoding.EncodeToString([]byte(word)))) {
				t.Errorf("%s shows %q", what, word)
			}
		}
	}
	for _, kind := range []string{"WorkflowExecutionStarted", "ActivityTaskScheduled", "ActivityTaskCompleted", "WorkflowExecutionUpdateAccepted", "WorkflowExecutionUpdateCompleted", "listed"} {
		if !kinds[kind] {
			t.Errorf("no %s was looked at", kind)
		}
	}
}

// TestEngineCannotStartAnything: what its administrator writes in plain text is
// not taken by a worker.
func TestEngineCannotStartAnything(t *testing.T) {
	t.Parallel()
	in := install(t)
	investigator := in.as(t, "investigator")
	opened := ask[evidence.Case](t, investigator, "case", "open", "Forged")
	before := ask[map[string]any](t, investigator, "case", "show", opened.Number)
	raw, err := client.Dial(client.Options{HostPort: in.config.TemporalAddress, Namespace: in.config.TemporalNamespace})
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	answer, err := raw.UpdateWorkflow(t.Context(), client.UpdateWorkflowOptions{
		WorkflowID: "case/" + string(opened.ID), UpdateName: workflows.UpdateAct, WaitForStage: client.WorkflowUpdateStageCompleted,
		Args: []any{workflows.ActInput{Case: opened.ID, Signed: [][]byte{[]byte("{}")}}},
	})
	if err == nil {
		err = answer.Get(t.Context(), nil)
	}
	if err == nil {
		t.Error("the update was taken")
	}
	if diff := cmp.Diff(before, ask[map[string]any](t, investigator, "case", "show", opened.Number)); diff != "" {
		t.Errorf("the case changed:\n%s", diff)
	}
}
