/** A digest of plain data: 128 bits in hexadecimal. It tells states apart; it keeps no secrets. */

/** Four lanes of multiply-and-rotate (after MurmurHash3), each with an odd constant of its own. */
const [A, B, C, D] = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93];
const CONSTANTS = new Int32Array([A, B, C, D]);

/** What a lane becomes when it takes in a word; `own` is its constant, `after` that of the lane after it. */
function next(state: number, neighbour: number, value: number, own: number, after: number): number {
  let mixed = Math.imul(value, own);
  mixed = Math.imul((mixed << 15) | (mixed >>> 17), after);
  mixed ^= state;
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + neighbour) | 0;
}

export class Digest {
  private readonly lanes = new Int32Array(CONSTANTS);
  private count = 0;

  private word(value: number): void {
    const lane = this.count++ & 3;
    const { lanes } = this;
    const [own, after] = [CONSTANTS[lane]!, CONSTANTS[(lane + 1) & 3]!];
    lanes[lane] = next(lanes[lane]!, lanes[(lane + 3) & 3]!, value, own, after);
  }

  /** As `word` for each: storages are most of what is taken in, so this goes round the lanes in one turn of the loop. */
  private words(values: Int32Array): void {
    let i = 0;
    while (i < values.length && (this.count & 3) !== 0) this.word(values[i++]!);
    const begin = i;
    let [a, b, c, d] = this.lanes as unknown as [number, number, number, number];
    for (; i + 4 <= values.length; i += 4) {
      a = next(a, d, values[i]!, A, B);
      b = next(b, a, values[i + 1]!, B, C);
      c = next(c, b, values[i + 2]!, C, D);
      d = next(d, c, values[i + 3]!, D, A);
    }
    this.lanes.set([a, b, c, d]);
    this.count += i - begin;
    while (i < values.length) this.word(values[i++]!);
  }

  private bytes(view: ArrayBufferView): void {
    const all = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    const { buffer, byteOffset, byteLength } = view.byteOffset % 4 === 0 ? all : all.slice();
    this.word(byteLength);
    const words = byteLength >> 2;
    this.words(new Int32Array(buffer, byteOffset, words));
    for (const byte of all.subarray(4 * words)) this.word(byte);
  }

  private text(text: string): void {
    this.word(text.length);
    for (let i = 0; i < text.length; i++) this.word(text.charCodeAt(i));
  }

  /** Takes in objects, arrays, typed arrays and primitives; the order of an object's fields counts. */
  add(value: unknown): this {
    if (ArrayBuffer.isView(value)) this.bytes(value);
    else if (value !== null && typeof value === 'object') {
      const entries = Object.entries(value);
      this.word(Array.isArray(value) ? ~entries.length : entries.length);
      for (const [key, item] of entries) {
        this.text(key);
        this.add(item);
      }
    } else this.text(`${typeof value} ${String(value)}`);
    return this;
  }

  get hexadecimal(): string {
    const lanes = this.lanes.slice();
    for (let round = 0; round < 8; round++) {
      const at = round & 3;
      let mixed = lanes[at]! ^ lanes[(at + 3) & 3]! ^ this.count;
      mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
      lanes[at] = mixed ^ (mixed >>> 13);
    }
    return Array.from(lanes, (lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
