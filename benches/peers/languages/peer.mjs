import { createInterface } from "node:readline";

/** Answers as `serve` of `src/lib.rs` does. */
export async function serve(operations) {
  console.log(Object.keys(operations).join("\t"));
  for await (const line of createInterface({ input: process.stdin })) {
    const [calls, name] = line.split("\t");
    const operation = operations[name];
    const began = process.hrtime.bigint();
    for (let i = Number(calls); i > 0; i--) {
      const result = operation();
      if (result instanceof Promise) await result;
    }
    console.log(`${process.hrtime.bigint() - began}\t-`);
  }
}
