// Answers each line of standard input, the path of a module, with the nanoseconds
// that WebAssembly.validate took for it.
const fs = require('fs');

let path, bytes;
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  if (line !== path) {
    path = line;
    bytes = fs.readFileSync(path);
  }
  const start = process.hrtime.bigint();
  const valid = WebAssembly.validate(bytes);
  const end = process.hrtime.bigint();
  console.log(valid ? String(end - start) : 'error not valid');
});
