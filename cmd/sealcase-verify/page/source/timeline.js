// The custody timeline: the entries of the record, of the whole case or of one
// exhibit, in the order of the record.

const page = 50; // entries shown at once

const acts = {
  opened: 'opened the case', 'member-added': 'added a member', transitioned: 'moved the case on', 'intake-opened': 'began a delivery',
  'intake-closed': 'ended a delivery', received: 'received', rejected: 'rejected (the bytes were not those declared)', sealed: 'sealed',
  quarantined: 'quarantined (the stored bytes differed)', viewed: 'viewed', downloaded: 'downloaded', verified: 'verified again',
  analysed: 'analysed', extended: 'locked for longer', 'disclosure-requested': 'asked for a bundle', disclosed: 'disclosed a bundle',
  'bundle-fetched': 'fetched a bundle', corrected: 'corrected an earlier entry', key: 'introduced a signing key',
  roster: 'recorded who people are and with which keys they sign',
};

const tones = { received: 'good', sealed: 'good', verified: 'good', quarantined: 'bad', rejected: 'bad', disclosed: 'note', 'disclosure-requested': 'note', 'bundle-fetched': 'note', corrected: 'bad' };

const instant = (at) => shown(at).replace('T', ' ').replace(/\.\d+Z$/, ' UTC');

// readEntries reads the lines of the record; one that cannot be read stays in
// its place.
function readEntries(files) {
  const lines = files.flatMap((text) => (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n'));
  return lines.map((line, index) => {
    try {
      const entry = JSON.parse(line);
      if (entry !== null && typeof entry === 'object') return { index, entry };
    } catch { /* shown as unreadable */ }
    return { index, entry: { unreadable: true } };
  });
}

const custodyView = { all: [], box: null, select: null, search: null, count: 0, prefix: '' };

function custody(files, report) {
  const v = custodyView;
  v.all = files.length === 0 ? [] : readEntries(files);
  if (v.all.length === 0) return null;
  v.prefix = report.case.number + '/';
  v.select = element('select', { id: 'exhibit' }, element('option', { value: '' }, 'The whole case'),
    ...report.exhibits.map((x) => element('option', { value: shown(x.number) }, shown(x.number) + (x.name ? '  ' + fileName(x.name) : '  (withheld)'))));
  v.search = element('input', { id: 'search', type: 'search', autocomplete: 'off', spellcheck: 'false' });
  v.state = element('p', { class: 'hint', role: 'status' });
  v.box = element('ol', { class: 'timeline' });
  v.more = element('button', { type: 'button' }, 'Show more');
  v.select.addEventListener('change', restart);
  v.search.addEventListener('input', restart);
  v.more.addEventListener('click', () => { v.count += page; draw(); });
  const unproven = report.outcome === 'ok' ? null : element('p', { class: 'callout bad' }, 'The check found problems: nothing below is proven.');
  restart();
  const made = section('Custody timeline', unproven, element('div', { class: 'filters' },
    element('label', { for: 'exhibit' }, 'Show ', v.select), element('label', { for: 'search' }, 'Find ', v.search)), v.state, v.box, v.more);
  made.id = 'custody';
  return made;
}

// follow shows the timeline of one exhibit.
function follow(number) {
  if (!custodyView.select) return;
  custodyView.select.value = shown(number);
  custodyView.search.value = '';
  restart();
  $('custody').scrollIntoView();
  custodyView.select.focus();
}

function restart() {
  custodyView.count = page;
  draw();
}

function draw() {
  const v = custodyView;
  const words = v.search.value.trim().toLowerCase();
  const number = v.select.value.slice(v.prefix.length);
  const exhibit = v.select.value ? Number(number.replace(/^E-/, '')) : 0;
  const chosen = v.all.filter(({ entry }) => (!exhibit || concerns(entry, exhibit)) && (!words || JSON.stringify(entry).toLowerCase().includes(words)));
  v.state.textContent = chosen.length.toLocaleString('en') + ' of ' + v.all.length.toLocaleString('en') + ' entries';
  v.box.replaceChildren(...chosen.slice(0, v.count).map(line));
  v.more.hidden = chosen.length <= v.count;
}

// concerns reports whether an entry is about an exhibit; one that was a bundle
// of everything is about each.
function concerns(entry, exhibit) {
  return entry.exhibit === exhibit || ['opened', 'disclosed'].includes(entry.act);
}

function line({ index, entry }) {
  if (entry.unreadable) return element('li', { class: 'bad' }, element('span', { class: 'index' }, '#' + index), ' This line cannot be read.');
  if (entry.leaf) {
    return element('li', { class: 'withheld' }, element('span', { class: 'index' }, '#' + index),
      element('p', {}, element('strong', {}, 'Withheld. '), shown(entry.reason)));
  }
  const actor = entry.actor ?? {};
  const about = entry.exhibit ? ' exhibit E-' + String(entry.exhibit).padStart(5, '0') + (entry.name ? ', ' + fileName(entry.name) : '') : '';
  return element('li', { class: tones[entry.act] ?? '' },
    element('span', { class: 'index' }, '#' + index), element('time', { datetime: shown(entry.at) }, instant(entry.at)),
    element('p', {}, element('strong', {}, shown(actor.name || actor.id)), actor.service ? element('span', { class: 'hint' }, ' (machine)') : '', ' ' + (acts[entry.act] ?? shown(entry.act)) + about + '. ', element('span', { class: 'hint' }, shown(entry.purpose))),
    element('details', {}, element('summary', {}, 'Details'), details(entry)));
}

// details shows all of an entry, as recorded.
function details(entry) {
  const rows = [];
  const walk = (prefix, value) => {
    if (value !== null && typeof value === 'object') Object.entries(value).forEach(([k, v]) => walk(prefix ? prefix + '.' + k : k, v));
    else rows.push(element('dt', {}, shown(prefix)), element('dd', {}, shown(value)));
  };
  walk('', entry);
  return element('dl', {}, ...rows);
}
