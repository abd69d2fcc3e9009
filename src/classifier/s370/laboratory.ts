/** Executes one instruction in one state on the System/370, in each situation, and reads off what happened. */
import { disassembleS370 } from '../../assembler/s370/disassemble.ts';
import { hex, hexBytes } from '../../base/bits.ts';
import {
  OPERATION,
  PRIVILEGED_OPERATION,
  PROGRAM_INTERRUPTIONS,
} from '../../machines/s370/assigned-storage.ts';
import type { Channels } from '../../machines/s370/channels/channels.ts';
import type { Interruption } from '../../machines/s370/cpu.ts';
import { S370, type S370State } from '../../machines/s370/machine.ts';
import { packPsw, psw, PSW_DAT, type Psw } from '../../machines/s370/psw.ts';
import type { Outcome, Situation, Trial } from '../judge.ts';
import { CODE, DATA, OTHER, PROGRAM_BYTES, PSW_AT, TARGET_AT, type State } from './states.ts';

const STORAGE = 0x20000;
/** Where a monitor keeps the program. */
const MOVED = 0x12000;
/** Segment tables of one's own machine and of the monitor's; each has its page table behind it. */
const OWN_TABLE = 0x9000;
const MONITORS_TABLE = 0x8000;
const PAGE_TABLE = 0x100;
/** An instruction that is interrupted is gone on with so many times at most. */
const UNITS = 64;
const MONITORS_PREFIX = 0x1f000;
/** 4 K pages, 64 K segments: control register 0, bits 8 to 12. */
const TRANSLATION_FORMAT = 0x00800000;
const SUBCLASS_MASKS = 0xe0;
const PROGRAM_KEY = 8;
const MONITORS_KEY = 15;
/** Cycles; less than to the first tick of the interval timer. */
const LATER = 5000;
/** LPSW finds this: supervisor state, extended control. */
const LOADABLE: readonly [number, number] = [0x00080000, CODE + 0x40];
const TARGET = [0x1a, 0x24];

export class S370Laboratory {
  private readonly machine = new S370({ storage: STORAGE });
  private readonly fresh: S370State;
  private readonly started: string[] = [];

  constructor() {
    const { cpu } = this.machine;
    this.fresh = this.machine.save();
    cpu.channels = this.recordingChannels();
  }

  /** Channels that note who asks, and answer that there is nothing. */
  private recordingChannels(): Channels {
    const noted =
      (name: string) =>
      (address: number): number => {
        this.started.push(`${name} ${hex(address, 4)}`);
        return 3;
      };
    return {
      startIo: noted('start'),
      testIo: noted('test'),
      clearIo: noted('clear'),
      haltIo: noted('halt'),
      haltDevice: noted('halt'),
      testChannel: noted('test channel'),
      storeChannelId: noted('identify'),
    };
  }

  /** One state in all situations. */
  trial(state: State): Trial {
    const { text } = disassembleS370(Uint8Array.from(state.bytes));
    return {
      text,
      state: [0, 2, 6].map((r) => `R${r} ${hex(state.gr[r]!)}`).join(', '),
      outcomes: {
        supervisor: this.run(state, 'supervisor'),
        user: this.run(state, 'user'),
        relocated: this.run(state, 'relocated'),
        later: this.run(state, 'later'),
      },
    };
  }

  private run(state: State, situation: Situation): Outcome {
    const { machine } = this;
    const { cpu } = machine;
    const moved = situation === 'relocated';
    const frames = moved ? MOVED : CODE;
    machine.restore(this.begin(state, situation));
    this.writeProgram(state, frames);
    this.writeTables(OWN_TABLE, CODE);
    this.writeTables(MONITORS_TABLE, MOVED);
    for (let at = 0; at < STORAGE; at += 2048) {
      const own = at >= frames && at < frames + PROGRAM_BYTES;
      cpu.storage.keys[at >> 11] = (own ? PROGRAM_KEY : MONITORS_KEY) << 4;
    }
    cpu.dropMaps();
    this.started.length = 0;
    const seen: Interruption[] = [];
    cpu.onInterruption = (interruption) => {
      seen.push(interruption);
    };
    const before = resources(machine);
    const initial = new DataView(cpu.bytes.slice(frames, frames + PROGRAM_BYTES).buffer);
    for (
      let unit = 0;
      unit < UNITS && seen.length === 0 && cpu.psw.instructionAddress === CODE && !cpu.wait;
      unit++
    )
      machine.step();
    return this.outcome(before, seen[0], initial, frames);
  }

  private writeProgram(state: State, frames: number): void {
    const { storage, view } = this.machine.cpu;
    storage.write(frames, new Uint8Array(PROGRAM_BYTES));
    storage.write(frames, state.bytes);
    for (const at of [DATA, OTHER, OTHER + 0x400])
      state.words.forEach((word, i) => view.setUint32(frames + at - CODE + 4 * i, word));
    LOADABLE.forEach((word, i) => view.setUint32(frames + DATA - CODE + PSW_AT + 4 * i, word));
    storage.write(frames + DATA - CODE + TARGET_AT, TARGET);
  }

  /** One segment whose pages are where they are, but the program's at `frames`. */
  private writeTables(table: number, frames: number): void {
    const { view } = this.machine.cpu;
    view.setUint32(table, 0xf0000000 | (table + PAGE_TABLE));
    for (let page = 0; page < 16; page++) {
      const at = page << 12;
      const frame = at >= CODE && at < CODE + PROGRAM_BYTES ? at - CODE + frames : at;
      view.setUint16(table + PAGE_TABLE + 2 * page, frame >> 8);
    }
  }

  private begin(state: State, situation: Situation): S370State {
    const user = situation === 'user';
    const moved = situation === 'relocated';
    const cr = new Int32Array(16);
    cr[0] = SUBCLASS_MASKS | TRANSLATION_FORMAT;
    cr[1] = moved ? MONITORS_TABLE : OWN_TABLE;
    const begun: Psw = psw({
      extendedControl: true,
      // The problem state runs with the masks that the monitor wants, whatever the program believes.
      systemMask: (user ? 3 : state.systemMask) | (moved ? PSW_DAT : 0),
      key: PROGRAM_KEY,
      problemState: user,
      conditionCode: state.conditionCode,
      instructionAddress: CODE,
    });
    return {
      ...this.fresh,
      clock: this.fresh.clock + (situation === 'later' ? LATER : 0),
      psw: packPsw(begun),
      gr: Int32Array.from(state.gr),
      fpr: Uint32Array.from(state.fpr),
      cr,
      prefix: moved ? MONITORS_PREFIX : 0,
      stopped: false,
    };
  }

  private outcome(
    before: Readonly<Record<string, string>>,
    interruption: Interruption | undefined,
    initial: DataView,
    frames: number,
  ): Outcome {
    if (interruption) {
      const call = interruption.class === 'svc';
      const name = PROGRAM_INTERRUPTIONS[interruption.code];
      return {
        end: call ? 'call' : 'trap',
        cause: call
          ? `SVC ${hex(interruption.code, 2)}`
          : `${name ?? interruption.class} ${hex(interruption.code, 4)}`,
        forbidden: interruption.class === 'program' && interruption.code === PRIVILEGED_OPERATION,
        visible: {},
        control: {},
      };
    }
    const { cpu } = this.machine;
    const visible: Record<string, string> = {};
    cpu.gr.forEach((value, r) => (visible[`R${r}`] = hex(value)));
    for (let r = 0; r < 8; r += 2) visible[`F${r}`] = `${hex(cpu.fpr[r]!)} ${hex(cpu.fpr[r + 1]!)}`;
    const now = cpu.psw;
    visible['condition code'] = String(now.conditionCode);
    visible['program mask'] = String(now.programMask);
    visible['instruction address'] = hex(now.instructionAddress, 6);
    for (let at = 0; at < PROGRAM_BYTES; at += 4) {
      const word = cpu.view.getInt32(frames + at);
      if (word !== initial.getInt32(at)) visible[`storage ${hex(CODE + at, 6)}`] = hex(word);
    }
    const after = resources(this.machine);
    const control = Object.fromEntries(
      Object.entries(after).filter(([name, value]) => before[name] !== value),
    );
    if (this.started.length > 0) control['I/O'] = this.started.join(', ');
    return { end: 'done', cause: '', forbidden: false, visible, control };
  }
}

/** Mode, masks, relocation, keys, clocks: what is not the program's own. */
function resources(machine: S370): Record<string, string> {
  const { cpu } = machine;
  const now = cpu.psw;
  const clocks = cpu.clocks.save();
  const found: Record<string, string> = {
    'problem state': now.problemState ? 'yes' : 'no',
    'system mask': hex(now.systemMask, 2),
    key: hex(now.key, 1),
    wait: now.wait ? 'yes' : 'no',
    'machine-check mask': now.machineCheckMask ? '1' : '0',
    prefix: hex(cpu.prefix, 6),
    'storage keys': hexBytes(cpu.storage.keys.map((key) => key & 0xf8)),
    'TOD clock': String(clocks.todOffset),
    'clock comparator': String(clocks.comparator),
    'CPU timer': String(clocks.timerOffset),
  };
  cpu.cr.forEach((value, r) => (found[`CR${r}`] = hex(value)));
  return found;
}

/** Not an instruction of this machine, whatever the state. */
export const undefinedEverywhere = (trials: readonly Trial[]): boolean =>
  trials.every(({ outcomes }) => outcomes.supervisor.cause.endsWith(hex(OPERATION, 4)));
