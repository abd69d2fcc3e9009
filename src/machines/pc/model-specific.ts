/** Model-specific registers and the time-stamp counter. SDM vol. 4, chapter 2; vol. 3B, section 18.17. */
import type { Cpu } from './cpu.ts';
import type { Feature } from './models/classes.ts';
import { COUNTER, EVENT_SELECT, counterValue, setCounter, setEvent } from './performance.ts';
import { EAX, ECX, EDX } from './registers.ts';
import { CAPABILITIES, capability, FEATURE_CONTROL, FEATURE_CONTROL_VALUE } from './vmx/capabilities.ts';

const TIME_STAMP_COUNTER = 0x10;
const PLATFORM_ID = 0x17;
const APIC_BASE = 0x1b;
const EBL_CR_POWERON = 0x2a;
const MICROCODE_UPDATE = 0x79;
const MICROCODE_REVISION = 0x8b;
const MTRR_CAPABILITIES = 0xfe;
export const SYSENTER_CS = 0x174;
export const SYSENTER_ESP = 0x175;
export const SYSENTER_EIP = 0x176;
export const PAT = 0x277;

/** Bit 11 of IA32_APIC_BASE. */
export const APIC_ENABLED = 0x800;

type Words = readonly [low: number, high: number];
interface Register {
  readonly needs: Feature;
  readonly read: (cpu: Cpu) => Words;
  /** Null: read-only, #GP. */
  readonly write: ((cpu: Cpu, low: number, high: number) => void) | null;
}

const TWO_32 = 0x1_0000_0000;
const ignore = (): void => undefined;

/** A count as two words. */
const words = (count: number): Words => [(count % TWO_32) | 0, Math.floor(count / TWO_32) | 0];

/** The counter as two words: cycles since reset, or since a program wrote it. */
export const timeStamp = (cpu: Cpu): Words =>
  words(cpu.clock + cpu.timeStampOffset + (cpu.guest?.tscOffset ?? 0));

/** A register that keeps what is written into it, as `initial` after reset; bits outside `mask` are #GP. */
const holding = (
  register: number,
  needs: Feature,
  initial: Words = [0, 0],
  mask: Words = [-1, -1],
): Register => ({
  needs,
  read: (cpu) => cpu.msr.get(register) ?? initial,
  write: (cpu, low, high) => {
    if ((low & ~mask[0]) !== 0 || (high & ~mask[1]) !== 0) cpu.protection();
    cpu.msr.set(register, [low, high]);
  },
});

const constant = (needs: Feature, value: Words, write: Register['write'] = null): Register => ({
  needs,
  read: () => value,
  write,
});

/** Eight variable ranges, all fixed ranges, write-combining. Memory types have no effect: caches are not modelled. */
const MTRR_SHAPE: Words = [0x508, 0];
const VARIABLE_MTRRS = Array.from({ length: 16 }, (_, k) => 0x200 + k);
const FIXED_MTRRS = [0x250, 0x258, 0x259, ...Array.from({ length: 8 }, (_, k) => 0x268 + k)];
const MTRR_DEFAULT_TYPE = 0x2ff;
const MTRRS = [...VARIABLE_MTRRS, ...FIXED_MTRRS, MTRR_DEFAULT_TYPE];
const PAT_AFTER_RESET: Words = [0x00070406, 0x00070406];

const apicBase: Register = {
  needs: 'apic',
  read: (cpu) => (cpu.apic ? [cpu.apic.apicBase, 0] : cpu.protection()),
  write: (cpu, low, high) => {
    if (!cpu.apic || high !== 0) cpu.protection();
    else cpu.apic.setApicBase(low);
  },
};

const REGISTERS: ReadonlyMap<number, Register> = new Map([
  [
    TIME_STAMP_COUNTER,
    {
      needs: 'tsc',
      read: timeStamp,
      write: (cpu, low, high) => {
        cpu.timeStampOffset = (high >>> 0) * TWO_32 + (low >>> 0) - cpu.clock;
      },
    },
  ],
  [APIC_BASE, apicBase],
  [PLATFORM_ID, constant('sep', [0, 0])],
  [EBL_CR_POWERON, holding(EBL_CR_POWERON, 'sep')],
  // An update is taken and changes nothing: there is no microcode.
  [MICROCODE_UPDATE, constant('sep', [0, 0], ignore)],
  [MICROCODE_REVISION, constant('sep', [0, 0], ignore)],
  [MTRR_CAPABILITIES, constant('mtrr', MTRR_SHAPE)],
  ...MTRRS.map((register) => [register, holding(register, 'mtrr')] as const),
  [PAT, holding(PAT, 'pat', PAT_AFTER_RESET, [0x07070707, 0x07070707])],
  ...[SYSENTER_CS, SYSENTER_ESP, SYSENTER_EIP].map(
    (register) => [register, holding(register, 'sep')] as const,
  ),
  [FEATURE_CONTROL, constant('vmx', FEATURE_CONTROL_VALUE)],
  ...CAPABILITIES.map((register): readonly [number, Register] => [
    register,
    {
      needs: 'vmx',
      read: (cpu) => capability(cpu.features, register) ?? cpu.protection(),
      write: null,
    },
  ]),
  ...[0, 1].flatMap((k): (readonly [number, Register])[] => [
    [
      COUNTER + k,
      {
        needs: 'pmc',
        read: (cpu) => words(counterValue(cpu, k)),
        write: (cpu, low) => setCounter(cpu, k, low),
      },
    ],
    [
      EVENT_SELECT + k,
      {
        needs: 'pmc',
        read: (cpu) => [cpu.performance.events[k]!, 0],
        write: (cpu, low) => setEvent(cpu, k, low),
      },
    ],
  ]),
]);

/** Registers that are not there are #GP(0), as on the processor. */
function find(cpu: Cpu, number: number): Register {
  const register = REGISTERS.get(number);
  return register && cpu.features.has(register.needs) ? register : cpu.protection();
}

export const readRegister = (cpu: Cpu, number: number): Words => find(cpu, number).read(cpu);

export function writeRegister(cpu: Cpu, number: number, low: number, high: number): void {
  const { write } = find(cpu, number);
  if (!write) cpu.protection();
  else write(cpu, low, high);
}

export function readModelSpecific(cpu: Cpu): void {
  [cpu.words[EAX], cpu.words[EDX]] = readRegister(cpu, cpu.words[ECX]! >>> 0);
}

export function writeModelSpecific(cpu: Cpu): void {
  writeRegister(cpu, cpu.words[ECX]! >>> 0, cpu.words[EAX]!, cpu.words[EDX]!);
}
