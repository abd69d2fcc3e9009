/**
 * The DIAGNOSE interface: instructions by which a guest that knows of CP asks it for services. GC20-1807, "The DIAGNOSE
 * Instruction in a Virtual Machine". The code is the effective address; operands are in the registers R1 and R3.
 */
import { SPECIFICATION } from '../../machines/s370/assigned-storage.ts';
import { ebcdicBytes, fromEbcdic } from '../../base/ebcdic.ts';
import type { ControlProgram } from './control-program.ts';
import { guestFault, type GuestAccess } from './guest-access.ts';
import type { VirtualMachine } from './virtual-machine.ts';

interface Operands {
  readonly r1: number;
  readonly r3: number;
  readonly address: number;
}
type Service = (vm: VirtualMachine, operands: Operands) => void;

export class Diagnose {
  private readonly cp: ControlProgram;
  private readonly access: GuestAccess;
  private readonly services: ReadonlyMap<number, Service>;

  constructor(cp: ControlProgram, access: GuestAccess) {
    this.cp = cp;
    this.access = access;
    this.services = new Map<number, Service>([
      [0x00, (vm, o) => this.identification(vm, o)],
      [0x08, (vm, o) => this.consoleFunction(vm, o)],
      [0x0c, (vm, o) => this.pseudoTimer(vm, o)],
      [0x60, (vm, o) => this.storageSize(vm, o)],
    ]);
  }

  /** Executes the service that the code names; an unknown code is a specification exception of the guest. */
  execute(vm: VirtualMachine, operands: Operands): void {
    const service = this.services.get(operands.address & 0xffff);
    if (!service) guestFault(SPECIFICATION);
    service(vm, operands);
  }

  /** X'00': extended identification of CP, at the address in R1, as much as the length in R3 allows. */
  private identification(vm: VirtualMachine, { r1, r3 }: Operands): void {
    const length = Math.min(vm.gr[r3]! >>> 0, 40);
    const text = [...ebcdicBytes('STRATACP', 8), 0, 0, 0, 0, 0, 0, 0, 0, ...ebcdicBytes(vm.name, 8)];
    const bytes = [...text, ...new Array<number>(40).fill(0)].slice(0, length);
    if (length > 0) this.access.store(vm, vm.gr[r1]! & 0xffffff, bytes);
    vm.gr[r3] = vm.gr[r3]! - length;
  }

  /** X'08': the CP command at the address in R1, of the length in R3. */
  private consoleFunction(vm: VirtualMachine, { r1, r3 }: Operands): void {
    const length = vm.gr[r3]! & 0xffffff;
    if (length === 0 || length > 240) guestFault(SPECIFICATION);
    const line = fromEbcdic(this.access.fetch(vm, vm.gr[r1]! & 0xffffff, length));
    const answer = this.cp.command(vm, line.trim());
    if (answer !== '') this.cp.say(vm, answer);
    vm.gr[r3] = 0;
  }

  /** X'0C': date, time of day, virtual and total processor time in microseconds, 32 bytes at the address in R1. */
  private pseudoTimer(vm: VirtualMachine, { r1 }: Operands): void {
    const at = vm.gr[r1]! & 0xffffff;
    if ((at & 7) !== 0) guestFault(SPECIFICATION);
    const microseconds = this.cp.system.storeClock() >> 12n;
    const seconds = Number(microseconds / 1_000_000n) % 86_400;
    const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
    const time = `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
    const used = BigInt(Math.floor((this.cp.virtualCycles(vm) * this.cp.system.cyclePicoseconds) / 1e6));
    const doubleword = Array.from({ length: 8 }, (_, i) => Number((used >> BigInt(56 - 8 * i)) & 0xffn));
    this.access.store(vm, at, [
      ...ebcdicBytes(date(microseconds), 8),
      ...ebcdicBytes(time, 8),
      ...doubleword,
      ...doubleword,
    ]);
  }

  /** X'60': bytes of virtual storage into R1. */
  private storageSize(vm: VirtualMachine, { r1 }: Operands): void {
    vm.gr[r1] = vm.storageSize;
  }
}

/** mm/dd/yy of a count of microseconds since 1900-01-01. */
function date(microseconds: bigint): string {
  let days = Number(microseconds / 86_400_000_000n);
  let year = 1900;
  const leap = (y: number): boolean => y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0);
  while (days >= (leap(year) ? 366 : 365)) days -= leap(year++) ? 366 : 365;
  const months = [31, leap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  let month = 0;
  while (days >= months[month]!) days -= months[month++]!;
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(month + 1)}/${two(days + 1)}/${two(year % 100)}`;
}
