// The verdict: what was found, in plain words, and what it rests on.

const verdicts = {
  ok: ['good', 'Nothing was changed'],
  tampered: ['bad', 'Something was changed'],
  malformed: ['bad', 'This is not a whole bundle'],
  'untrusted-key': ['doubt', 'Signed by nobody whom you trust'],
  incomplete: ['bad', 'Something is missing'],
};

const results = { passed: ['good', 'passed'], failed: ['bad', 'FAILED'], 'not-done': ['doubt', 'not done'] };
const exhibitResults = {
  verified: ['good', 'unchanged'], failed: ['bad', 'FAILED'], withheld: ['doubt', 'withheld'], quarantined: ['bad', 'quarantined'],
};

// badge shows a result by word, sign and colour; colour alone says nothing.
function badge([kind, word]) {
  const sign = { good: '✓', bad: '✗', doubt: '–' }[kind];
  return element('span', { class: 'badge ' + kind }, element('span', { 'aria-hidden': 'true' }, sign + ' '), word);
}

function showVerdict({ report, text }, started) {
  const [first] = text.split('\n');
  const [kind, title] = verdicts[report.outcome] ?? ['bad', 'Not verified'];
  const inside = started.inside && report.outcome === 'ok';
  $('verdict').className = 'verdict ' + (inside ? 'doubt' : kind);
  $('verdict-title').textContent = inside ? 'The bundle agrees with itself, which proves nothing about who made it' : title;
  $('verdict-text').textContent = inside ? 'No error was found, but the keys came from the bundle itself: whoever forges a bundle forges its keys as well.'
    : shown(first);
  $('verdict-keys').textContent = started.inside ? 'Checked with the keys in the bundle, which nobody vouches for.'
    : 'Checked with the keys that you gave.';
  document.title = title + ': ' + shown(started.file);
  showFacts(report, started);
  $('sections').replaceChildren(...[
    problems(report), list('To note', report.notices), checks(report), exhibits(report), others(report),
    list('What this check cannot tell you', report.not_proven), custody(started.lines, report),
  ].filter(Boolean));
  $('save').onclick = () => save(text, started);
}

// save gives the report as text, with what keys it rests on.
function save(text, started) {
  const keys = started.inside ? 'the keys in the bundle itself, which proves nothing about who made it' : 'the keys that were given to the page';
  const head = 'File: ' + shown(started.file) + '\nChecked with ' + keys + ', in a browser, at ' + new Date().toISOString() + '\n\n';
  const address = URL.createObjectURL(new Blob([head, text], { type: 'text/plain;charset=utf-8' }));
  const link = element('a', { href: address, download: 'report.txt' });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

function showFacts(report, started) {
  const rows = [['File', shown(started.file) + ', ' + size(report.length)], ['SHA-256', report.sha256]];
  if (report.case.id) rows.push(['Case', report.case.number + ', ' + report.case.title]);
  if (report.disclosure.id) {
    rows.push(['Made for', report.disclosure.recipient + ': ' + report.disclosure.purpose], ['Made at', instant(report.disclosure.at)]);
  }
  if (report.log.origin) {
    rows.push(['Record of custody', report.log.size.toLocaleString('en') + ' entries, ' + report.log.origin],
      ['Head of the record', report.log.root], ...(report.log.signed_by ?? []).map((key) => ['Signed by', key]));
  }
  $('facts').replaceChildren(...rows.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, shown(value))]));
}

function section(title, ...content) {
  return element('section', {}, element('h2', {}, title), ...content);
}

function table(columns, rows) {
  return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': columns.join(', ') }, element('table', {},
    element('thead', {}, element('tr', {}, ...columns.map((c) => element('th', { scope: 'col' }, c)))),
    element('tbody', {}, ...rows.map((cells) => element('tr', {}, ...cells.map((c) => element('td', {}, c)))))));
}

function problems(report) {
  if (report.problems.length === 0) return null;
  const items = report.problems.map((p) => element('li', {}, element('strong', {}, p.code + ': '), element('code', {}, shown(p.where)), ' ' + shown(p.what)));
  const more = report.more_problems > 0 ? element('p', {}, 'And ' + report.more_problems + ' more.') : null;
  return section('Problems (' + (report.problems.length + report.more_problems) + ')', element('ul', { class: 'problems' }, ...items), more);
}

function checks(report) {
  return section('What was checked', table(['Result', 'Check', 'Number', 'What it means'],
    report.checks.map((c) => [badge(results[c.result] ?? ['bad', shown(c.result)]), c.name, c.count.toLocaleString('en'), shown(c.what)])));
}

function exhibits(report) {
  if (report.exhibits.length === 0) return null;
  const button = (x) => {
    const b = element('button', { type: 'button', class: 'link' }, shown(x.number));
    b.addEventListener('click', () => follow(x.number));
    return b;
  };
  return section('Exhibits (' + report.exhibits.length + ')', table(['Result', 'Exhibit', 'Name and SHA-256', 'Size'], report.exhibits.map((x) => [
    badge(exhibitResults[x.result] ?? ['bad', shown(x.result)]), button(x),
    element('span', {}, x.name ? fileName(x.name) : '', x.reason ? element('span', { class: 'hint' }, shown(x.reason)) : null,
      x.name ? element('code', {}, x.sha256) : null),
    x.name ? size(x.length) : '',
  ])));
}

// others shows who else vouches for the record: witnesses and time stamps, and
// what earlier disclosures of the case the record continues.
function others(report) {
  const r = report.register;
  const rows = [
    ...(r?.witnesses ?? []).map((w) => [badge(['good', 'witness']), element('code', {}, shown(w.witness)), instant(w.at)]),
    ...(r?.unchecked ?? []).map((name) => [badge(['doubt', 'witness, not checked']), shown(name), '']),
    ...(r?.time_stamps ?? []).map((s) => [badge(['doubt', 'time stamp, not checked']), element('code', {}, shown(s.sha256)), '']),
    ...(report.earlier ?? []).map((e) => [badge(e.continued ? ['good', 'earlier bundle continued'] : ['bad', 'earlier bundle']), element('code', {}, shown(e.disclosure)), e.log_size + ' entries']),
  ];
  const registered = r ? element('p', {}, 'The agency’s register took the head of this record in at ' + instant(r.at) + ', as the agency says.') : null;
  return rows.length === 0 && !r ? null : section('Who else saw the record', registered, rows.length ? table(['What', 'Who', 'When'], rows) : element('p', {}, 'No witness is known to have seen it.'));
}

function list(title, sentences) {
  if (!sentences || sentences.length === 0) return null;
  return section(title, element('ul', {}, ...sentences.map((s) => element('li', {}, shown(s)))));
}
