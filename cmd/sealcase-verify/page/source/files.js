// What the person gives: bundle, keys and proof. Everything from a file is
// untrusted text and reaches the page by textContent only.
'use strict';

const $ = (id) => document.getElementById(id);

// element makes an element with text or children in it.
function element(name, attributes = {}, ...children) {
  const e = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false && value != null) e.setAttribute(key, value === true ? '' : value);
  }
  e.append(...children.filter((c) => c != null));
  return e;
}

const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

// shown returns text so that control and direction characters in it are seen
// and do nothing.
const shown = (text) => String(text ?? '').replace(invisible, (c) => '\\u{' + c.codePointAt(0).toString(16) + '}');

// fileName shows a name as the log has it: names that are not text are base64.
function fileName(name) {
  if (!String(name).startsWith('base64:')) return shown(name);
  try {
    const bytes = Uint8Array.from(atob(name.slice(7)), (c) => c.charCodeAt(0));
    return shown(new TextDecoder().decode(bytes)) + ' (not valid text)';
  } catch {
    return shown(name);
  }
}

function size(bytes) {
  if (bytes < 1024) return bytes + (bytes === 1 ? ' byte' : ' bytes');
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes / 1024;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return value.toFixed(1) + ' ' + units[unit] + ' (' + bytes.toLocaleString('en') + ' bytes)';
}

const given = { bundle: null, proof: null, inside: '' };

// take puts a file where it belongs, and says so.
function take(kind, file) {
  if (!file) return;
  if (kind === 'keys') {
    file.slice(0, 1 << 20).text().then((text) => {
      $('keys').value = text;
      keysChanged(file.name);
    });
    return;
  }
  given[kind] = file;
  $(kind + '-chosen').textContent = shown(file.name) + ', ' + size(file.size);
  if (kind === 'bundle') forgetInside();
}

// kindOf guesses what a dropped file is, from the end of its name.
function kindOf(name) {
  if (/\.zip$/i.test(name)) return 'bundle';
  return /\.json$/i.test(name) ? 'proof' : 'keys';
}

function keysChanged(from) {
  const count = $('keys').value.split('\n').filter((line) => line.trim()).length;
  $('keys-state').textContent = count === 0 ? '' : count + (count === 1 ? ' key' : ' keys') + (from ? ' from ' + shown(from) : '');
}

function forgetInside() {
  given.inside = '';
  $('inside-list').replaceChildren();
  $('inside-choice').hidden = true;
  $('use-inside').checked = false;
}

// offerInside lists the keys in the bundle, to be compared.
function offerInside(text) {
  given.inside = text;
  const lines = text.split('\n').filter(Boolean);
  $('inside-list').replaceChildren(...lines.map((line) => element('li', {}, element('code', {}, shown(line)))));
  $('inside-choice').hidden = false;
}

function complain(text) {
  $('wrong').textContent = text;
  $('wrong').hidden = !text;
}
