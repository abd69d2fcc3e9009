/** Several guests of a hypervisor by VT-x: each has a virtual PC on a part of the machine's memory. */
import { account } from '../../../accounting/vocabulary.ts';
import { setA20 } from '../../../machines/pc/cpu-state.ts';
import { Pc } from '../../../machines/pc/machine.ts';
import { PAGE } from '../../../machines/pc/memory.ts';
import { NativePc } from '../../../machines/pc/native-system.ts';
import { windowProcessor } from '../../../machines/pc/virtual-processor.ts';
import { VmxHost, type VmxHostState } from '../../../monitors/vmx/host.ts';
import { RESERVED } from '../../../monitors/vmx/layout.ts';
import { VmxMonitor } from '../../../monitors/vmx/monitor.ts';
import { VIRTUAL_PORT } from '../../../monitors/vmx/paths.ts';
import type { Paging } from '../../../monitors/vmx/setup.ts';
import type { DomainConfiguration } from '../configuration.ts';
import { plugFirmware, setUp } from '../firmware.ts';
import { loadKernel } from '../load-kernel.ts';
import type { DomainReport, RunningMonitor } from './contract.ts';

/** The host's own memory comes first; each guest's begins at a large page. */
const LARGE = 0x200000;
/** Memory comes in pieces of this size, and a PC has at least so much. */
const [GRAIN, LEAST] = [0x10000, 0x400000];
/** Firmware and boot loader of a guest run before the hypervisor watches it. */
const BOOTING = account('guest-kernel', 'direct', 1);

/** What is asked for and belongs to the driver domain of another architecture. */
const OF_DOMAIN_0 = ['cap', 'privileged', 'disk', 'address', 'later', 'ioports'] as const;

/** Bytes of a guest's memory; a string says what is wrong with what was asked for. */
function memoryOf(asked: DomainConfiguration): number | string {
  const stray = OF_DOMAIN_0.find((field) => asked[field] !== undefined);
  if (stray) return `${stray} belongs to --under xen`;
  const { memory } = asked;
  if (memory === undefined || memory < LEAST || memory % GRAIN !== 0)
    return 'a guest needs memory, a multiple of 64K from 4M on';
  return memory;
}

/** Plugs a PC together on its part of memory and lets its firmware and loader ready it; a string: why it cannot. */
function readied(guest: Pc, { name, kernel, append, ramdisk }: DomainConfiguration): string | null {
  const modules = ramdisk ? [{ file: ramdisk, name: 'ramdisk' }] : [];
  const program = { kind: 'kernel', file: kernel, name, append, modules, ramdisk } as const;
  const placeFirmware = plugFirmware(guest, null, program);
  if (typeof placeFirmware === 'string') return placeFirmware;
  placeFirmware();
  setUp(guest);
  return loadKernel(guest, program);
}

class Builder {
  readonly host: VmxHost;
  readonly guests: Pc[] = [];
  private readonly system: NativePc;
  private next = LARGE;
  private readonly pc: Pc;
  private readonly paging: Paging;

  constructor(pc: Pc, paging: Paging) {
    this.pc = pc;
    this.paging = paging;
    this.system = new NativePc(pc.cpu);
    this.host = new VmxHost(this.system, pc.cpu);
  }

  /** A string says why there can be no such guest. */
  add(asked: DomainConfiguration): string | null {
    const { cpu } = this.pc;
    const size = memoryOf(asked);
    if (typeof size === 'string') return size;
    const origin = this.next;
    const base = origin + size;
    if (base + RESERVED > cpu.memory.size)
      return `its memory would end at ${(base + RESERVED) >>> 20}M of ${cpu.memory.size >>> 20}M: give more --ram`;
    this.next = Math.ceil((base + RESERVED) / LARGE) * LARGE;
    let monitor: VmxMonitor | null = null;
    const virtual = windowProcessor(cpu, [origin, size], VIRTUAL_PORT, (at, length) => {
      cpu.blocks.stored(origin + at, length);
      monitor?.stored(at, length);
    });
    // Booting takes the machine's time, one guest after the other.
    virtual.horizon = cpu.clock;
    const guest = new Pc({ processor: virtual, bootOrder: [] });
    const complaint = readied(guest, asked);
    if (complaint !== null) return complaint;
    this.system.work(BOOTING, guest.clock - cpu.clock);
    if (this.paging === 'nested') setA20(virtual, true);
    const place = { origin, base, vpid: this.guests.length + 1, ownsRegisters: false };
    monitor = new VmxMonitor(this.system, [cpu, virtual], place, this.paging, 0, this.host);
    this.adopt(guest, monitor, asked);
    return null;
  }

  private adopt(guest: Pc, monitor: VmxMonitor, { name, weight }: DomainConfiguration): void {
    const { host, guests } = this;
    const { cpu } = this.pc;
    const index = guests.length;
    const { origin } = monitor.place;
    guest.owner = {
      a20: (enabled) => {
        monitor.a20(enabled);
      },
      ended: (stop) => {
        host.ended(index, stop);
      },
    };
    // Devices write the guest's memory, too.
    guest.cpu.blocks.onReplaced = (at) => {
      cpu.blocks.replaced(origin + (at & -PAGE));
      monitor.stored(at & -PAGE, PAGE);
    };
    host.add({ name, ...(weight && { weight }), monitor, virtual: guest.cpu, chipset: guest.chipset });
    guests.push(guest);
  }
}

const reasonOf = (end: NonNullable<VmxHost['processes'][number]['end']>): string => {
  if ('reason' in end) return end.reason;
  return end.kind === 'exit' ? (end.code === 0 ? 'poweroff' : `exit ${end.code}`) : end.kind;
};

const reports = (host: VmxHost, guests: readonly Pc[]): readonly DomainReport[] =>
  host.processes.map(({ guest, weight, ran, end, runnable }, id) => ({
    id,
    name: guest.name,
    state: end ? (end.kind === 'shutdown' ? 'crashed' : 'shutdown') : runnable ? 'running' : 'blocked',
    reason: end ? reasonOf(end) : '',
    pages: guests[id]!.toldMemory / PAGE,
    weight,
    cycles: ran,
    console: guests[id]!.chipset.com1.text,
  }));

function running(host: VmxHost, guests: readonly Pc[]): RunningMonitor {
  return {
    end: (stop) => {
      if (stop.kind === 'budget' || !host.finished) return stop;
      const crashed = reports(host, guests).find(({ state }) => state === 'crashed');
      return crashed ? { kind: 'check', reason: `${crashed.name} crashed: ${crashed.reason}` } : stop;
    },
    get hangs() {
      return host.finished;
    },
    // Whoever looks on sees the exits on the processor.
    observe: () => undefined,
    report: () => {
      const counts: Record<string, number> = { 'process switches': host.switches };
      for (const { guest } of host.processes)
        for (const [name, count] of Object.entries(guest.monitor.report()))
          counts[name] = (counts[name] ?? 0) + count;
      return counts;
    },
    domains: () => reports(host, guests),
    save: () => host.save(),
    restore: (state) => {
      host.restore(state as VmxHostState);
    },
  };
}

/** Lets the machine run these guests; a string says which of them it cannot. */
export function startGuests(
  pc: Pc,
  domains: readonly DomainConfiguration[],
  paging: Paging,
): RunningMonitor | string {
  const builder = new Builder(pc, paging);
  for (const domain of domains) {
    const complaint = builder.add(domain);
    if (complaint !== null) return `domain ${domain.name}: ${complaint}`;
  }
  builder.host.start();
  return running(builder.host, builder.guests);
}
