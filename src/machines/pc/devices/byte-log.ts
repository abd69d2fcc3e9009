/** Bytes that a device has put out, kept in pieces that states share. */

const PIECE = 1024;

export interface ByteLogState {
  readonly full: readonly Uint8Array[];
  readonly rest: Uint8Array;
}

export class ByteLog {
  private full: Uint8Array[] = [];
  private rest: number[] = [];

  push(byte: number): void {
    this.rest.push(byte & 0xff);
    if (this.rest.length < PIECE) return;
    this.full.push(Uint8Array.from(this.rest));
    this.rest = [];
  }

  get length(): number {
    return this.full.length * PIECE + this.rest.length;
  }

  /** Each byte a character, from byte `from` on. */
  text(from = 0): string {
    const first = Math.floor(from / PIECE);
    const pieces = [...this.full.slice(first), this.rest];
    const text = pieces.map((bytes) => String.fromCharCode(...bytes)).join('');
    return text.slice(from - Math.min(first, this.full.length) * PIECE);
  }

  save(): ByteLogState {
    return { full: [...this.full], rest: Uint8Array.from(this.rest) };
  }

  restore(state: ByteLogState): void {
    this.full = [...state.full];
    this.rest = [...state.rest];
  }
}
