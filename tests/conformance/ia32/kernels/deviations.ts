/**
 * Lines that QEMU prints otherwise than a processor does: what the manual says there is what the PC is held to.
 * QEMU's translator ignores these conditions or reports them otherwise.
 */
export interface Deviation {
  readonly kernel: string;
  readonly qemu: string;
  readonly manual: string;
  readonly source: string;
}

const of = (kernel: string, source: string, ...lines: readonly (readonly [string, string])[]): Deviation[] =>
  lines.map(([qemu, manual]) => ({ kernel, source, qemu, manual }));

export const DEVIATIONS: readonly Deviation[] = [
  ...of(
    'segments',
    'SDM vol. 2A, "LAR": bits 16 to 19 are undefined; the recorded processor shows those of the limit',
    ['LAR 00C09900', 'LAR 00CF9900'],
    ['LAR 00C09B00', 'LAR 00CF9B00'],
    ['LAR 00C01300', 'LAR 00CF1300'],
    ['LAR 00C09F00', 'LAR 00CF9F00'],
  ),
  ...of(
    'x87',
    'SDM vol. 1, section 8.6: every waiting instruction looks for exceptions, and FERR# becomes IRQ 13',
    ['FLD1 with an exception pending: ok', 'FLD1 with an exception pending: !10 FFFFFFFF'],
    ['FLDCW: ok', 'FLDCW: !10 FFFFFFFF'],
    ['IRQ 13 00000000', 'IRQ 13 00000001'],
    ['status then 00000000', 'status then 0000B084'],
    ['status 0000A884', 'status 00002800'],
  ),
  ...of(
    'debug',
    'SDM vol. 3B, section 17.2.4: GD, which the exception clears',
    ['general detect: 00 00000000 FFEFF4EF 00000000', 'general detect: 01 FFFF2FF0 00000000 00000000'],
    ['DR7 00002400', 'DR7 00000400'],
  ),
  ...of(
    'pae',
    'SDM vol. 3A, section 4.4.1: reserved bits of the pointers',
    ['paging on with a bad pointer: ok', 'paging on with a bad pointer: !0D 00000000'],
    ['CR3 with a bad pointer: ok', 'CR3 with a bad pointer: !0D 00000000'],
  ),
  ...of(
    'pae',
    'SDM vol. 3A, section 4.7: a reserved bit is found in a translation that is present',
    ['reserved bit: !0E 00000008', 'reserved bit: !0E 00000009'],
    ['execute disable without NXE: !0E 00000008', 'execute disable without NXE: !0E 00000009'],
    ['reserved bit of a 2 M page: !0E 00000008', 'reserved bit of a 2 M page: !0E 00000009'],
  ),
  ...of(
    'identity',
    'SDM vol. 2B, "RDMSR": a register that is not there',
    ['RDMSR of none: ok', 'RDMSR of none: !0D 00000000'],
    ['WRMSR of none: ok', 'WRMSR of none: !0D 00000000'],
  ),
  ...of(
    'devices',
    'Intel 8254 data sheet, "Mode 0": OUT is low from the control word on',
    ['counter 0 without a count 000000B0', 'counter 0 without a count 00000030'],
    ['counter 1 by the low byte 00000090', 'counter 1 by the low byte 00000010'],
  ),
];

/** What a kernel shall print: what it printed under QEMU, but for what the manual says otherwise. */
export function expectedOf(kernel: string, serial: string): string {
  let text = serial;
  for (const { qemu, manual } of DEVIATIONS.filter((each) => each.kernel === kernel)) {
    if (!text.includes(`${qemu}\n`)) throw new Error(`${kernel}: QEMU does not print "${qemu}" any more`);
    text = text.replace(`${qemu}\n`, `${manual}\n`);
  }
  return text;
}
