package mirroring_test

import (
	"testing"

	"github.com/sealcase/sealcase/workflows/workflowtest"
)

func TestHistoriesReplay(t *testing.T) { workflowtest.Replay(t) }
