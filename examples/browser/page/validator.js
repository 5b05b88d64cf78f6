// program is the validator, compiled once for all workers.
const program = WebAssembly.compileStreaming(fetch("program.wasm"));

// The policy of the page lets nothing but this one script become a worker.
const policy = globalThis.trustedTypes?.createPolicy("worker", { createScriptURL: () => "worker.js" });

// Validator inspects one file at a time. Another file ends the work on the one
// before, together with the worker that did it.
export class Validator {
  #worker;
  #busy = false;
  #listener;

  // The listener is called with the kind and the value of every message.
  constructor(listener) {
    this.#listener = listener;
    this.#start();
  }

  // inspect starts to inspect a file that may use the features that the function
  // names, which is called when the validator is ready.
  inspect(file, features) {
    if (this.#busy) {
      this.#worker.terminate();
      this.#start();
    }
    this.#busy = true;
    this.#worker.ready.then((worker) => worker.postMessage({ file, features: features() }));
  }

  #start() {
    const worker = new Worker(policy ? policy.createScriptURL("") : "worker.js", { type: "module" });
    this.#worker = worker;
    worker.ready = new Promise((resolve) => {
      worker.addEventListener("message", ({ data }) => {
        if (worker !== this.#worker) return;
        // One that failed remains busy, and so is replaced.
        if (data.kind === "done") this.#busy = false;
        this.#listener(data.kind, JSON.parse(data.json));
        if (data.kind === "ready") resolve(worker);
      });
    });
    worker.addEventListener("error", (event) => {
      if (worker === this.#worker) this.#listener("failed", event.message ?? "The validator could not be started.");
    });
    program.then(
      (compiled) => worker.postMessage({ program: compiled }),
      (error) => this.#listener("failed", String(error)),
    );
  }
}
