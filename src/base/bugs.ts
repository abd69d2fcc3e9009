/** Our own bugs: states that no input may reach. They throw with the numbers in the message. */

/** Ends a `switch` over a closed union: a forgotten case is a type error, a wild value throws. */
export function assertNever(value: never): never {
  throw new Error(`impossible value: ${JSON.stringify(value)}`);
}

/** Throws `message` unless `condition` holds. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}
