/**
 * The DIAGNOSE interface: instructions by which a guest that knows of CP asks it for services. GC20-1807, "The DIAGNOSE
 * Instruction in a Virtual Machine". The code is the effective address; operands are in the registers R1 and R3, and
 * what they point at is guest-real storage.
 */
import { ADDRESSING, PRIVILEGED_OPERATION, SPECIFICATION } from '../../machines/s370/assigned-storage.ts';
import { ebcdicBytes, fromEbcdic } from '../../base/ebcdic.ts';
import type { ControlProgram } from './control-program.ts';
import { DiagnoseIo } from './diagnose-io.ts';
import { DiagnoseSpool } from './diagnose-spool.ts';
import { guestFault, type GuestAccess } from './guest-access.ts';
import { AT_LOGON } from './messages.ts';
import type { SynchronousIo, VirtualDevice } from './state.ts';
import { dateAt, timeAt } from './time-of-day.ts';
import type { VirtualMachine } from './virtual-machine.ts';

export interface Operands {
  readonly r1: number;
  readonly r3: number;
  readonly address: number;
}
type Service = (vm: VirtualMachine, operands: Operands) => void;

/** Length of a message's code, and of code and blank. */
const MESSAGE_CODE = 10;
const LONGEST_COMMAND = 132;
/** Bits of R3 of code 08. */
const ANSWER_IN_BUFFER = 0x4000_0000;

/** Class and type of virtual devices, as DIAGNOSE 24 tells them (VDEVTYPC, VDEVTYPE). */
const TYPES: Readonly<Record<VirtualDevice['type'], number>> = {
  console: 0x8000, // CLASTERM, TYP3215
  reader: 0x2082, // CLASURI, TYP2540R
  punch: 0x1082, // CLASURO, TYP2540P
  printer: 0x1041, // CLASURO, TYP1403
  disk: 0x0410, // CLASDASD, TYP3330
};
/** VDEVFLAG of a disk that may only be read. */
const READ_ONLY = 0x80;
const CONSOLE_LINE = 126;

export class Diagnose {
  private readonly cp: ControlProgram;
  private readonly io: DiagnoseIo;
  private readonly spool: DiagnoseSpool;
  private readonly services: ReadonlyMap<number, Service>;

  constructor(cp: ControlProgram, _access: GuestAccess) {
    this.cp = cp;
    this.io = new DiagnoseIo(cp);
    this.spool = new DiagnoseSpool(cp);
    this.services = new Map<number, Service>([
      [0x00, (vm, o) => this.identification(vm, o)],
      [0x04, (vm, o) => this.examineRealStorage(vm, o)],
      [0x08, (vm, o) => this.consoleFunction(vm, o)],
      [0x0c, (vm, o) => this.pseudoTimer(vm, o)],
      [0x10, (vm, o) => this.releasePages(vm, o)],
      [0x14, (vm, o) => this.spool.execute(vm, o)],
      [0x18, (vm, o) => this.io.start(vm, o, 0x18)],
      [0x20, (vm, o) => this.io.start(vm, o, 0x20)],
      [0x24, (vm, o) => this.deviceType(vm, o)],
      [0x5c, (vm, o) => this.editMessage(vm, o)],
      [0x60, (vm, o) => this.storageSize(vm, o)],
    ]);
  }

  /** Executes the service that the code names; an unknown code is a specification exception of the guest. */
  execute(vm: VirtualMachine, operands: Operands): void {
    const service = this.services.get(operands.address & 0xffff);
    if (!service) guestFault(SPECIFICATION);
    service(vm, operands);
  }

  /** Goes on with an I/O request that the guest waits for. */
  proceed(vm: VirtualMachine, io: SynchronousIo): void {
    this.io.proceed(vm, io);
  }

  /** X'00': extended identification of CP, at the address in R1, as much as the length in R3 allows. */
  private identification(vm: VirtualMachine, { r1, r3 }: Operands): void {
    const length = Math.min(vm.gr[r3]! >>> 0, 40);
    const text = [...ebcdicBytes('STRATACP', 8), 0, 0, 0, 0, 0, 0, 0, 0, ...ebcdicBytes(vm.name, 8)];
    const bytes = [...text, ...new Array<number>(40).fill(0)].slice(0, length);
    if (length > 0) vm.store(vm.gr[r1]! & 0xffffff, bytes);
    vm.gr[r3] = vm.gr[r3]! - length;
  }

  /** X'04': words of real storage, for users of class C or E; R1 a list of addresses, R3 their number, R3 + 1 where to. */
  private examineRealStorage(vm: VirtualMachine, { r1, r3 }: Operands): void {
    if (!/[CE]/.test(vm.state.privileges ?? 'G')) guestFault(PRIVILEGED_OPERATION);
    const count = vm.gr[r3]!;
    if (count <= 0 || count > 1024) guestFault(SPECIFICATION);
    const list = vm.gr[r1]! & 0xffffff;
    const to = vm.gr[(r3 + 1) & 15]! & 0xffffff;
    const words = Array.from({ length: count }, (_, i) => {
      const real = vm.fetchWord(list + 4 * i) & 0xffffff;
      if (real + 4 > this.cp.system.storageSize) guestFault(ADDRESSING);
      return this.cp.system.fetchWord(real);
    });
    vm.store(
      to,
      words.flatMap((w) => [w >>> 24, (w >>> 16) & 255, (w >>> 8) & 255, w & 255]),
    );
  }

  /**
   * X'08': the CP command at the address in R1, of the length in R3. With bit 1 of R3 on, the answer goes to the
   * buffer at R1 + 1 of the length in R3 + 1. R3 gets the number of the error message, or 0.
   */
  private consoleFunction(vm: VirtualMachine, { r1, r3 }: Operands): void {
    const length = vm.gr[r3]! & 0xffffff;
    const buffered = (vm.gr[r3]! & ANSWER_IN_BUFFER) !== 0;
    if (length > LONGEST_COMMAND || (buffered && (r1 === 15 || r3 === 15))) guestFault(SPECIFICATION);
    if (length === 0) {
      vm.state.stopped = true;
      this.cp.say(vm, 'CP');
      return;
    }
    const line = fromEbcdic(vm.fetch(vm.gr[r1]! & 0xffffff, length)).trim();
    const at = vm.gr[(r1 + 1) & 15]! & 0xffffff;
    const room = vm.gr[(r3 + 1) & 15]! & 0xffffff;
    if (buffered && room > 0) vm.touch(at, Math.min(room, 8192));
    this.cp.returnCode = 0;
    const answer = this.cp.command(vm, line);
    vm.gr[r3] = this.cp.returnCode;
    if (!buffered) {
      this.cp.say(vm, answer);
      return;
    }
    const bytes = ebcdicBytes(answer).subarray(0, Math.min(room, 8192));
    if (bytes.length > 0) vm.store(at, bytes);
    const left = answer.length - bytes.length;
    vm.gr[(r3 + 1) & 15] = left > 0 ? left : answer.length;
    this.cp.setPsw(vm, { conditionCode: left > 0 ? 1 : 0 });
  }

  /** X'0C': date, time of day, virtual and total processor time in microseconds, 32 bytes at the address in R1. */
  private pseudoTimer(vm: VirtualMachine, { r1 }: Operands): void {
    const at = vm.gr[r1]! & 0xffffff;
    if ((at & 7) !== 0) guestFault(SPECIFICATION);
    const now = this.cp.system.storeClock();
    const used = BigInt(Math.floor((this.cp.virtualCycles(vm) * this.cp.system.cyclePicoseconds) / 1e6));
    const doubleword = Array.from({ length: 8 }, (_, i) => Number((used >> BigInt(56 - 8 * i)) & 0xffn));
    vm.store(at, [
      ...ebcdicBytes(dateAt(now), 8),
      ...ebcdicBytes(timeAt(now), 8),
      ...doubleword,
      ...doubleword,
    ]);
  }

  /** X'10': the pages from the address in R1 to that in R3 hold nothing worth keeping: they are zeros from now on. */
  private releasePages(vm: VirtualMachine, { r1, r3 }: Operands): void {
    const from = vm.gr[r1]! >>> 0;
    const to = vm.gr[r3]! >>> 0;
    if ((from & 0xff000fff) !== 0 || (to & 0xff000fff) !== 0 || to < from) guestFault(SPECIFICATION);
    if (to >= vm.storageSize) guestFault(ADDRESSING);
    for (let page = from >>> 12; page <= to >>> 12; page++)
      this.cp.paging.release(vm, vm.state.pages[page]!, page);
  }

  /** X'24': class and type of the device whose address is in R1 (−1: the console) into R3, of the real one into R3 + 1. */
  private deviceType(vm: VirtualMachine, { r1, r3 }: Operands): void {
    const console = vm.gr[r1] === -1;
    const device = vm.state.devices.find((d) =>
      console ? d.type === 'console' : d.address === (vm.gr[r1]! & 0xffff),
    );
    if (!device) {
      this.cp.setPsw(vm, { conditionCode: 3 });
      return;
    }
    if (console) vm.gr[r1] = device.address;
    const type = TYPES[device.type];
    const flag = device.type === 'disk' && device.readOnly ? READ_ONLY : 0;
    vm.gr[r3] = (type << 16) | flag;
    // Spooled devices have no real one behind them.
    const real = device.type === 'disk' ? (type << 16) | 0x0100 : (type << 16) | CONSOLE_LINE;
    const associated = device.type === 'disk' || device.type === 'console';
    if (associated && r3 < 15) vm.gr[r3 + 1] = real;
    this.cp.setPsw(vm, { conditionCode: associated ? 0 : 2 });
  }

  /** X'5C': the message at the address in R1 of the length in R3, as SET EMSG wants it. */
  private editMessage(vm: VirtualMachine, { r1, r3 }: Operands): void {
    const at = vm.gr[r1]!;
    const length = vm.gr[r3]! & 0xffffff;
    switch ((vm.state.settings ?? AT_LOGON).errors) {
      case 'ON':
        return;
      case 'OFF':
        vm.gr[r3] = 0;
        return;
      case 'CODE':
        vm.gr[r3] = Math.min(length, MESSAGE_CODE);
        return;
      case 'TEXT':
        vm.gr[r1] = at + Math.min(length, MESSAGE_CODE + 1);
        vm.gr[r3] = Math.max(0, length - MESSAGE_CODE - 1);
    }
  }

  /** X'60': bytes of virtual storage into R1. */
  private storageSize(vm: VirtualMachine, { r1 }: Operands): void {
    vm.gr[r1] = vm.storageSize;
  }
}

/** How far CP serves the codes of GC20-1807. */
export const DIAGNOSE_SUPPORT: readonly {
  readonly code: number;
  readonly name: string;
  readonly support: 'supported' | 'partial' | 'absent';
  readonly note?: string;
}[] = [
  { code: 0x00, name: 'store extended identification', support: 'partial', note: 'product bits are zero' },
  { code: 0x04, name: 'examine real storage', support: 'supported' },
  { code: 0x08, name: 'virtual console function', support: 'supported' },
  { code: 0x0c, name: 'pseudo timer', support: 'partial', note: 'total time equals virtual time' },
  { code: 0x10, name: 'release pages', support: 'supported' },
  {
    code: 0x14,
    name: 'input spool file manipulation',
    support: 'partial',
    note: 'no monitor files (1C, 20); links between buffers are their numbers; dates in file blocks are those of the moment',
  },
  { code: 0x18, name: 'standard DASD I/O', support: 'supported' },
  {
    code: 0x1c,
    name: 'clear error recording',
    support: 'absent',
    note: 'nothing breaks, nothing is recorded',
  },
  { code: 0x20, name: 'general I/O', support: 'supported' },
  { code: 0x24, name: 'device type and features', support: 'supported' },
  { code: 0x28, name: 'channel program modification', support: 'absent', note: 'for OS ISAM only' },
  { code: 0x2c, name: 'start of error recording', support: 'absent', note: 'nothing is recorded' },
  { code: 0x34, name: 'read dump spool file', support: 'absent', note: 'CP does not dump' },
  { code: 0x3c, name: 'update directory', support: 'absent', note: 'the directory belongs to the lab' },
  { code: 0x4c, name: 'accounting cards', support: 'absent', note: 'the ledger does the accounting' },
  { code: 0x58, name: '3270 virtual console', support: 'absent', note: 'terminals are typewriters' },
  { code: 0x5c, name: 'edit error message', support: 'supported' },
  { code: 0x60, name: 'virtual storage size', support: 'supported' },
  { code: 0x64, name: 'named segments', support: 'absent', note: 'no storage is shared between users' },
];
