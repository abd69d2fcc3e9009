/** Replays a vector on our processor: same state before, one instruction, then every difference from the recorded state. */
import { programInterruption } from '$src/machines/s370/interruptions.ts';
import { Cpu, FAULT, type Interruption } from '$src/machines/s370/cpu.ts';
import { MODEL_158 } from '$src/machines/s370/models.ts';
import { packPsw, unpackPsw } from '$src/machines/s370/psw.ts';
import { Storage } from '$src/machines/s370/storage.ts';
import {
  AREAS,
  backgroundControl,
  backgroundFloating,
  backgroundGeneral,
  KEYED_BLOCKS,
  LANDING,
  STORAGE_SIZE,
} from './layout.ts';
import { REASONS } from './reasons.ts';
import { hex, type Patches, type Vector } from './vector.ts';

/** Where the new PSWs of all classes lead: anywhere but into the cases' storage. */
const HANDLER = 0x1000;
/** MVCL and CLCL may stop at an interruptible point and go on when executed again. */
const MOST_UNITS = 1000;

interface Taken extends Interruption {
  readonly psw: string;
}

const pswText = (words: readonly [number, number]): string => hex(words[0], 8) + hex(words[1], 8);
const signed = (text: string): number => parseInt(text, 16) | 0;

export class Replay {
  private readonly storage = new Storage(STORAGE_SIZE);
  private readonly cpu = new Cpu(MODEL_158, this.storage);
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
    const plain = completed(vector);
    if (!plain && this.taken === null && vector.why === 'fetch') this.execute();
    return [
      ...this.comparePsw(vector, plain),
      ...this.compareRegisters(vector),
      ...this.compareStorage(vector),
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
    cpu.dropMaps();
    cpu.setPsw(unpackPsw(signed(vector.psw.slice(0, 8)), signed(vector.psw.slice(8))));
  }

  /** One instruction; an interruptible one until it is through. */
  private execute(): void {
    const { cpu } = this;
    const start = cpu.ia;
    for (let unit = 0; unit < MOST_UNITS; unit++) {
      cpu.left = 1;
      try {
        cpu.execute();
      } catch (fault) {
        if (fault !== FAULT) throw fault;
        programInterruption(cpu, cpu.faultCode);
      }
      if (this.taken !== null || cpu.ia !== start) return;
    }
  }

  private comparePsw(vector: Vector, plain: boolean): string[] {
    const { after, unpredictable } = vector;
    const recorded = plain ? behindSvc(after.psw) : after.psw;
    const actual =
      plain && this.taken === null ? pswText(packPsw(this.cpu.psw)) : (this.taken?.psw ?? 'none');
    const ending = plain ? 'completed' : after.ending;
    const actualEnding = this.taken === null ? 'completed' : this.taken.class;
    if (ending !== actualEnding) return [`ends as ${actualEnding} ${actual}, expected ${ending} ${recorded}`];
    const [a, e] = [comparable(actual, unpredictable), comparable(recorded, unpredictable)];
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

  private compareStorage({ after, unpredictable }: Vector): string[] {
    const free = (at: number): boolean =>
      unpredictable?.storage?.some(([from, length]) => at >= from && at < from + length) ?? false;
    return AREAS.flatMap((area, i) => {
      const expected = this.expected[i]!;
      patch(expected, area.at, after.storage);
      const actual = this.storage.bytes.subarray(area.at, area.at + area.length);
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

/** Writes those patches that lie in `bytes`, which begin at address `from`. */
function patch(bytes: Uint8Array, from: number, patches: Patches | undefined): void {
  for (const [key, text] of Object.entries(patches ?? {})) {
    const at = parseInt(key, 16) - from;
    if (at < 0 || at >= bytes.length) continue;
    for (let i = 0; i < text.length / 2; i++) bytes[at + i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  }
}

/** The case ended in the harness's own SVC behind the instruction or at the landing place. */
const completed = ({ after }: Vector): boolean =>
  after.ending === 'svc' && parseInt(after.psw.slice(6, 8), 16) >= 0xe0;

/** The PSW before that SVC: interruption code and instruction-length code as a PSW in force has them. */
function behindSvc(psw: string): string {
  const old = unpackPsw(signed(psw.slice(0, 8)), signed(psw.slice(8)));
  return pswText(
    packPsw({
      ...old,
      instructionAddress: (old.instructionAddress - 2) & 0xffffff,
      interruptionCode: 0,
      instructionLengthCode: 0,
    }),
  );
}

/** The PSW without its unpredictable parts. */
function comparable(psw: string, unpredictable: Vector['unpredictable']): string {
  const fields = unpackPsw(signed(psw.slice(0, 8)), signed(psw.slice(8)));
  const length = unpredictable?.ilc ? fields.instructionLengthCode : 0;
  return pswText(
    packPsw({
      ...fields,
      conditionCode: unpredictable?.cc ? 0 : fields.conditionCode,
      instructionLengthCode: fields.instructionLengthCode - length,
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
