/** What exits only because page tables of the hypervisor's stand for the guest's. */
import { ESP } from '../../machines/pc/registers.ts';
import { emulate, type Handling } from './handling.ts';
import type { ShadowPaging } from './shadow.ts';

/** Every page fault exits. One that is the guest's own goes on to it. */
export function pageFaultExit(handling: Handling, shadow: ShadowPaging): void {
  const { guest, real } = handling;
  const linear = guest.get('EXIT_QUALIFICATION');
  const found = shadow.fault(linear, guest.get('EXIT_ERROR_CODE'));
  if (found === 'filled') guest.reinject();
  else if (typeof found === 'string' || guest.onWay) emulate(handling);
  else {
    real.cr2 = linear;
    guest.inject(found.vector, found.error);
  }
}

/** MOV to and from CR3 is simple without PAE; all else is executed for the guest. */
export function controlExit(handling: Handling, shadow: ShadowPaging): void {
  const { guest, real } = handling;
  const qualification = guest.get('EXIT_QUALIFICATION');
  const [register, kind, general] = [
    qualification & 15,
    (qualification >>> 4) & 3,
    (qualification >>> 8) & 7,
  ];
  if (register !== 3 || kind > 1 || shadow.isPae || general === ESP) {
    emulate(handling);
    return;
  }
  if (kind === 0) shadow.load(real.words[general]!);
  else real.words[general] = shadow.cr3;
  guest.skip();
}
