/** Passing data between a simulated device and the pieces of the guest's storage that its CCWs name. */
import type { Piece } from './channel-program.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const FETCH_PROTECTION = 0x08;

/** Bytes that there are. */
export const available = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, { length }) => sum + length, 0);

/** Whether a channel with that key may fetch the CCW at `at`. */
export const mayFetchCcw = (vm: VirtualMachine, key: number, at: number): boolean =>
  key === 0 || at >= vm.storageSize || reachable(vm, key, { at, length: 8 }, false) === 8;

/** The pieces as far as a channel with access key `key` may reach them without a break. */
export function allowedPieces(
  vm: VirtualMachine,
  key: number,
  pieces: readonly Piece[],
  storing: boolean,
): readonly Piece[] {
  if (key === 0) return pieces;
  const allowed: Piece[] = [];
  for (const piece of pieces) {
    const length = reachable(vm, key, piece, storing);
    if (length > 0) allowed.push({ at: piece.at, length });
    if (length < piece.length) break;
  }
  return allowed;
}

function reachable(vm: VirtualMachine, key: number, { at, length }: Piece, storing: boolean): number {
  for (let block = at & ~2047; block < at + length; block += 2048) {
    const own = vm.storageKey(block);
    if (own >> 4 !== key && (storing || (own & FETCH_PROTECTION) !== 0)) return Math.max(0, block - at);
  }
  return length;
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
