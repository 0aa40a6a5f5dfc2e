package mirror

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

// The folders of the bucket.
const (
	logsFolder       = "logs/"
	anchorFolder     = "anchors/"
	disclosureFolder = "disclosures/"
	alarmFolder      = "alarms/"
)

func entriesFolder(c evidence.CaseID) string     { return logsFolder + string(c) + "/entries/" }
func checkpointFolder(c evidence.CaseID) string  { return logsFolder + string(c) + "/checkpoints/" }
func disclosureKey(d evidence.Disclosure) string { return disclosureFolder + string(d.ID) + ".json" }
func alarmKey(a evidence.Alarm) string           { return alarmFolder + string(a.ID) + ".json" }

func segmentKey(c evidence.CaseID, from, to int64) string {
	return fmt.Sprintf("%s%012d-%012d.jsonl", entriesFolder(c), from, to)
}

func checkpointKey(c evidence.CaseID, size int64) string {
	return fmt.Sprintf("%s%012d.note", checkpointFolder(c), size)
}

func anchorKey(a evidence.Anchor) string {
	by := evidence.Sum([]byte(a.By)).String()[:16]
	return fmt.Sprintf("%s%012d-%s-%s.json", anchorFolder, a.Size, a.Kind, by)
}

// parseSegment reads what segmentKey writes.
func parseSegment(c evidence.CaseID, key string) (from, to int64, ok bool) {
	name, _ := strings.CutPrefix(key, entriesFolder(c))
	name, _ = strings.CutSuffix(name, ".jsonl")
	first, last, _ := strings.Cut(name, "-")
	from, err := strconv.ParseInt(first, 10, 64)
	if err == nil {
		to, err = strconv.ParseInt(last, 10, 64)
	}
	return from, to, err == nil && from >= 0 && from < to && segmentKey(c, from, to) == key
}

// parseCheckpoint reads what checkpointKey writes.
func parseCheckpoint(c evidence.CaseID, key string) (size int64, ok bool) {
	name, _ := strings.CutPrefix(key, checkpointFolder(c))
	size, err := strconv.ParseInt(strings.TrimSuffix(name, ".note"), 10, 64)
	return size, err == nil && size > 0 && checkpointKey(c, size) == key
}
