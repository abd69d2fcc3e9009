/**
 * The program-status word, in its two forms: basic control (BC) and extended control (EC).
 * GA22-7000, "Control", Program-Status Word.
 */
export interface Psw {
  readonly extendedControl: boolean;
  /** Byte 0 as it stands: channel masks and external mask in BC mode; PER, DAT, I/O and external masks in EC mode. */
  readonly systemMask: number;
  /** Access key, 0 … 15. */
  readonly key: number;
  readonly machineCheckMask: boolean;
  readonly wait: boolean;
  readonly problemState: boolean;
  readonly conditionCode: number;
  /** Fixed-point overflow 8, decimal overflow 4, exponent underflow 2, significance 1. */
  readonly programMask: number;
  /** 24-bit instruction address. */
  readonly instructionAddress: number;
  /** BC mode only, else 0. */
  readonly interruptionCode: number;
  /** BC mode only, else 0: length of the last instruction in halfwords. */
  readonly instructionLengthCode: number;
  /** False where bits that must be zero are not: loading such a PSW ends in a specification exception. */
  readonly valid: boolean;
  /** EC mode only, else 0: bits 16–17, 24–31 and 32–39 as they stand; the old PSW of that exception has them. */
  readonly unassigned: number;
}

/** Bits of byte 0 in EC mode. */
export const PSW_PER = 0x40;
export const PSW_DAT = 0x04;
export const PSW_IO = 0x02;
/** External mask: the same bit in both modes. */
export const PSW_EXTERNAL = 0x01;
/** Bits of byte 1. */
const EXTENDED_CONTROL = 0x08;
const MACHINE_CHECK = 0x04;
const WAIT = 0x02;
const PROBLEM = 0x01;

/** The PSW that two big-endian words stand for. One literal, all fields: this runs at every interruption. */
export function unpackPsw(high: number, low: number): Psw {
  const extendedControl = (high & (EXTENDED_CONTROL << 16)) !== 0;
  const byte1 = (high >>> 16) & 0xff;
  return {
    extendedControl,
    systemMask: high >>> 24,
    key: byte1 >> 4,
    machineCheckMask: (byte1 & MACHINE_CHECK) !== 0,
    wait: (byte1 & WAIT) !== 0,
    problemState: (byte1 & PROBLEM) !== 0,
    conditionCode: extendedControl ? (high >>> 12) & 3 : (low >>> 28) & 3,
    programMask: extendedControl ? (high >>> 8) & 15 : (low >>> 24) & 15,
    instructionAddress: low & 0xffffff,
    interruptionCode: extendedControl ? 0 : high & 0xffff,
    instructionLengthCode: extendedControl ? 0 : low >>> 30,
    // Without the dual-address-space facility bit 16 must be zero too.
    valid: !extendedControl || ((high & 0xb800_c0ff) === 0 && low >>> 24 === 0),
    unassigned: extendedControl ? ((high & 0xc0ff) << 8) | (low >>> 24) : 0,
  };
}

/** The two words of `psw`, high word first, unsigned. */
export function packPsw(psw: Psw): readonly [number, number] {
  const byte1 =
    (psw.key << 4) |
    (psw.extendedControl ? EXTENDED_CONTROL : 0) |
    (psw.machineCheckMask ? MACHINE_CHECK : 0) |
    (psw.wait ? WAIT : 0) |
    (psw.problemState ? PROBLEM : 0);
  const left = ((psw.systemMask << 24) | (byte1 << 16)) >>> 0;
  if (psw.extendedControl)
    return [
      (left | (psw.conditionCode << 12) | (psw.programMask << 8) | (psw.unassigned >>> 8)) >>> 0,
      ((psw.unassigned << 24) | psw.instructionAddress) >>> 0,
    ];
  return [
    (left | psw.interruptionCode) >>> 0,
    ((psw.instructionLengthCode << 30) |
      (psw.conditionCode << 28) |
      (psw.programMask << 24) |
      psw.instructionAddress) >>>
      0,
  ];
}

/** A PSW with every mask off, key 0, supervisor state, BC mode, at address 0, changed by `fields`. */
export const psw = (fields: Partial<Psw> = {}): Psw => ({
  extendedControl: false,
  systemMask: 0,
  key: 0,
  machineCheckMask: false,
  wait: false,
  problemState: false,
  conditionCode: 0,
  programMask: 0,
  instructionAddress: 0,
  interruptionCode: 0,
  instructionLengthCode: 0,
  valid: true,
  unassigned: 0,
  ...fields,
});
