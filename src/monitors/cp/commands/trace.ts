/**
 * TRACE and ADSTOP: CP types what it sees of the machine anyway (interruptions it reflects, instructions it simulates);
 * for BRANCH and INSTRUCT it has the processor report each one by program-event recording. GC20-1820.
 */
import { rowAt } from '../../../machines/s370/instructions/dispatch.ts';
import { CSW } from '../../../machines/s370/assigned-storage.ts';
import { hex } from '../../../base/bits.ts';
import type { ControlProgram, Tracer } from '../control-program.ts';
import { GuestFault } from '../guest-access.ts';
import type { TraceEvent } from '../state.ts';
import { NO_STORAGE, PAGE_WAIT, type VirtualMachine } from '../virtual-machine.ts';
import { abbreviates, address6, cuu, fail, type Command, type Context } from './command.ts';
import { ADSTOP_SVC, stopAtAddress } from './control.ts';

/** Control register 9: successful branches, instruction fetches. */
const BRANCHES = 0x8000_0000 | 0;
const FETCHES = 0x4000_0000;
const BRANCH_CODE = 0x8000;

const EVENTS: readonly (readonly [TraceEvent, number])[] = [
  ['SVC', 3],
  ['I/O', 3],
  ['PROGRAM', 4],
  ['EXTERNAL', 3],
  ['PRIV', 4],
  ['SIO', 3],
  ['BRANCH', 2],
  ['INSTRUCT', 4],
];
const CLASSES: Readonly<Record<string, readonly [TraceEvent, string]>> = {
  svc: ['SVC', 'SVC'],
  io: ['I/O', 'I/O'],
  program: ['PROGRAM', 'PROG'],
  external: ['EXTERNAL', 'EXT '],
};

export class CommandTracer implements Tracer {
  private readonly cp: ControlProgram;

  constructor(cp: ControlProgram) {
    this.cp = cp;
  }

  supervisorCall(vm: VirtualMachine, code: number): boolean {
    const stop = vm.state.addressStop;
    if (!stop || code !== ADSTOP_SVC[1] || this.real(vm) !== stop.address) return false;
    stopAtAddress({ cp: this.cp, vm });
    return true;
  }
  /** Guest-real address of the instruction, −1 where that cannot be told now. */
  private real(vm: VirtualMachine): number {
    return quietly(() => this.cp.access.real(vm, vm.state.instructionAddress)) ?? -1;
  }

  wanted(vm: VirtualMachine): number {
    const events = vm.state.trace?.events;
    if (!events) return 0;
    if (events.includes('INSTRUCT')) return FETCHES | (events.includes('BRANCH') ? BRANCHES : 0);
    return events.includes('BRANCH') ? BRANCHES : 0;
  }

  programEvent(vm: VirtualMachine, code: number, address: number): void {
    const trace = vm.state.trace;
    if (!trace) return;
    const branched = (code & BRANCH_CODE) !== 0;
    const target = branched ? ` ==> ${address6(vm.state.psw.instructionAddress)}` : '';
    this.type(vm, `    ${address6(address)} ${this.instruction(vm, address)}${target}`);
  }

  /** Mnemonic and bytes of the instruction at a logical address. */
  private instruction(vm: VirtualMachine, address: number): string {
    const bytes = quietly(() => {
      const [first = 0] = this.cp.access.fetch(vm, address, 2);
      const length = first < 0x40 ? 2 : first < 0xc0 ? 4 : 6;
      return this.cp.access.fetch(vm, address, length);
    });
    if (!bytes) return '????';
    const row = rowAt(bytes[0]!, bytes[1]!);
    return `${(row?.mnemonic ?? '????').padEnd(5)} ${[...bytes].map((b) => hex(b, 2)).join('')}`;
  }

  noted(kind: string, vm: VirtualMachine, detail: Readonly<Record<string, string | number>>): void {
    const events = vm.state.trace?.events;
    if (!events) return;
    if (kind === 'reflect') this.reflected(vm, events, detail);
    else if (kind === 'simulate') this.simulated(vm, events, detail);
  }

  private reflected(
    vm: VirtualMachine,
    events: readonly TraceEvent[],
    detail: Readonly<Record<string, string | number>>,
  ): void {
    const known = CLASSES[String(detail['class'])];
    if (!known || !events.includes(known[0])) return;
    const [event, name] = known;
    const own = event === 'SVC' || event === 'PROGRAM';
    const at = own ? vm.state.instructionAddress : vm.state.psw.instructionAddress;
    const code = Number(detail['code']);
    const shown = event === 'I/O' ? cuu(code) : hex(code, event === 'EXTERNAL' ? 4 : 2);
    const status =
      event === 'I/O' ? ` CSW ${hex(vm.fetchWord(CSW), 8)} ${hex(vm.fetchWord(CSW + 4), 8)}` : '';
    this.type(vm, `*** ${address6(at)} ${name} ${shown} ==> ${address6(Number(detail['target']))}${status}`);
  }

  private simulated(
    vm: VirtualMachine,
    events: readonly TraceEvent[],
    detail: Readonly<Record<string, string | number>>,
  ): void {
    const mnemonic = String(detail['mnemonic']);
    const io = ['SIO', 'SIOF', 'TIO', 'CLRIO', 'HIO', 'HDV', 'TCH'].includes(mnemonic);
    const at = address6(vm.state.instructionAddress);
    const operand = Number(detail['operand']);
    if (io && events.includes('SIO'))
      this.type(
        vm,
        `*** ${at} ${mnemonic.padEnd(5)} ${cuu(operand & 0xfff)} CC ${vm.state.psw.conditionCode}`,
      );
    else if (events.includes('PRIV')) this.type(vm, `*** ${at} ${mnemonic.padEnd(5)} ${address6(operand)}`);
  }

  private type(vm: VirtualMachine, line: string): void {
    this.cp.say(vm, line);
    if (vm.state.trace?.run === false) vm.state.stopped = true;
  }
}

/** What `look` gives, or null where the guest's storage does not let CP look now. */
function quietly<T>(look: () => T): T | null {
  try {
    return look();
  } catch (thrown) {
    if (thrown === PAGE_WAIT || thrown === NO_STORAGE || thrown instanceof GuestFault) return null;
    throw thrown;
  }
}

/** Where TRACE may type: the terminal is the only place. */
const ABSENT = ['PRINTER', 'BOTH', 'CCW', 'CSW'];

function trace({ vm, operands }: Context): string {
  if (operands.length === 0) fail('DMKTRC026E', 'OPERAND MISSING OR INVALID');
  const present = vm.state.trace;
  if (operands.length === 1 && operands[0] === 'END') {
    vm.state.trace = null;
    return 'TRACE ENDED';
  }
  const named: TraceEvent[] = [];
  let run = present?.run ?? false;
  let off = false;
  for (const word of operands) {
    const event = EVENTS.find(([name, shortest]) => abbreviates(word, name, shortest));
    if (event) named.push(event[0]);
    else if (word === 'ALL')
      named.push('SVC', 'I/O', 'PROGRAM', 'EXTERNAL', 'PRIV', 'SIO', 'BRANCH', 'INSTRUCT');
    else if (word === 'RUN') run = true;
    else if (word === 'NORUN') run = false;
    else if (word === 'OFF') off = true;
    else if (ABSENT.includes(word))
      fail('DMKTRC003E', `INVALID OPTION - ${word}: THIS CP TRACES AT THE TERMINAL ONLY`);
    else if (word !== 'TERMINAL') fail('DMKTRC003E', `INVALID OPTION - ${word}`);
  }
  const before = present?.events ?? [];
  const events = off ? before.filter((e) => !named.includes(e)) : [...new Set([...before, ...named])];
  if (events.length === 0 && !off) fail('DMKTRC026E', 'OPERAND MISSING OR INVALID');
  vm.state.trace = events.length === 0 ? null : { events, run };
  return events.length === 0 ? 'TRACE ENDED' : 'TRACE STARTED';
}

export const TRACE: readonly Command[] = [{ name: 'TRACE', shortest: 2, run: trace }];
