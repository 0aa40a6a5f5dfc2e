package documents

import (
	"context"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// otlp is OpenTelemetry spans in OTLP JSON, an export a line, by the conventions for
// generative AI (gen_ai.*) up to 1.41. They say the role of a text and never whether
// a person wrote it. open-telemetry/semantic-conventions docs/gen-ai
func otlp() session.Format {
	return session.Format{Name: "otlp-genai", Product: "OpenTelemetry GenAI spans", Known: "to 1.41", Detect: func(h session.Head) int {
		return h.Share(90, func(v rawjson.Value) bool {
			found := false
			eachSpan(v, func(_, span rawjson.Value) { found = found || genAI(span) })
			return found
		})
	}, Read: func(ctx context.Context, src *session.Source, b *session.Builder) error {
		return session.EachLine(ctx, src, b, func(v rawjson.Value, at session.Place) session.Verdict { return spans(b, v, at) })
	}}
}

func eachSpan(v rawjson.Value, do func(resource, span rawjson.Value)) {
	v.Get("resourceSpans").Each(func(of rawjson.Value) bool {
		of.Get("scopeSpans").Each(func(scope rawjson.Value) bool {
			scope.Get("spans").Each(func(span rawjson.Value) bool { do(of.Get("resource"), span); return true })
			return true
		})
		return true
	})
}

// attribute returns an attribute of a span by the first of its names that is there.
func attribute(of rawjson.Value, names ...string) (found rawjson.Value) {
	for _, name := range names {
		of.Get("attributes").Each(func(a rawjson.Value) bool {
			if a.Get("key").Equal(name) {
				v := a.Get("value")
				found = rawjson.FirstOf(v.Get("stringValue"), v.Get("intValue"), v.Get("doubleValue"), v.Get("arrayValue"), v.Get("kvlistValue"))
			}
			return true
		})
		if found.Exists() {
			return found
		}
	}
	return found
}

func genAI(span rawjson.Value) bool {
	return attribute(span, "gen_ai.operation.name", "gen_ai.system", "gen_ai.provider.name", "openinference.span.kind").Exists()
}

func spans(b *session.Builder, v rawjson.Value, at session.Place) session.Verdict {
	n := 0
	eachSpan(v, func(resource, span rawjson.Value) {
		if genAI(span) {
			n++
			one(b, resource, span, session.Within(at, span), at)
		}
	})
	if n == 0 {
		return session.Other("spans of something else")
	}
	return session.Read()
}

// one reads a span. Texts count from the line, so line is its place.
func one(b *session.Builder, resource, span rawjson.Value, at, line session.Place) {
	s := b.Session(session.Name(rawjson.FirstOf(attribute(span, "gen_ai.conversation.id", "session.id"), span.Get("traceId"))), at)
	f := &s.Facts
	f.Models.AddValue(attribute(span, "gen_ai.request.model", "llm.model_name"))
	f.Models.AddValue(attribute(span, "gen_ai.response.model"))
	f.Providers.AddValue(attribute(span, "gen_ai.provider.name", "gen_ai.system"))
	f.Machines.AddValue(attribute(resource, "host.name"))
	f.Entrypoints.AddValue(attribute(resource, "service.name"))
	f.Versions.AddValue(attribute(resource, "service.version"))
	m := blocks.Message{
		ID: session.Name(span.Get("spanId")), Parent: session.Name(span.Get("parentSpanId")), Place: at, Time: session.TimeOf(span.Get("startTimeUnixNano")),
		Model: session.Name(attribute(span, "gen_ai.response.model", "gen_ai.request.model")), Agent: session.Name(attribute(span, "gen_ai.agent.name")),
	}
	ended := session.TimeOf(span.Get("endTimeUnixNano"))
	b.Seen(s, m.Time)
	b.Seen(s, ended)
	b.Begin(s, m.ID, at)
	text := func(v rawjson.Value, o session.Origin, by string, k session.Kind) {
		if !v.Empty() {
			t := m.Turn(o, by, k)
			t.Text = b.Text(v, line, session.MaxText)
			b.Turn(s, t)
		}
	}
	text(attribute(span, "gen_ai.system_instructions"), session.Injected, "gen_ai.system_instructions", session.Instruction)
	text(attribute(span, "gen_ai.input.messages", "gen_ai.prompt", "input.value"), session.Unknown, "gen_ai.input.messages: roles, which do not say whether a person wrote them", session.Message)
	text(attribute(span, "gen_ai.output.messages", "gen_ai.completion", "output.value"), session.Agent, "gen_ai.output.messages", session.Message)
	if operation := attribute(span, "gen_ai.operation.name"); !operation.Equal("execute_tool") && !attribute(span, "openinference.span.kind").Equal("TOOL") {
		return
	}
	call := session.Name(rawjson.FirstOf(attribute(span, "gen_ai.tool.call.id"), span.Get("spanId")))
	b.Act(s, session.Act{
		ID: call, Record: m.ID, Parent: m.Parent, Place: at, Time: m.Time, Model: m.Model, Agent: m.Agent, Tool: session.Name(attribute(span, "gen_ai.tool.name", "tool.name")),
		Arguments: b.Text(attribute(span, "gen_ai.tool.call.arguments", "tool.parameters"), line, session.MaxText),
	})
	failed := span.Get("status", "code").Text() == "2" || span.Get("status", "code").Equal("STATUS_CODE_ERROR")
	result := attribute(span, "gen_ai.tool.call.result")
	if !failed && !result.Exists() {
		return // the span has no content: that it ended says nothing of what came back
	}
	outcome := session.Done
	if failed {
		outcome = session.Failed
		result = rawjson.FirstOf(result, span.Get("status", "message"))
	}
	b.Result(s, session.Result{Call: call, Record: m.ID, Place: at, Time: ended, Text: b.Text(result, line, session.MaxAnswer), Outcome: outcome, By: "status.code"})
}
