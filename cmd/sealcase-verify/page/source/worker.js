// The worker: it starts the compiled verifier and hands it the bundle in
// slices, so that the page stays responsive and large bundles fit. It runs from
// a Blob, after wasm_exec.js of the Go distribution.
'use strict';

const told = { at: 0, offset: 0 };

// reading returns a function that reads a part of a file, and says how far it is.
function reading(file) {
  const reader = new FileReaderSync();
  return (offset, length) => {
    const now = Date.now();
    if (now - told.at > 100) {
      told.at = now;
      told.offset = Math.max(told.offset, offset);
      postMessage({ progress: told.offset / file.size });
    }
    try {
      return new Uint8Array(reader.readAsArrayBuffer(file.slice(offset, offset + length)));
    } catch {
      return null; // the verifier says what that means
    }
  };
}

// start unpacks the program, given as base64 of gzip, and runs it.
async function start(packed) {
  const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  const go = new Go();
  const { instance } = await WebAssembly.instantiate(await new Response(unpacked).arrayBuffer(), go.importObject);
  go.run(instance);
}

onmessage = async ({ data: { packed, task, file, ...given } }) => {
  try {
    await start(packed);
    const request = { read: reading(file), size: file.size, ...given };
    const result = JSON.parse(sealcase[task](request));
    if (task === 'verify' && !result.error) {
      // The timeline shows what is there, also in a bundle that is not good.
      sealcase.entries({ ...request, lines: (text) => postMessage({ lines: text }) });
    }
    postMessage({ result });
  } catch (error) {
    postMessage({ result: { error: 'The verifier could not run in this browser (' + error.message + '). Take a current one, or the program sealcase-verify.' } });
  }
};
