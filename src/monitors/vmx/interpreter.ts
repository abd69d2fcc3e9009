/**
 * Guest code that a processor without unrestricted guests cannot execute: in real-address mode, and in protected mode as
 * long as a segment is left over from there that no VM entry takes. KVM has such a loop for the latter
 * (`handle_invalid_guest_state`, Linux 2.6.29), Xen for both (`realmode.c`, Xen 3.3). From memory.
 */
import { FLAG_IF } from '../../machines/pc/eflags.ts';
import type { Cpu } from '../../machines/pc/cpu.ts';
import { CR0_PE, EFLAGS } from '../../machines/pc/registers.ts';
import { segmentsFit } from '../../machines/pc/vmx/entry.ts';
import type { Vmcs } from '../../machines/pc/vmx/vmcs.ts';
import type { Ports } from '../../machines/pc/wiring.ts';
import type { Handling } from './handling.ts';
import { EMULATE } from './paths.ts';

/** Instructions after which devices have their turn at the latest; as many as KVM executes before it looks around. */
const STRETCH = 130;

const takesInterrupts = (cpu: Cpu): boolean => (cpu.words[EFLAGS]! & FLAG_IF) !== 0 && !cpu.shadow;

/** The guest's devices, and the port that was accessed last: −1 none. */
class Watched implements Ports {
  last = -1;
  private readonly ports: Ports;

  constructor(ports: Ports) {
    this.ports = ports;
  }
  input(port: number, size: 1 | 2 | 4): number {
    this.last = port;
    return this.ports.input(port, size);
  }
  output(port: number, size: 1 | 2 | 4, value: number): void {
    this.last = port;
    this.ports.output(port, size, value);
  }
}

export class Interpreter {
  /** Instructions executed. */
  count = 0;
  private readonly handling: Handling;
  private readonly vmcs: Vmcs;
  private readonly ports: Watched;
  private readonly toDevice: (port: number) => void;
  /** What was found of the guest's state, and after how many moves of it: the processor itself never leads there. */
  private found = { moves: -1, needed: false };

  /** @param toDevice books the way of an access to a port, or of a string's to one, to its device */
  constructor(handling: Handling, vmcs: Vmcs, toDevice: (port: number) => void) {
    this.handling = handling;
    this.vmcs = vmcs;
    this.toDevice = toDevice;
    const { virtual } = handling.emulator;
    this.ports = new Watched(virtual.ports);
    virtual.ports = this.ports;
  }

  /** Goes on from there; what was found belongs to the state that has been left. */
  restore(count: number): void {
    this.count = count;
    this.found = { moves: -1, needed: false };
  }

  /** No VM entry takes the guest's state. */
  get needed(): boolean {
    const { real, emulator } = this.handling;
    const { moves } = emulator;
    if (this.found.moves !== moves) {
      const isReal = (this.vmcs.get('CR0_SHADOW') & CR0_PE) === 0;
      this.found = { moves, needed: isReal || !segmentsFit(real, this.vmcs) };
    }
    return this.found.needed;
  }

  /** Before the next stretch the machine goes on around the hypervisor. A halt with interrupts off is for ever. */
  rest(): void {
    const { guest, system } = this.handling;
    if (!guest.halted) system.rest('turn');
    else if (guest.interruptsOn) system.rest('interrupt');
    else system.halt();
  }

  /** The interrupt that waits, and a stretch of code. */
  run(): void {
    const { system, guest, emulator, accounts } = this.handling;
    system.enter(accounts.emulation);
    const { virtual } = emulator;
    if (guest.interruptsOn && !guest.blocked && virtual.interruptWaits())
      emulator.deliver(virtual.acknowledge(), 'external', -1);
    const { ports } = this;
    ports.last = -1;
    const end = this.count + STRETCH;
    emulator.many(
      (cycles) => {
        this.count++;
        system.work(accounts.emulation, cycles + EMULATE);
        if (ports.last < 0) return;
        this.toDevice(ports.last);
        ports.last = -1;
      },
      (cpu) => cpu.protectedMode || this.count === end || (takesInterrupts(cpu) && cpu.interruptWaits()),
    );
  }
}
