/** IN and OUT of a guest: they go to the device model, repeated strings with many elements at a time. */
import { FLAG_DF } from '../../machines/pc/eflags.ts';
import { PAGE } from '../../machines/pc/memory.ts';
import { EAX, EDI, ESI } from '../../machines/pc/registers.ts';
import type { DiskWork } from './disk-work.ts';
import type { Handling } from './handling.ts';
import { EMULATE, USER_SPACE } from './paths.ts';

/** Bits of the qualification. SDM vol. 3C, table 27-5. */
const [INPUT, STRING] = [1 << 3, 1 << 4];

/**
 * An access to a port goes to whoever answers.
 * @param disk the work with the guest's disk, where somebody asked whose it is
 */
export function toDevice({ system, accounts }: Handling, disk: DiskWork | null, port: number): void {
  if (disk) disk.access(port);
  else system.work(accounts.devices, USER_SPACE);
}

export function portExit(handling: Handling, disk: DiskWork | null): void {
  const { system, real, guest, emulator, accounts } = handling;
  const qualification = guest.get('EXIT_QUALIFICATION');
  const port = qualification >>> 16;
  toDevice(handling, disk, port);
  emulator.synchronize();
  const { ports } = emulator.virtual;
  const size = ((qualification & 7) + 1) as 1 | 2 | 4;
  const input = (qualification & INPUT) !== 0;
  if ((qualification & STRING) !== 0) {
    system.work(accounts.emulation, EMULATE);
    emulator.elements(batch(handling, size, input ? EDI : ESI));
    return;
  }
  const mask = size === 4 ? -1 : (1 << (8 * size)) - 1;
  const eax = real.words[EAX]!;
  if (input) real.words[EAX] = (eax & ~mask) | (ports.input(port, size) & mask);
  else ports.output(port, size, eax & mask);
  guest.skip();
}

/**
 * Elements that go to the device model at once: those up to the end of the page (Linux 2.6.20 to 2.6.33,
 * `kvm_emulate_pio_string`; later ones fetch INS by 1024 bytes). From memory.
 */
function batch({ real, guest }: Handling, size: number, index: number): number {
  const offset = real.words[index]! & (PAGE - 1);
  const inPage = (guest.get('GUEST_RFLAGS') & FLAG_DF) !== 0 ? offset : PAGE - offset;
  return Math.max(1, Math.floor(inPage / size));
}
