/**
 * `node src/build/launch.mjs tests/bench/containers.ts [IMAGE]`: how long a container takes to start, how many stand
 * beside each other, what one holds, and how long an archive takes to open: a file, or one that is made here.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'fflate';
import { open } from '../../labs/70-containers/image.ts';
import { hostFiles } from '../../labs/+shared/pc/host-files.ts';
import { Pc } from '../../src/machines/pc/machine.ts';
import { NativePc } from '../../src/machines/pc/native-system.ts';
import { Host } from '../../src/os/containers/host.ts';
import { ISOLATIONS } from '../../src/os/containers/isolation.ts';
import { Kernel } from '../../src/os/containers/kernel.ts';
import { seededRandom } from '../../src/base/random.ts';
import { tar } from '../tar.ts';

const LIMITS = { memory: 1 << 20, pids: 16, weight: 100 } as const;
/** Wall time since, and what of it was the processor's: on a busy machine they differ. */
function since(began: number, cpu: NodeJS.CpuUsage): string {
  const used = (process.cpuUsage(cpu).user + process.cpuUsage(cpu).system) / 1000;
  return `${(performance.now() - began).toFixed(0)} ms (${used.toFixed(0)} ms of the processor)`;
}

function admitted(count: number): { readonly kernel: Kernel; readonly pc: Pc; readonly host: Host } {
  const pc = new Pc({ memory: 64 << 20 });
  const kernel = new Kernel(new NativePc(pc.cpu), { frequency: pc.cpu.model.frequency });
  const host = new Host(kernel, hostFiles(['image'], {}), 'host');
  host.begin(['/bin/sh'], 'host');
  for (let k = 0; k < count; k++) admit(host, k);
  return { kernel, pc, host };
}
function admit(host: Host, k: number): void {
  const name = `c${k}`;
  const common = { isolation: ISOLATIONS.docker, limits: LIMITS, layers: ['/srv/image'] };
  host.admit({ name, home: `/merged/${name}`, command: ['/bin/sh'], ...common });
}

/** Until every process waits for what is typed. */
function settle(kernel: Kernel, pc: Pc): void {
  while (!kernel.hangs && pc.clock < 1e10) pc.run(1e7);
}

function benchStart(): void {
  const { kernel, pc, host } = admitted(1);
  kernel.start();
  settle(kernel, pc);
  const times = Array.from({ length: 20 }, (_, k) => {
    const began = performance.now();
    admit(host, k + 1);
    kernel.yield();
    settle(kernel, pc);
    return performance.now() - began;
  }).toSorted((a, b) => a - b);
  console.log(
    `start of a small image: median ${times[10]!.toFixed(1)} ms, most ${times.at(-1)!.toFixed(1)} ms`,
  );
}

function benchMany(): void {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const { kernel, pc } = admitted(200);
  const free = kernel.frames.available;
  kernel.start();
  settle(kernel, pc);
  const waiting = [...kernel.threads].filter(({ waiting }) => waiting).length;
  const each = ((kernel.frames.total - kernel.frames.available) * 4096) / 201 / 1024;
  console.log(
    `200 containers at their prompts: ${waiting} threads wait, ${since(began, cpu)}, ${each.toFixed(0)} K each (${free} frames free at first)`,
  );
}

function benchArchive(path: string | undefined): void {
  const random = seededRandom(1);
  const noise = Uint8Array.from({ length: 4 << 20 }, () => random.word() & 0xff);
  const layer = gzipSync(tar({ 'bin/noise': noise, 'bin/zero': new Uint8Array(8 << 20) }));
  const made = (): Uint8Array =>
    tar({
      'manifest.json': JSON.stringify([{ Config: 'c.json', Layers: ['l.tar'] }]),
      'c.json': JSON.stringify({ architecture: '386', os: 'linux', config: {} }),
      'l.tar': layer,
    });
  const file = path ? readFileSync(path) : made();
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const work = open(file);
  let [steps, longest] = [0, 0];
  let step = work.next();
  for (let at = performance.now(); !step.done; step = work.next()) {
    steps++;
    longest = Math.max(longest, performance.now() - at);
    at = performance.now();
  }
  console.log(
    `archive of ${(file.length / 2 ** 20).toFixed(1)} MB opened: ${since(began, cpu)} in ${steps} steps, the longest ${longest.toFixed(0)} ms`,
  );
  if (step.done && !step.value.ok) throw new Error(step.value.message);
}

export function main([path]: readonly string[]): number {
  benchStart();
  benchMany();
  benchArchive(path);
  return 0;
}
