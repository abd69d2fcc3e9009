/** Passing data between a simulated device and the pieces of the guest's storage that its CCWs name. */
import type { Piece } from './channel-program.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const FETCH_PROTECTION = 0x08;

/** Bytes that there are. */
export const available = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, { length }) => sum + length, 0);

/** Whether a channel with access key `key` may reach the pieces. */
export function keysAllow(
  vm: VirtualMachine,
  key: number,
  pieces: readonly Piece[],
  storing: boolean,
): boolean {
  if (key === 0) return true;
  for (const { at, length } of pieces)
    for (let block = at & ~2047; block < at + length; block += 2048) {
      const own = vm.storageKey(block);
      if (own >> 4 !== key && (storing || (own & FETCH_PROTECTION) !== 0)) return false;
    }
  return true;
}

export function gather(vm: VirtualMachine, pieces: readonly Piece[]): Uint8Array {
  for (const { at, length } of pieces) vm.markReferenced(at, length);
  return Uint8Array.from(pieces.flatMap(({ at, length }) => [...vm.fetch(at, length)]));
}

export function scatter(vm: VirtualMachine, pieces: readonly Piece[], data: Uint8Array): void {
  let offset = 0;
  for (const { at, length } of pieces) {
    const part = data.subarray(offset, offset + length);
    if (part.length > 0) vm.store(at, part);
    offset += length;
  }
}
