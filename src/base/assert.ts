/** Failures of our own code: a broken promise is an exception, never a result. */

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`bug in vpcsim: ${message}`);
}

/** Marks a switch as exhaustive. */
export function unreachable(value: never): never {
  throw new Error(`bug in vpcsim: unhandled ${JSON.stringify(value)}`);
}
