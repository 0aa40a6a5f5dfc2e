package canon

// Every has a field of each shape that a plan can write and read.
type Every = every

// The two ways in which Unmarshal reads, of which the second is the measure.
var (
	ReadByPlan = readByPlan
	ReadJSON   = readJSON
)
