// The program of the page under Node, for tests: judge.mjs WASM_EXEC.js VERIFY.wasm
// Each line of standard input is a job in JSON, {bundle, keys, proof?, witness?}, all of them files; the answer is the
// outcome, a line each.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { runInThisContext } from 'node:vm';

const [loader, program] = process.argv.slice(2);
runInThisContext(readFileSync(loader, 'utf8'), { filename: loader });
const go = new globalThis.Go();
const { instance } = await WebAssembly.instantiate(readFileSync(program), go.importObject);
go.run(instance);

for await (const line of createInterface({ input: process.stdin })) {
  const job = JSON.parse(line);
  const bundle = readFileSync(job.bundle);
  const answer = JSON.parse(globalThis.sealcase.verify({
    size: bundle.length,
    read: (offset, length) => bundle.subarray(offset, offset + length),
    keys: readFileSync(job.keys, 'utf8'),
    proof: job.proof ? new Uint8Array(readFileSync(job.proof)) : null,
    witnesses: job.witness ? readFileSync(job.witness, 'utf8') : '',
  }));
  process.stdout.write((answer.error ?? answer.report.outcome) + '\n');
}
