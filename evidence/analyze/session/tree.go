package session

// Node is a record in the tree that a log is: records name the one before them.
type Node struct {
	ID     string
	Parent string // "" for a root
	Prompt bool   // a person's own message: going on from an earlier place leaves what followed it
}

// tree is the records of a log by their identifiers.
type tree struct {
	byID   map[id]int32
	nodes  []branchNode
	rules  map[*Session]rule
	leaves map[*Session]id
	full   bool
}

type branchNode struct {
	session        *Session
	key, parentKey id
	parent         int32 // -1 for none
	prompt         bool
	off            bool
	root           bool
}

// rule is how a session's branches are judged.
type rule uint8

const (
	noRule rule = iota
	byPrompts
	byLeaf
)

func newTree() tree {
	return tree{byID: map[id]int32{}, rules: map[*Session]rule{}, leaves: map[*Session]id{}}
}

func (t *tree) add(s *Session, n Node) {
	key := idOf(s.key, n.ID)
	if _, ok := t.byID[key]; ok {
		return
	}
	if len(t.nodes) >= maxIDs {
		t.full = true
		return
	}
	t.byID[key] = int32(len(t.nodes))
	t.nodes = append(t.nodes, branchNode{session: s, key: key, parentKey: idOf(s.key, n.Parent), root: n.Parent == "", parent: -1, prompt: n.Prompt})
}

// ByPrompts has the branches of a session judged so: where a person's message
// follows a record that something was said behind before, that was left. Other
// forks, such as tools that ran side by side, are none.
func (b *Builder) ByPrompts(s *Session) { b.tree.rules[s] = byPrompts }

// ByLeaf has the branches of a session judged so: what does not lead to the leaf
// was left.
func (b *Builder) ByLeaf(s *Session, leaf string) {
	b.tree.rules[s] = byLeaf
	b.tree.leaves[s] = idOf(s.key, leaf)
}

// judge finds which records are off the live branch. A tree that was made by hand
// may have circles: a walk upwards ends where it has been.
func (t *tree) judge() {
	for i := range t.nodes {
		if n := &t.nodes[i]; !n.root {
			if p, ok := t.byID[n.parentKey]; ok && p != int32(i) {
				n.parent = p
			}
		}
	}
	t.judgePrompts()
	t.judgeLeaves()
}

// judgePrompts marks, behind each place that a later prompt went back to, what
// was said there before.
func (t *tree) judgePrompts() {
	last := map[int32]int32{} // by parent: its last child that is a prompt
	for i, n := range t.nodes {
		if n.prompt && n.parent >= 0 && t.rules[n.session] == byPrompts {
			last[n.parent] = int32(i)
		}
	}
	if len(last) == 0 {
		return
	}
	const unknown, live, off = 0, 1, 2
	state := make([]uint8, len(t.nodes))
	for i := range t.nodes {
		var path []int32
		at, verdict := int32(i), uint8(live)
		for at >= 0 {
			if state[at] != unknown {
				verdict = state[at]
				break
			}
			state[at] = live // for circles
			path = append(path, at)
			n := t.nodes[at]
			if back, ok := last[n.parent]; ok && n.parent >= 0 && at < back {
				verdict = off
				break
			}
			at = n.parent
		}
		for _, p := range path {
			state[p] = verdict
			t.nodes[p].off = verdict == off
		}
	}
}

// judgeLeaves marks what does not lead to the leaf of its session.
func (t *tree) judgeLeaves() {
	on := make([]bool, len(t.nodes))
	for _, leaf := range t.leaves {
		at, ok := t.byID[leaf]
		for ok && at >= 0 && !on[at] {
			on[at] = true
			at = t.nodes[at].parent
		}
	}
	for i := range t.nodes {
		n := &t.nodes[i]
		if leaf, ok := t.leaves[n.session]; ok && t.rules[n.session] == byLeaf && !on[i] {
			if _, there := t.byID[leaf]; there {
				n.off = true
			}
		}
	}
}

// apply marks an item by its record.
func (t *tree) apply(s *Session, i item) {
	r := t.rules[s]
	if r == noRule {
		return
	}
	var name string
	if i.turn != nil {
		name = i.turn.ID
	} else {
		name = i.act.Record
	}
	at, ok := t.byID[idOf(s.key, name)]
	if name == "" || !ok || !t.nodes[at].off {
		return
	}
	if r == byPrompts {
		i.mark(Rewound, "a later message of the person goes on from before it")
		return
	}
	i.mark(Unselected, "it does not lead to the last record of the conversation")
}
