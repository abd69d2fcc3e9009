/**
 * Virtual consoles and spooled unit-record devices: CP executes their channel programs itself, CCW by CCW.
 * A console read suspends until its user has typed a line, a write until the real terminal has typed it.
 * Invariant: all pages that a command touches are resident before it has any effect; PAGE_WAIT leaves nothing half done.
 * SIMPLIFIED: a spooled record is written when it is in the spool file, which lives in host memory, not on a volume.
 */
import { ebcdicBytes, fromEbcdic } from '../../base/ebcdic.ts';
import {
  CHANNEL_END,
  DEVICE_END,
  INCORRECT_LENGTH,
  PROGRAM_CHECK,
  PROGRAM_CONTROLLED,
  PROTECTION_CHECK,
  UNIT_CHECK,
  UNIT_EXCEPTION,
} from '../../machines/s370/channels/csw.ts';
import { directionOf, PCI, SLI } from '../../machines/s370/channels/ccw.ts';
import {
  bringIn,
  CC,
  CD,
  dataArea,
  fetchCcw,
  isInvalid,
  isTransferInChannel,
  mayBegin,
  MOST_CCWS,
  SKIP,
  type Ccw,
  type GuestCaw,
  type Piece,
} from './channel-program.ts';
import type { ControlProgram } from './control-program.ts';
import { allowedPieces, available, gather, mayFetchCcw, scatter } from './data-pieces.ts';
import type { CommandEnd, ConsoleDevice, SimulatedProgram, SpooledDevice } from './state.ts';
import { PAGE_WAIT, type VirtualMachine } from './virtual-machine.ts';

const DONE = CHANNEL_END | DEVICE_END;
const SENSE = 0x04;
const NO_OPERATION = 0x03;
const ALARM = 0x0b;
const COMMAND_REJECT = 0x80;
const INTERVENTION_REQUIRED = 0x40;
const CARD = 80;
const PRINT_LINE = 132;
/** Reads without feed, and feeds without read, of a 2540. */
const READ_ONLY = 0xc2;
const STACKER = 0xc0;
const FEED = 0x23;

type Simulated = ConsoleDevice | SpooledDevice;

/** What the device does with a command. */
type Outcome =
  /** Over in initial selection: an immediate command, or a rejection. */
  | { readonly kind: 'immediate'; readonly status: number }
  | { readonly kind: 'input'; readonly data: Uint8Array }
  | { readonly kind: 'output'; readonly taken: number }
  /** Taken over by the terminal, which tells when it has been typed. */
  | { readonly kind: 'typing'; readonly taken: number }
  | { readonly kind: 'suspended' };

/** One command with the CCWs data-chained to it, all of its pages resident. */
interface Prepared {
  readonly program: SimulatedProgram;
  readonly command: number;
  readonly chain: readonly { readonly at: number; readonly ccw: Ccw }[];
  readonly pieces: readonly Piece[];
  /** Channel status that ends it, or 0. */
  readonly check: number;
  /** The check comes where storage ends: what lies before that is passed, and if that is enough there is no check. */
  readonly partly?: true;
}

export class SimulatedIo {
  private readonly cp: ControlProgram;

  constructor(cp: ControlProgram) {
    this.cp = cp;
  }

  /**
   * SIO: the condition code and, for 1, the status to be stored. Throws PAGE_WAIT before anything has happened.
   */
  start(
    vm: VirtualMachine,
    device: Simulated,
    caw: GuestCaw,
  ): { readonly code: 0 } | { readonly code: 1; readonly status: number } {
    if (!mayBegin(fetchCcw(vm, caw.address))) return { code: 1, status: PROGRAM_CHECK };
    const program: SimulatedProgram = { key: caw.key, next: caw.address, executed: 0 };
    const prepared = this.prepare(vm, program);
    device.busy = true;
    this.cp.note('io-start', vm, { device: device.address, ccws: prepared.chain.length });
    if (device.type === 'console') device.sense = prepared.command === SENSE ? device.sense : [];
    this.interruptIfAsked(device, prepared);
    const outcome = this.perform(vm, device, prepared);
    const end = this.finish(vm, device, prepared, outcome);
    if (!end) return { code: 0 };
    if (end.finished && outcome.kind === 'immediate') {
      device.busy = false;
      return { code: 1, status: end.status };
    }
    this.proceed(vm, device, program, end);
    return { code: 0 };
  }

  /** The load key: reads 24 bytes to location 0 as by a CCW there that chains to the one at 8. */
  load(vm: VirtualMachine, device: Simulated): void {
    device.busy = true;
    this.run(vm, device, { key: 0, next: 0, executed: 0, load: true });
  }

  /** Executes the program on, until it ends, waits for the terminal, or waits for a page. */
  run(vm: VirtualMachine, device: Simulated, from: SimulatedProgram): void {
    device.running = null;
    let program = from;
    for (;;) {
      let prepared: Prepared;
      try {
        prepared = this.prepare(vm, program);
      } catch (thrown) {
        if (thrown !== PAGE_WAIT) throw thrown;
        device.running = program;
        return;
      }
      this.interruptIfAsked(device, prepared);
      const end = this.finish(vm, device, prepared, this.perform(vm, device, prepared));
      if (!end) return;
      if (end.finished) {
        this.end(vm, device, program, end);
        return;
      }
      program = { ...program, next: end.next, executed: program.executed + 1, residual: end.residual };
    }
  }

  private proceed(vm: VirtualMachine, device: Simulated, program: SimulatedProgram, end: CommandEnd): void {
    if (end.finished) this.end(vm, device, program, end);
    else
      this.run(vm, device, {
        ...program,
        next: end.next,
        executed: program.executed + 1,
        residual: end.residual,
      });
  }

  /** Takes up what waited for a page or for a line. */
  resume(vm: VirtualMachine): void {
    for (const device of vm.state.devices) {
      if (device.type === 'disk') continue;
      if (device.running) this.run(vm, device, device.running);
    }
  }

  /** The terminal has typed what the console's program wrote: the program goes on or ends. */
  typed(vm: VirtualMachine, device: ConsoleDevice): void {
    const { typing } = device;
    if (!typing) return;
    device.typing = null;
    const { key, load } = typing;
    const program: SimulatedProgram = {
      key,
      next: typing.next,
      executed: 0,
      residual: typing.residual,
      ...(load ? { load } : {}),
    };
    if (typing.finished) this.end(vm, device, program, typing);
    else this.run(vm, device, program);
  }

  /** HIO or HDV: ends the console's program where it stands; what is being typed is typed to its end. */
  halt(vm: VirtualMachine, device: Simulated): void {
    if (!device.busy) return;
    const typing = device.type === 'console' ? device.typing : null;
    const waiting = device.type === 'console' ? device.waiting : null;
    const program = typing ?? waiting ?? device.running;
    if (!program) return;
    const next = typing ? typing.next : program.next + 8;
    if (device.type === 'console') {
      device.typing = null;
      device.waiting = null;
    }
    device.running = null;
    this.end(vm, device, program, { finished: true, next, status: DONE, residual: 0 });
  }

  // ---------------------------------------------------------------- one command

  /** Reads the command at `program.next` and makes resident what it touches. */
  private prepare(vm: VirtualMachine, program: SimulatedProgram): Prepared {
    const nothing = { program, command: 0, chain: [], pieces: [], check: PROGRAM_CHECK };
    if (program.executed >= MOST_CCWS) return nothing;
    const loading = program.load === true && program.executed === 0;
    const first = loading ? { at: program.next, ccw: LOAD_CCW } : this.nextCcw(vm, program.key, program.next);
    if ('bad' in first) {
      // Where no CCW is found the count stays that of the command before.
      const { at, ccw } = first.bad;
      return {
        ...nothing,
        check: first.check,
        chain: [{ at, ccw: ccw === NO_CCW ? { ...ccw, count: program.residual ?? 0 } : ccw }],
      };
    }
    if (isInvalid(first.ccw, false)) return { ...nothing, chain: [first] };
    const chain = [first];
    let check = 0;
    while ((chain.at(-1)!.ccw.flags & CD) !== 0 && check === 0) {
      const next = this.nextCcw(vm, program.key, chain.at(-1)!.at + 8);
      if ('bad' in next) check = next.check;
      else if (isInvalid(next.ccw, true) || chain.length >= MOST_CCWS) check = PROGRAM_CHECK;
      else chain.push(next);
    }
    const pages = bringIn(
      vm,
      chain.map(({ at, ccw }) => [at, ccw] as const),
    );
    if (pages.length > this.cp.paging.mostLocked) return { ...nothing, chain };
    const areas = chain.map(({ ccw }) => dataArea(vm, ccw));
    const there = areas.flatMap((a) => a.pieces);
    const { command } = first.ccw;
    const storing = directionOf(command) !== 'to-device';
    // What is not transferred meets no key.
    const skips = storing && (first.ccw.flags & SKIP) !== 0;
    const pieces = command === NO_OPERATION || skips ? there : allowedPieces(vm, program.key, there, storing);
    const shut = available(pieces) < available(there);
    if (check !== 0) return { program, command, chain, pieces, check };
    check = shut ? PROTECTION_CHECK : areas.some((a) => a.broken) ? PROGRAM_CHECK : 0;
    return { program, command, chain, pieces, check, ...(check === 0 ? {} : { partly: true }) };
  }

  /** The CCW at `at`, behind at most one TIC. */
  private nextCcw(
    vm: VirtualMachine,
    key: number,
    at: number,
  ): { at: number; ccw: Ccw } | { bad: { at: number; ccw: Ccw }; check: number } {
    const none = (check: number) => ({ bad: { at, ccw: NO_CCW }, check });
    if (!mayFetchCcw(vm, key, at)) return none(PROTECTION_CHECK);
    const ccw = fetchCcw(vm, at);
    if (!ccw) return none(PROGRAM_CHECK);
    if (!isTransferInChannel(ccw)) return { at, ccw };
    if (!mayFetchCcw(vm, key, ccw.address))
      return { bad: { at: ccw.address, ccw: NO_CCW }, check: PROTECTION_CHECK };
    const target = fetchCcw(vm, ccw.address);
    if (!target) return none(PROGRAM_CHECK);
    if (isTransferInChannel(target)) return { bad: { at: ccw.address, ccw: target }, check: PROGRAM_CHECK };
    return { at: ccw.address, ccw: target };
  }

  /** PCI: a CCW asks for an interruption as it takes control; the program goes on meanwhile. */
  private interruptIfAsked(device: Simulated, { chain, program, check }: Prepared): void {
    const asking = check === 0 ? chain.findLast(({ ccw }) => (ccw.flags & PCI) !== 0) : undefined;
    if (!asking) return;
    device.pending = [
      ((program.key << 28) | ((asking.at + 8) & 0xffffff)) >>> 0,
      ((PROGRAM_CONTROLLED << 16) | asking.ccw.count) >>> 0,
    ];
  }

  private perform(vm: VirtualMachine, device: Simulated, prepared: Prepared): Outcome {
    this.cp.charge('simulateCcw');
    const { command, pieces, chain } = prepared;
    if (prepared.check !== 0 && !prepared.partly) return { kind: 'output', taken: 0 };
    if (command === SENSE) {
      const data = Uint8Array.of(device.sense[0] ?? 0);
      device.sense = [];
      return { kind: 'input', data };
    }
    if (command === NO_OPERATION) return { kind: 'immediate', status: DONE };
    const count = prepared.partly ? available(pieces) : chain.reduce((sum, { ccw }) => sum + ccw.count, 0);
    switch (device.type) {
      case 'console':
        return this.console(vm, device, command, count, () => gather(vm, pieces));
      case 'reader':
        return this.reader(vm, device, command);
      case 'punch':
      case 'printer':
        return this.writer(device, command, () => gather(vm, pieces));
    }
  }

  /** Passes the data and tells how the command ends; null while the terminal has it. */
  private finish(
    vm: VirtualMachine,
    device: Simulated,
    prepared: Prepared,
    outcome: Outcome,
  ): CommandEnd | null {
    const { program, chain, pieces, check, partly } = prepared;
    if (outcome.kind === 'suspended') {
      if (device.type === 'console') device.waiting = program;
      return null;
    }
    const first = chain[0] ?? { at: program.next, ccw: NO_CCW };
    if (check !== 0 && !partly) {
      const last = chain.at(-1) ?? first;
      return { finished: true, next: last.at + 8, status: DONE | check, residual: last.ccw.count };
    }
    if (outcome.kind === 'immediate') {
      const goesOn = (first.ccw.flags & (CD | CC)) === CC && (outcome.status & ~DONE) === 0;
      return { finished: !goesOn, next: first.at + 8, status: outcome.status, residual: first.ccw.count };
    }
    const moved = outcome.kind === 'input' ? outcome.data.length : outcome.taken;
    if (outcome.kind === 'input' && (first.ccw.flags & SKIP) === 0) scatter(vm, pieces, outcome.data);
    const stops = outcome.kind === 'input' ? moved > available(pieces) : moved >= available(pieces);
    const end = partly && stops ? checkedEnd(chain, available(pieces), check) : lengthEnd(chain, moved);
    if (outcome.kind !== 'typing' || device.type !== 'console') return end;
    device.typing = { ...program, ...end };
    return null;
  }

  // ---------------------------------------------------------------- devices

  private console(
    vm: VirtualMachine,
    device: ConsoleDevice,
    command: number,
    count: number,
    output: () => Uint8Array,
  ): Outcome {
    switch (command) {
      case 0x01:
      case 0x09:
        // A disconnected user's output is lost.
        if (vm.state.terminal < 0) return { kind: 'output', taken: count };
        this.cp.lines.guestOutput(vm, fromEbcdic(output()), command === 0x09);
        return { kind: 'typing', taken: count };
      case 0x0a: {
        const line = vm.state.lines.shift();
        if (line === undefined) {
          this.cp.lines.wantLine(vm);
          return { kind: 'suspended' };
        }
        return { kind: 'input', data: ebcdicBytes(line) };
      }
      case ALARM:
        return { kind: 'immediate', status: DONE };
      default:
        return reject(device);
    }
  }

  private reader(vm: VirtualMachine, device: SpooledDevice, command: number): Outcome {
    const feeds = (command & ~STACKER) === FEED;
    if (command !== READ_ONLY && (command & ~STACKER) !== 0x02 && !feeds) return reject(device);
    if (device.records.length === 0 && device.open !== true && !this.cp.spool.openNext(vm, device)) {
      device.sense = [INTERVENTION_REQUIRED];
      return { kind: 'immediate', status: UNIT_CHECK };
    }
    const record = device.records[0];
    if (!record) {
      // The end of a spool file is the reader's end of file, once.
      this.cp.spool.closeReader(vm, device);
      return { kind: 'immediate', status: DONE | UNIT_EXCEPTION };
    }
    device.open = true;
    if (command !== READ_ONLY) device.records.shift();
    return feeds ? { kind: 'immediate', status: DONE } : { kind: 'input', data: Uint8Array.from(record) };
  }

  private writer(device: SpooledDevice, command: number, output: () => Uint8Array): Outcome {
    const moves = device.type === 'printer' && (command & 0x07) === 0x03;
    const writes = device.type === 'printer' ? (command & 0x07) === 0x01 : (command & ~STACKER) === 0x01;
    if (!moves && !writes) return reject(device);
    const longest = device.type === 'punch' ? CARD : PRINT_LINE;
    const data = moves ? new Uint8Array() : output().subarray(0, longest);
    device.records.push([command, ...data]);
    return moves ? { kind: 'immediate', status: DONE } : { kind: 'output', taken: data.length };
  }

  private end(vm: VirtualMachine, device: Simulated, program: SimulatedProgram, end: CommandEnd): void {
    device.busy = false;
    device.running = null;
    if (device.type === 'console') device.waiting = null;
    // A PCI that the guest has not taken yet goes with the end.
    const before = device.pending ? (device.pending[1] >>> 16) & PROGRAM_CONTROLLED : 0;
    device.pending = [
      ((program.key << 28) | (end.next & 0xffffff)) >>> 0,
      (((end.status | before) << 16) | end.residual) >>> 0,
    ];
    this.cp.note('io-end', vm, { device: device.address, status: end.status });
  }
}

const LOAD_CCW: Ccw = { command: 0x02, address: 0, flags: CC | SLI, count: 24 };
const NO_CCW: Ccw = { command: 0, address: 0, flags: 0, count: 0 };

/** How a command ends whose device has moved `moved` bytes: in which CCW of the chain, and whether that is right. */
function lengthEnd(chain: Prepared['chain'], moved: number): CommandEnd {
  let before = 0;
  let index = 0;
  while (index < chain.length - 1 && before + chain[index]!.ccw.count <= moved)
    before += chain[index++]!.ccw.count;
  const { at, ccw } = chain[index]!;
  const wrong = moved !== before + ccw.count && (ccw.flags & (SLI | CD)) !== SLI;
  const goesOn = (ccw.flags & (CD | CC)) === CC && !wrong;
  return {
    finished: !goesOn,
    next: at + 8,
    status: DONE | (wrong ? INCORRECT_LENGTH : 0),
    residual: Math.max(0, before + ccw.count - moved),
  };
}

/** How a command ends whose area was there for `passed` bytes only. */
const checkedEnd = (chain: Prepared['chain'], passed: number, check: number): CommandEnd => ({
  ...lengthEnd(chain, passed),
  finished: true,
  status: DONE | check,
});

function reject(device: Simulated): Outcome {
  device.sense = [COMMAND_REJECT];
  return { kind: 'immediate', status: UNIT_CHECK };
}
