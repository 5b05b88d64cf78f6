// Judges modules: standard input is a sequence of modules, each with its length in
// front of it, in four bytes, the lowest first. For each of them a line goes to
// standard output: "+", or "-" and the reason.
const chunks = [];
let have = 0;

function take(n) {
  const all = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
  chunks.length = 0;
  chunks.push(all.subarray(n));
  have -= n;
  return all.subarray(0, n);
}

function reason(bytes) {
  try {
    new WebAssembly.Module(bytes);
    return 'validate says no and compiling says nothing';
  } catch (e) {
    return String(e.message).replace(/[\r\n]+/g, ' ');
  }
}

let size = -1;
process.stdin.on('data', (chunk) => {
  chunks.push(chunk);
  have += chunk.length;
  let out = '';
  for (;;) {
    if (size < 0) {
      if (have < 4) break;
      size = take(4).readUInt32LE(0);
    }
    if (have < size) break;
    const bytes = new Uint8Array(take(size));
    size = -1;
    out += WebAssembly.validate(bytes) ? '+\n' : '-' + reason(bytes) + '\n';
  }
  if (out) process.stdout.write(out);
});
