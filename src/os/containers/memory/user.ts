/** The kernel's access to a program's memory: page by page through its tables, with its rights. */
import { fail } from '../abi/errno.ts';
import type { SystemPc } from '../../../machines/pc/system.ts';
import type { AddressSpace } from './address-space.ts';
import { PAGE } from './frames.ts';
import { frameOf, PRESENT, USER, WRITABLE } from './page-tables.ts';
import { USER_END } from './regions.ts';

const decoder = new TextDecoder();
const LONGEST_STRING = 131072;

export class UserMemory {
  private readonly system: SystemPc;
  readonly space: AddressSpace;

  constructor(system: SystemPc, space: AddressSpace) {
    this.system = system;
    this.space = space;
  }

  /** Physical address of a linear one, brought in for the access; EFAULT where the program itself may not. */
  private reach(linear: number, store: boolean): number {
    if (linear < 0 || linear >= USER_END) return fail('EFAULT');
    const needed = PRESENT | USER | (store ? WRITABLE : 0);
    let entry = this.space.tables.entry(linear);
    if ((entry & needed) !== needed) {
      if (this.space.touch(linear, store) !== null) return fail('EFAULT');
      entry = this.space.tables.entry(linear);
    }
    return frameOf(entry) + (linear % PAGE);
  }

  read(address: number, length: number): Uint8Array {
    const at = address >>> 0;
    if (at + length > USER_END) return fail('EFAULT');
    const inPage = PAGE - (at % PAGE);
    if (length <= inPage)
      return length === 0 ? new Uint8Array() : this.system.readPhysical(this.reach(at, false), length);
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const count = Math.min(length - done, PAGE - ((at + done) % PAGE));
      bytes.set(this.system.readPhysical(this.reach(at + done, false), count), done);
      done += count;
    }
    return bytes;
  }

  write(address: number, bytes: Uint8Array): void {
    const at = address >>> 0;
    for (let done = 0; done < bytes.length;) {
      const count = Math.min(bytes.length - done, PAGE - ((at + done) % PAGE));
      this.system.writePhysical(this.reach(at + done, true), bytes.subarray(done, done + count));
      done += count;
    }
  }

  /** A doubleword, signed. */
  word(address: number): number {
    const at = address >>> 0;
    if (at % 4 === 0) return this.system.loadPhysical(this.reach(at, false));
    const bytes = this.read(at, 4);
    return new DataView(bytes.buffer).getInt32(0, true);
  }

  words(address: number, count: number): Int32Array {
    return new Int32Array(this.read(address, 4 * count).buffer);
  }

  setWord(address: number, value: number): void {
    const at = address >>> 0;
    if (at % 4 === 0) this.system.storePhysical(this.reach(at, true), value);
    else this.write(at, new Uint8Array(Int32Array.of(value).buffer));
  }

  setWords(address: number, values: readonly number[]): void {
    this.write(address, new Uint8Array(Int32Array.from(values.map((v) => v | 0)).buffer));
  }

  /** A string up to its zero byte; ENAMETOOLONG beyond `most` bytes. */
  bytesOfString(address: number, most = LONGEST_STRING): Uint8Array {
    const parts: Uint8Array[] = [];
    let [at, length] = [address >>> 0, 0];
    for (;;) {
      const piece = this.read(at, PAGE - (at % PAGE));
      const end = piece.indexOf(0);
      parts.push(end < 0 ? piece : piece.subarray(0, end));
      length += end < 0 ? piece.length : end;
      if (length > most) return fail('ENAMETOOLONG');
      if (end >= 0) break;
      at += piece.length;
    }
    const bytes = new Uint8Array(length);
    let to = 0;
    for (const piece of parts) {
      bytes.set(piece, to);
      to += piece.length;
    }
    return bytes;
  }

  string(address: number, most = LONGEST_STRING): string {
    return decoder.decode(this.bytesOfString(address, most));
  }

  /** A path: at most 4095 bytes. */
  path(address: number): string {
    return this.string(address, 4095);
  }
}
