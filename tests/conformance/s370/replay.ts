/** Replays a vector on our processor: same state before, one instruction, then every difference from the recorded state. */
import { PROGRAM_CODE, TRANSLATION_EXCEPTION_ADDRESS } from '$src/machines/s370/assigned-storage.ts';
import type { Interruption } from '$src/machines/s370/cpu.ts';
import { S370 } from '$src/machines/s370/machine.ts';
import { packPsw, unpackPsw } from '$src/machines/s370/psw.ts';
import {
  AREAS,
  backgroundControl,
  backgroundFloating,
  backgroundGeneral,
  KEYED_BLOCKS,
  LANDING,
  LOW,
  STORAGE_SIZE,
} from './layout.ts';
import { REASONS } from './reasons.ts';
import { hex, type Patches, type Vector } from './vector.ts';

/** Where the new PSWs of all classes lead: anywhere but into the cases' storage. */
const HANDLER = 0x1000;
/** MVCL and CLCL may stop at an interruptible point and go on when executed again. */
const MOST_UNITS = 1000;

/** EC mode: the byte with the instruction-length code of a program interruption. */
const EXTENDED_LENGTH = PROGRAM_CODE + 1;

interface Taken extends Interruption {
  readonly psw: string;
}

const pswText = (words: readonly [number, number]): string => hex(words[0], 8) + hex(words[1], 8);
const signed = (text: string): number => parseInt(text, 16) | 0;

export class Replay {
  private readonly machine = new S370({ storage: STORAGE_SIZE });
  private readonly cpu = this.machine.cpu;
  private readonly storage = this.cpu.storage;
  private taken: Taken | null = null;
  private readonly expected = AREAS.map((area) => new Uint8Array(area.length));

  constructor() {
    for (let i = 0; i < LANDING.length; i++) this.storage.bytes[LANDING.at + i] = LANDING.fill(i);
    this.cpu.onInterruption = (interruption, high, low) => {
      this.taken = { ...interruption, psw: pswText([high, low]) };
    };
  }

  /** Differences, one line each; none when the processor does as recorded. */
  run(vector: Vector): string[] {
    this.prepare(vector);
    this.execute();
    // After a branch the exception may be of the next instruction's fetch.
    if (this.taken === null && vector.why === 'fetch') this.execute();
    return [
      ...this.comparePsw(vector),
      ...this.compareRegisters(vector),
      ...this.compareStorage(vector),
      ...this.compareKeys(vector),
    ];
  }

  private prepare(vector: Vector): void {
    const { cpu, storage } = this;
    for (let r = 0; r < 16; r++) {
      cpu.gr[r] = backgroundGeneral(r);
      cpu.cr[r] = backgroundControl(r);
    }
    for (let r = 0; r < 8; r += 2) cpu.fpr.set(backgroundFloating(r), r);
    for (const [r, text] of Object.entries(vector.gr ?? {})) cpu.gr[Number(r)] = signed(text);
    for (const [r, text] of Object.entries(vector.cr ?? {})) cpu.cr[Number(r)] = signed(text);
    for (const [r, text] of Object.entries(vector.fpr ?? {}))
      cpu.fpr.set([signed(text.slice(0, 8)), signed(text.slice(8))], Number(r));
    for (const area of AREAS) for (let i = 0; i < area.length; i++) storage.bytes[area.at + i] = area.fill(i);
    patch(storage.bytes, 0, vector.storage);
    const ia = parseInt(vector.psw.slice(10), 16);
    patch(storage.bytes, 0, { [hex(ia, 6)]: vector.instruction });
    for (let at = 0x58; at <= 0x78; at += 8)
      patch(storage.bytes, 0, { [hex(at, 6)]: hex(0, 8) + hex(HANDLER, 8) });
    KEYED_BLOCKS.forEach((block, i) => {
      storage.keys[block >> 11] = parseInt(vector.keys?.slice(2 * i, 2 * i + 2) ?? '00', 16);
    });
    AREAS.forEach((area, i) => this.expected[i]!.set(storage.bytes.subarray(area.at, area.at + area.length)));
    this.taken = null;
    cpu.prefix = 0;
    cpu.purgeTranslationBuffer();
    cpu.dropMaps();
    cpu.setPsw(unpackPsw(signed(vector.psw.slice(0, 8)), signed(vector.psw.slice(8))));
  }

  /** One instruction; an interruptible one until it is through. */
  private execute(): void {
    const { cpu, machine } = this;
    const start = cpu.ia;
    for (let unit = 0; unit < MOST_UNITS; unit++) {
      machine.step();
      if (this.taken !== null || (cpu.ia !== start && !cpu.pswInvalid)) return;
    }
  }

  private comparePsw({ after, unpredictable }: Vector): string[] {
    const actual = this.taken?.psw ?? pswText(packPsw(this.cpu.psw));
    const ending = this.taken?.class ?? 'completed';
    if (ending !== after.ending) return [`${ending} ${actual}, expected ${after.ending} ${after.psw}`];
    // In the EC mode the instruction-length code is not in the PSW.
    const actualLength = this.storage.bytes[EXTENDED_LENGTH]! >> 1;
    const expectedLength = parseInt(after.storage?.[hex(EXTENDED_LENGTH, 6)]?.slice(0, 2) ?? '00', 16) >> 1;
    const a = comparable(actual, unpredictable, actualLength);
    const e = comparable(after.psw, unpredictable, expectedLength);
    return a === e ? [] : [`PSW ${a}, expected ${e}`];
  }

  private compareRegisters({ gr, fpr, cr, after, unpredictable }: Vector): string[] {
    const { cpu } = this;
    const differences: string[] = [];
    const compare = (name: string, skipped: boolean, actual: string, expected: string): void => {
      if (!skipped && actual !== expected) differences.push(`${name} ${actual}, expected ${expected}`);
    };
    for (let r = 0; r < 16; r++) {
      const key = String(r);
      const general = after.gr?.[key] ?? gr?.[key] ?? hex(backgroundGeneral(r), 8);
      compare(`GR${r}`, unpredictable?.gr?.includes(r) ?? false, hex(cpu.gr[r]!, 8), general);
      const control = after.cr?.[key] ?? cr?.[key] ?? hex(backgroundControl(r), 8);
      compare(`CR${r}`, false, hex(cpu.cr[r]!, 8), control);
    }
    for (let r = 0; r < 8; r += 2) {
      const key = String(r);
      const [high, low] = backgroundFloating(r);
      const floating = after.fpr?.[key] ?? fpr?.[key] ?? hex(high, 8) + hex(low, 8);
      const actual = hex(cpu.fpr[r]!, 8) + hex(cpu.fpr[r + 1]!, 8);
      compare(`FPR${r}`, unpredictable?.fpr?.includes(r) ?? false, actual, floating);
    }
    return differences;
  }

  private compareKeys({ after }: Vector): string[] {
    if (after.keys === undefined) return [];
    const actual = KEYED_BLOCKS.map((block) => hex(this.storage.keys[block >> 11]!, 2)).join('');
    return actual === after.keys ? [] : [`keys ${actual}, expected ${after.keys}`];
  }

  private compareStorage({ after, unpredictable }: Vector): string[] {
    const free = (at: number): boolean =>
      unpredictable?.storage?.some(([from, length]) => at >= from && at < from + length) ?? false;
    return AREAS.flatMap((area, i) => {
      const expected = this.expected[i]!;
      patch(expected, area.at, after.storage);
      const actual = this.storage.bytes.slice(area.at, area.at + area.length);
      if (area === LOW && unpredictable?.page !== undefined)
        for (const bytes of [actual, expected]) clearByteIndex(bytes, unpredictable.page);
      const wrong = (n: number): boolean => actual[n] !== expected[n] && !free(area.at + n);
      let first = 0;
      while (first < area.length && !wrong(first)) first++;
      if (first === area.length) return [];
      let last = area.length - 1;
      while (!wrong(last)) last--;
      const text = (bytes: Uint8Array): string =>
        [...bytes.subarray(first, Math.min(last + 1, first + 32))].map((b) => hex(b, 2)).join('');
      return [`storage ${hex(area.at + first, 6)}: ${text(actual)}, expected ${text(expected)}`];
    });
  }
}

/** Clears what is less than a page in the translation-exception address. */
function clearByteIndex(low: Uint8Array, page: number): void {
  const at = TRANSLATION_EXCEPTION_ADDRESS - LOW.at;
  const view = new DataView(low.buffer, low.byteOffset);
  view.setUint32(at, view.getUint32(at) & -page);
}

/** Writes those patches that lie in `bytes`, which begin at address `from`. */
function patch(bytes: Uint8Array, from: number, patches: Patches | undefined): void {
  for (const [key, text] of Object.entries(patches ?? {})) {
    const at = parseInt(key, 16) - from;
    if (at < 0 || at >= bytes.length) continue;
    for (let i = 0; i < text.length / 2; i++) bytes[at + i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  }
}

/** The PSW without its unpredictable parts. `extendedLength` is the instruction-length code if the EC mode is on. */
function comparable(psw: string, unpredictable: Vector['unpredictable'], extendedLength: number): string {
  const fields = unpackPsw(signed(psw.slice(0, 8)), signed(psw.slice(8)));
  const basicLength = unpredictable?.ilc ? fields.instructionLengthCode : 0;
  const length = unpredictable?.ilc && fields.extendedControl ? extendedLength : basicLength;
  return pswText(
    packPsw({
      ...fields,
      conditionCode: unpredictable?.cc ? 0 : fields.conditionCode,
      instructionLengthCode: fields.instructionLengthCode - basicLength,
      instructionAddress: (fields.instructionAddress - 2 * length) & 0xffffff,
    }),
  );
}

/** A case as a person reads it. */
export function describeCase(v: Vector, differences: readonly string[]): string {
  const list = (name: string, patches: Patches | undefined): string =>
    Object.entries(patches ?? {})
      .map(([key, text]) => `${name}${key}=${text.length > 64 ? `${text.slice(0, 64)}…` : text}`)
      .join(' ');
  const before = [
    `PSW ${v.psw}`,
    list('GR', v.gr),
    list('FPR', v.fpr),
    list('CR', v.cr),
    list('', v.storage),
  ];
  return [
    `${v.mnemonic} ${v.instruction}`,
    ...(v.why === undefined ? [] : [`  ${REASONS[v.why]}`]),
    `  before: ${before.filter((part) => part !== '').join(' ')}${v.keys === undefined ? '' : ` keys ${v.keys}`}`,
    ...differences.map((line) => `  ${line}`),
  ].join('\n');
}
