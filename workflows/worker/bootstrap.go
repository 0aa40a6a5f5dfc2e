package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
)

// keepFor is how long Temporal keeps the history of a workflow that has ended.
// What must be known for longer is in the case's log.
const keepFor = 30 * 24 * time.Hour

// Bootstrap makes the namespace and the search attributes that the workflows
// need, and returns when the server shows them, which takes it some seconds.
// Idempotent. c is a client of that namespace. It fails with Unavailable when
// ctx ends first.
func Bootstrap(ctx context.Context, c client.Client, namespace string) error {
	var err error
	for {
		if err = prepare(ctx, c, namespace); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return evidence.WrapError(evidence.Unavailable, err, "the workflow server could not be prepared in time")
		case <-time.After(300 * time.Millisecond):
		}
	}
}

func prepare(ctx context.Context, c client.Client, namespace string) error {
	_, err := c.WorkflowService().RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{
		Namespace: namespace, WorkflowExecutionRetentionPeriod: durationpb.New(keepFor),
	})
	if _, exists := errors.AsType[*serviceerror.NamespaceAlreadyExists](err); err != nil && !exists {
		return fmt.Errorf("making the namespace: %w", err)
	}
	missing, err := missingAttributes(ctx, c, namespace)
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		_, err := c.OperatorService().AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{
			Namespace: namespace, SearchAttributes: missing,
		})
		if _, exists := errors.AsType[*serviceerror.AlreadyExists](err); err != nil && !exists {
			return fmt.Errorf("making the search attributes: %w", err)
		}
	}
	// The servers learn of both with a delay: a search that names them proves
	// that workflows can be started with them.
	query := fmt.Sprintf("%s = '' AND %s = '' AND %s = ''", workflows.AttributeCase, workflows.AttributeKind, workflows.AttributeState)
	_, err = c.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{Namespace: namespace, Query: query})
	if err != nil {
		return fmt.Errorf("waiting for the search attributes: %w", err)
	}
	return nil
}

func missingAttributes(ctx context.Context, c client.Client, namespace string) (map[string]enumspb.IndexedValueType, error) {
	have, err := c.OperatorService().ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: namespace})
	if err != nil {
		return nil, fmt.Errorf("listing the search attributes: %w", err)
	}
	missing := map[string]enumspb.IndexedValueType{}
	for _, name := range []string{workflows.AttributeCase, workflows.AttributeKind, workflows.AttributeState} {
		if _, ok := have.GetCustomAttributes()[name]; !ok {
			missing[name] = enumspb.INDEXED_VALUE_TYPE_KEYWORD
		}
	}
	return missing, nil
}
