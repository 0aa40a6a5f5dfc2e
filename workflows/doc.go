// Package workflows is the contract between those who start long-running
// duties and the workers that carry them out: names, identifiers, inputs,
// results, and Client, the typed way to reach them. It imports the vocabulary
// and the Temporal client, and holds no workflow code; each folder below has
// one workflow with its activities, and workflows/worker registers them all.
//
// Inputs carry identifiers and digests, never bytes of evidence, tokens or
// secrets: Temporal keeps them in its history.
package workflows
