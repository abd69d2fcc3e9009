/** Everything that a world remembers, in one short text: two worlds with the same text are in the same state. */

export function fingerprint(world: {
  readonly clock: number;
  readonly instructions: number;
  save(): unknown;
}): string {
  let sum = 0x811c9dc5;
  const mix = (value: number): void => {
    sum = Math.imul(sum ^ (value | 0), 0x01000193) ^ (value / 0x1_0000_0000);
  };
  const known = new Map<object, number>();
  const visit = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) bytes(value);
    else if (value instanceof Map || value instanceof Set) visit([...value]);
    else if (value !== null && typeof value === 'object')
      for (const [key, part] of Object.entries(value)) {
        for (const character of key) mix(character.charCodeAt(0));
        visit(part);
      }
    else for (const character of `${typeof value}${String(value)};`) mix(character.charCodeAt(0));
  };
  /** Blocks that states share are read once. */
  const bytes = (view: ArrayBufferView): void => {
    let own = known.get(view);
    if (own === undefined) {
      own = 0x811c9dc5;
      for (const byte of new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
        own = Math.imul(own ^ byte, 0x01000193);
      known.set(view, own);
    }
    mix(own);
  };
  visit(world.save());
  return `${world.clock} ${world.instructions} ${sum >>> 0}`;
}
