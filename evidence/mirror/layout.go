package mirror

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

// The folders of the bucket.
const (
	LogsFolder       = "logs/"        // one folder for each log: LogFolder
	AnchorFolder     = "anchors/"     // what outsiders gave for heads of the register
	DisclosureFolder = "disclosures/" // disclosures as they became ready
	AlarmFolder      = "alarms/"      // alarms as they were raised
)

// LogFolder is the folder of a log.
func LogFolder(c evidence.CaseID) string { return LogsFolder + string(c) + "/" }

func entriesFolder(c evidence.CaseID) string     { return LogFolder(c) + "entries/" }
func checkpointFolder(c evidence.CaseID) string  { return LogFolder(c) + "checkpoints/" }
func disclosureKey(d evidence.Disclosure) string { return DisclosureFolder + string(d.ID) + ".json" }
func alarmKey(a evidence.Alarm) string           { return AlarmFolder + string(a.ID) + ".json" }

func segmentKey(c evidence.CaseID, from, to int64) string {
	return fmt.Sprintf("%s%012d-%012d.jsonl", entriesFolder(c), from, to)
}

func checkpointKey(c evidence.CaseID, size int64) string {
	return fmt.Sprintf("%s%012d.note", checkpointFolder(c), size)
}

func anchorKey(a evidence.Anchor) string {
	by := evidence.Sum([]byte(a.By)).String()[:16]
	return fmt.Sprintf("%s%012d-%s-%s.json", AnchorFolder, a.Size, a.Kind, by)
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

// Named reports whether a key is one that this package gives an object.
func Named(key string) bool {
	folder, rest, _ := strings.Cut(key, "/")
	name, isJSON := strings.CutSuffix(rest, ".json")
	var err error
	switch folder + "/" {
	case LogsFolder:
		id, _, _ := strings.Cut(rest, "/")
		c, err := evidence.ParseID[evidence.CaseID](id)
		_, _, isSegment := parseSegment(c, key)
		_, isHead := parseCheckpoint(c, key)
		return err == nil && (isSegment || isHead)
	case AnchorFolder:
		return isJSON && isAnchor(name)
	case DisclosureFolder:
		_, err = evidence.ParseID[evidence.DisclosureID](name)
	case AlarmFolder:
		_, err = evidence.ParseID[evidence.AlarmID](name)
	default:
		return false
	}
	return isJSON && err == nil
}

// isAnchor reports whether anchorKey writes such a name.
func isAnchor(name string) bool {
	parts := strings.Split(name, "-")
	if len(parts) != 3 {
		return false
	}
	size, err := strconv.ParseInt(parts[0], 10, 64)
	by, notHex := hex.DecodeString(parts[2])
	known := parts[1] == string(evidence.AnchorWitness) || parts[1] == string(evidence.AnchorTimestamp)
	return err == nil && notHex == nil && known && len(by) == 8 && fmt.Sprintf("%012d", size) == parts[0]
}
