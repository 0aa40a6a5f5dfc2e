// The course of a check: from the form to the verdict.

let worker = null;
let workerAddress = '';

// ask runs a task of the verifier in a worker of its own, which ends with it.
function ask(task, request, heard) {
  stop();
  workerAddress ||= URL.createObjectURL(new Blob([$('worker-source').textContent], { type: 'text/javascript' }));
  worker = new Worker(workerAddress);
  worker.onmessage = ({ data }) => {
    if (data.result) stop();
    heard(data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    stop();
    heard({ result: { error: 'The verifier stopped. Nothing is known about the bundle. Try the program sealcase-verify.' } });
  };
  worker.postMessage({ packed: $('program').textContent, task, ...request });
}

function stop() {
  worker?.terminate();
  worker = null;
}

function show(part) {
  for (const id of ['form', 'working', 'result']) $(id).hidden = id !== part;
}

async function check(event) {
  event.preventDefault();
  const inside = $('use-inside').checked && given.inside !== '';
  const keys = inside ? given.inside : $('keys').value;
  if (!given.bundle) return complain('Choose the bundle first: the .zip file.');
  if (!keys.trim()) return complain('Give the agency’s public keys: a file, or paste them. Without keys nothing can be proven.');
  if (given.proof && given.proof.size > 16 << 20) return complain('This is no proof of disclosure: it is far too large.');
  complain('');
  const proof = given.proof ? new Uint8Array(await given.proof.arrayBuffer()) : null;
  const started = { file: given.bundle.name, inside, lines: [] };
  show('working');
  $('working-text').textContent = 'Reading ' + shown(given.bundle.name) + '. The bundle is read once, from the first byte to the last.';
  $('progress').value = 0;
  $('working-title').focus();
  ask('verify', { file: given.bundle, keys, proof, witnesses: $('witnesses').value }, (heard) => hear(started, heard));
}

function hear(started, heard) {
  if (heard.progress !== undefined) $('progress').value = heard.progress;
  if (heard.lines !== undefined) started.lines.push(heard.lines);
  if (!heard.result) return;
  if (heard.result.error) {
    show('form');
    complain(heard.result.error);
    return;
  }
  show('result');
  showVerdict(heard.result, started);
  $('verdict-title').focus();
}

function cancel() {
  stop();
  show('form');
  complain('Cancelled. Nothing is known about the bundle.');
}

function showInside() {
  if (!given.bundle) return complain('Choose the bundle first: the .zip file.');
  complain('');
  ask('keys', { file: given.bundle }, ({ result }) => {
    if (result?.keys) offerInside(result.keys);
    else if (result) complain('The keys in the bundle cannot be read: ' + result.error);
  });
}

function dropped(event) {
  event.preventDefault();
  $('drop').classList.remove('over');
  for (const file of event.dataTransfer.files) take(kindOf(file.name), file);
}

$('form').addEventListener('submit', check);
$('cancel').addEventListener('click', cancel);
$('show-inside').addEventListener('click', showInside);
$('keys').addEventListener('input', () => keysChanged(''));
$('bundle').addEventListener('change', (e) => take('bundle', e.target.files[0]));
$('keys-file').addEventListener('change', (e) => take('keys', e.target.files[0]));
$('proof').addEventListener('change', (e) => take('proof', e.target.files[0]));
$('print').addEventListener('click', () => window.print());
$('again').addEventListener('click', () => { show('form'); $('bundle').focus(); });
// A file that misses the field must not replace the page.
document.addEventListener('dragover', (e) => { e.preventDefault(); $('drop').classList.add('over'); });
document.addEventListener('dragleave', () => $('drop').classList.remove('over'));
document.addEventListener('drop', dropped);
