/** A digest of plain data: 128 bits in hexadecimal. It tells states apart; it keeps no secrets. */

/** Four lanes of multiply-and-rotate (after MurmurHash3), each with an odd constant of its own. */
const CONSTANTS = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93] as const;

export class Digest {
  private readonly lanes = new Uint32Array(CONSTANTS);
  private count = 0;

  private word(value: number): void {
    const lane = this.count++ & 3;
    let mixed = Math.imul(value, CONSTANTS[lane]!);
    mixed = Math.imul((mixed << 15) | (mixed >>> 17), CONSTANTS[(lane + 1) & 3]!);
    const state = this.lanes[lane]! ^ mixed;
    this.lanes[lane] = Math.imul((state << 13) | (state >>> 19), 5) + this.lanes[(lane + 3) & 3]!;
  }

  private bytes(view: ArrayBufferView): void {
    const all = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    const { buffer, byteOffset, byteLength } = view.byteOffset % 4 === 0 ? all : all.slice();
    this.word(byteLength);
    const words = byteLength >> 2;
    for (const word of new Uint32Array(buffer, byteOffset, words)) this.word(word);
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
    return Array.from(lanes, (lane) => lane.toString(16).padStart(8, '0')).join('');
  }
}
