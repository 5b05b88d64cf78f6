// The worker runs the validator on one file after another. It is the only part of
// the page that reads modules, and may not connect to anything.
import "./wasm_exec.js";

const go = new globalThis.Go();
const fail = (error) => postMessage({ kind: "failed", json: JSON.stringify(String(error)) });

addEventListener("message", async ({ data }) => {
  try {
    if (data.program) {
      const instance = await WebAssembly.instantiate(data.program, go.importObject);
      await go.run(instance);
      fail("The validator has stopped.");
    } else {
      globalThis.inspect(new Uint8Array(await data.file.arrayBuffer()), data.features);
    }
  } catch (error) {
    fail(error);
  }
});
