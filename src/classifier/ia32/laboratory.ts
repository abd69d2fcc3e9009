/** Executes one instruction in one state on the PC's processor, in each situation, and reads off what happened. */
import { hex } from '../../base/bits.ts';
import { disassembleIa32 } from '../../assembler/ia32/disassemble.ts';
import type { Cpu } from '../../machines/pc/cpu.ts';
import { restoreCpu, saveCpu, type CpuState, type SegmentState } from '../../machines/pc/cpu-state.ts';
import { EXCEPTIONS, GP, UD } from '../../machines/pc/exceptions.ts';
import { getFlags } from '../../machines/pc/flags.ts';
import { Pc } from '../../machines/pc/machine.ts';
import type { Model } from '../../machines/pc/models/classes.ts';
import type { Outcome, Situation, Trial } from '../judge.ts';
import {
  CODE,
  CODE_0,
  CODE_3,
  DATA_0,
  DATA_3,
  GDT_LIMIT,
  globalTable,
  IDT_LIMIT,
  interruptTable,
  KERNEL_STACK,
  MONITORS,
  MOVED_FRAMES,
  OWN,
  PAGE,
  PAGE_DIRECTORY,
  PROGRAM_BYTES,
  type Place,
} from './layout.ts';
import { DATA_AT, STACK_AT, type State } from './states.ts';

const MEMORY = 0x100000;
const CR0_PROTECTED = 0x11;
/** What a monitor's own CR0 has besides: paging, MP, NE, WP. */
const CR0_MONITOR = 0x80010033 | 0;
const CR0_TS = 8;
const FLAG_IF = 0x200;
/** Flags that are the program's own: status, DF, NT, AC, ID. */
const OWN_FLAGS = 0x244cd5;
const IOPL_SHIFT = 12;
const LATER = 1_000_000;

const REGISTERS = ['EAX', 'ECX', 'EDX', 'EBX', 'ESP', 'EBP', 'ESI', 'EDI'];
const SEGMENTS = ['ES', 'CS', 'SS', 'DS', 'FS', 'GS'];
const CODE_ACCESS = 0xc09b;
const DATA_ACCESS = 0xc093;
const DPL_3 = 0x60;

const words = (values: readonly number[]): Uint8Array => new Uint8Array(Int32Array.from(values).buffer);

/** `called`: the instruction is there for it. INT1 raises a debug exception like that: it is behind it already. */
interface Event {
  readonly vector: number;
  readonly called: boolean;
}

export class Ia32Laboratory {
  private readonly model: Model;
  private pc: Pc;
  private readonly fresh: CpuState;
  private readonly accesses: string[] = [];

  constructor(model: Model) {
    this.model = model;
    this.pc = this.build();
    this.fresh = saveCpu(this.pc.cpu);
  }

  private build(): Pc {
    const pc = new Pc({ model: this.model, memory: MEMORY });
    pc.cpu.ports = {
      input: (port, size) => {
        this.accesses.push(`in ${hex(port, 4)}`);
        return 0x5a5a5a5a >>> (32 - 8 * size);
      },
      output: (port) => {
        this.accesses.push(`out ${hex(port, 4)}`);
      },
    };
    for (const place of [OWN, MONITORS]) writeTables(pc.cpu, place);
    writePageTables(pc.cpu);
    return pc;
  }

  /** One state in all situations. */
  trial(state: State): Trial {
    const { text } = disassembleIa32(Uint8Array.from(state.bytes), 0, { address: CODE });
    const flag = `IF ${state.interruptFlag ? 1 : 0}`;
    const shown = state.registers.slice(0, 3).map((value, i) => `${REGISTERS[i]!} ${hex(value)}`);
    return {
      text,
      state: [
        ...shown,
        flag,
        `stack ${state.stack
          .slice(0, 2)
          .map((word) => hex(word))
          .join(' ')}`,
      ].join(', '),
      outcomes: {
        supervisor: this.run(state, 'supervisor'),
        user: this.run(state, 'user'),
        relocated: this.run(state, 'relocated'),
        later: this.run(state, 'later'),
      },
    };
  }

  private run(state: State, situation: Situation): Outcome {
    const { pc } = this;
    const { cpu } = pc;
    const relocated = situation === 'relocated';
    const frames = relocated ? MOVED_FRAMES : CODE;
    const place = relocated ? MONITORS : OWN;
    cpu.bytes.fill(0, frames, frames + PROGRAM_BYTES);
    cpu.memory.write(frames, state.bytes);
    cpu.memory.write(frames + DATA_AT - CODE, words(state.data));
    cpu.memory.write(frames + STACK_AT - CODE, words(state.stack));
    const initial = cpu.bytes.slice(frames, frames + PROGRAM_BYTES);
    cpu.memory.write(place.idt, GATES[state.open ? 'open' : 'closed']);
    cpu.memory.write(place.gdt, GLOBAL_TABLES.get(place)!);
    restoreCpu(cpu, this.begin(state, situation, place));
    this.accesses.length = 0;
    const events: Event[] = [];
    cpu.onInterrupt = (vector, kind) => {
      events.push({ vector, called: kind !== 'exception' || cpu.eip !== CODE });
    };
    const before = resources(cpu);
    // A machine that shuts down does not start again: the next run gets another one.
    if (pc.step().kind === 'shutdown') this.pc = this.build();
    return this.outcome(cpu, before, events.at(-1), initial, frames);
  }

  /** The processor before the instruction. */
  private begin(state: State, situation: Situation, place: Place): CpuState {
    const user = situation === 'user';
    const relocated = situation === 'relocated';
    const segment = (selector: number, access: number): SegmentState => ({
      selector,
      base: 0,
      limit: 0xffffffff,
      access: access | (user ? DPL_3 : 0),
    });
    const data = segment(user ? DATA_3 : DATA_0, DATA_ACCESS);
    const code = segment(user ? CODE_3 : CODE_0, CODE_ACCESS);
    // User mode runs with interrupts on and without I/O rights, whatever the program believes: that is what protects.
    const system = user ? FLAG_IF : (state.interruptFlag ? FLAG_IF : 0) | (state.iopl << IOPL_SHIFT);
    return {
      ...this.fresh,
      registers: Int32Array.from(state.registers),
      eip: CODE,
      eflags: state.flags | system,
      segments: [data, code, data, data, data, data],
      gdt: { base: place.gdt, limit: GDT_LIMIT },
      idt: { base: place.idt, limit: IDT_LIMIT },
      ldt: { selector: place.ldtSelector, base: place.ldt, limit: 0x3f, access: 0x82 },
      task: { selector: place.taskSelector, base: place.tss, limit: 0x67, access: 0x8b },
      cr0: (relocated ? CR0_MONITOR : CR0_PROTECTED) | (state.taskSwitched ? CR0_TS : 0),
      cr3: relocated ? PAGE_DIRECTORY : 0,
      cpl: user ? 3 : 0,
      timeStampOffset: situation === 'later' ? LATER : 0,
    };
  }

  private outcome(
    cpu: Cpu,
    before: Readonly<Record<string, string>>,
    last: Event | undefined,
    initial: Uint8Array,
    frames: number,
  ): Outcome {
    if (last) {
      const trapped = !last.called;
      const name = trapped ? EXCEPTIONS[last.vector]?.[0] : undefined;
      return {
        end: trapped ? 'trap' : 'call',
        cause: name ?? `INT ${hex(last.vector, 2)}`,
        forbidden: trapped && last.vector === GP,
        visible: {},
        control: {},
      };
    }
    const after = resources(cpu);
    const changed = Object.entries(after).filter(([name, value]) => before[name] !== value);
    return {
      end: 'done',
      cause: '',
      forbidden: false,
      visible: visibleTo(cpu, initial, frames),
      control: { ...Object.fromEntries(changed), ...this.portChanges() },
    };
  }

  private portChanges(): Record<string, string> {
    return this.accesses.length > 0 ? { port: this.accesses.join(', ') } : {};
  }
}

/** Registers, flags, and the words of the program's memory that are not what they were. */
function visibleTo(cpu: Cpu, initial: Uint8Array, frames: number): Record<string, string> {
  const visible: Record<string, string> = {};
  REGISTERS.forEach((name, i) => (visible[name] = hex(cpu.words[i]!)));
  visible['EIP'] = hex(cpu.eip);
  visible['EFLAGS'] = hex(getFlags(cpu) & OWN_FLAGS);
  // The pointers to the last x87 instruction are seen by those that store them.
  const { x87 } = cpu;
  if (x87.occupied !== 0 || x87.status !== 0)
    x87.significands.forEach((significand, r) => {
      visible[`x87 register ${r}`] = `${hex(x87.exponents[r]!, 4)} ${significand.toString(16)}`;
    });
  visible['x87 words'] = [x87.control, x87.status, x87.occupied, x87.top]
    .map((word) => hex(word, 4))
    .join(' ');
  const was = new Int32Array(initial.buffer);
  for (let i = 0; i < was.length; i++) {
    const word = cpu.view.getInt32(frames + 4 * i, true);
    if (word !== was[i]) visible[`[${hex(CODE + 4 * i)}]`] = hex(word);
  }
  return visible;
}

/** What is not the program's own: segments, tables, control registers, interrupt flag, mode. */
function resources(cpu: Cpu): Record<string, string> {
  const flags = getFlags(cpu);
  const found: Record<string, string> = {
    CPL: String(cpu.cpl),
    IF: (flags & FLAG_IF) !== 0 ? '1' : '0',
    IOPL: String((flags >> IOPL_SHIFT) & 3),
    CR0: hex(cpu.cr0),
    CR2: hex(cpu.cr2),
    CR3: hex(cpu.cr3),
    CR4: hex(cpu.cr4),
    GDTR: `${hex(cpu.gdtBase)} ${hex(cpu.gdtLimit, 4)}`,
    IDTR: `${hex(cpu.idtBase)} ${hex(cpu.idtLimit, 4)}`,
    LDTR: hex(cpu.ldt.selector, 4),
    TR: hex(cpu.task.selector, 4),
    halted: cpu.halted ? 'yes' : 'no',
    MSR: [...cpu.msr]
      .map(([register, [low, high]]) => `${hex(register)} ${hex(high)} ${hex(low)}`)
      .join(', '),
    TSC: String(cpu.timeStampOffset),
  };
  SEGMENTS.forEach((name, i) => (found[name] = `${hex(cpu.selectors[i]!, 4)} ${hex(cpu.bases[i]!)}`));
  cpu.dr.forEach((value, i) => (found[`DR${i}`] = hex(value)));
  return found;
}

const GLOBAL_TABLES: ReadonlyMap<Place, Uint8Array> = new Map(
  [OWN, MONITORS].map((place) => [place, new Uint8Array(globalTable(place).buffer)]),
);
const GATES = {
  open: new Uint8Array(interruptTable(true).buffer),
  closed: new Uint8Array(interruptTable(false).buffer),
} as const;

function writeTables({ memory }: Cpu, place: Place): void {
  memory.write(place.tss, words([0, KERNEL_STACK, DATA_0, ...new Array<number>(22).fill(0), 0x680000]));
}

/** All pages where they are, but the program's in frames of the monitor's choice; level 3 may use all. */
function writePageTables({ memory }: Cpu): void {
  const rights = 7;
  const entries = Array.from({ length: 256 }, (_, page) => {
    const at = page * PAGE;
    const moved = at >= CODE && at < CODE + PROGRAM_BYTES ? at - CODE + MOVED_FRAMES : at;
    return moved | rights;
  });
  memory.write(PAGE_DIRECTORY, words([(PAGE_DIRECTORY + PAGE) | rights]));
  memory.write(PAGE_DIRECTORY + PAGE, words(entries));
}

/** Not an instruction of this processor, whatever the state. */
export const undefinedEverywhere = (trials: readonly Trial[]): boolean =>
  trials.every(({ outcomes }) => outcomes.supervisor.cause === EXCEPTIONS[UD]![0]);
