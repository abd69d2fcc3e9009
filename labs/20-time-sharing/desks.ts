/** A virtual machine for each user: the same programs, each on a one-user system of its own under CP. */
import { assembleS370 } from '../../src/assembler/s370/assemble.ts';
import { fill } from '../../src/base/fill.ts';
import type { UserProgram } from '../+shared/s370/users.ts';
import { userProgram } from '../+shared/s370/users.ts';
import desk from './guests/desk.s?raw';

/** Bytes of each virtual machine: the one-user system and room for any of the programs, also for the wild one's way. */
export const DESK_STORAGE = 0x40000;
const BYTES_ON_A_LINE = 24;

/** The program as constants: it was assembled to run anywhere. */
function constantsOf(source: string): string {
  const { segments } = assembleS370(source, { file: 'program' });
  const size = Math.max(...segments.map(({ address, bytes }) => address + bytes.length));
  const image = new Uint8Array(size);
  for (const { address, bytes } of segments) image.set(bytes, address);
  return Array.from({ length: Math.ceil(size / BYTES_ON_A_LINE) }, (_, i) => {
    const bytes = image.subarray(i * BYTES_ON_A_LINE, (i + 1) * BYTES_ON_A_LINE);
    const digits = Array.from(bytes, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('');
    return `         DC    X'${digits}'`;
  }).join('\n');
}

/** The source of a one-user system with `program` and its argument in it. */
export const deskWith = (program: UserProgram, argument: number): string =>
  fill(desk, { argument, program: constantsOf(userProgram(program)) });
