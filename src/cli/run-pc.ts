/** `strata run --machine pc`: a kernel, a disk, a BIOS or bare bytes on the PC until it ends. */
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { hex } from '../base/bits.ts';
import type { Pc } from '../machines/pc/machine.ts';
import { runToEnd, type End } from '../session/run-to-end.ts';
import { readyPc } from '../worlds/pc/build.ts';
import { Dialogue } from '../worlds/pc/dialogue.ts';
import { countEvents } from '../worlds/pc/events.ts';
import type { RunningMonitor } from '../worlds/pc/monitors/contract.ts';
import { reasonOf } from './arguments.ts';
import { BadArguments, FAILED, OK, RunFailed } from './failure.ts';
import type { Output } from './output.ts';
import { interruptible } from './pace.ts';
import { pcArguments, type PcArguments } from './pc-arguments.ts';
import { pcReport, pcReportText } from './pc-report.ts';

/** Where bytes go as they come: standard output, or a file that grows. */
interface Sink {
  write(byte: number): void;
  close(): void;
}

function sinkTo(target: string, out: Output): Sink {
  if (target === 'stdout')
    return {
      write: (byte) => {
        out.bytes(Uint8Array.of(byte));
      },
      close: () => undefined,
    };
  const file = opened(target);
  return {
    write: (byte) => {
      writeSync(file, Uint8Array.of(byte));
    },
    close: () => {
      closeSync(file);
    },
  };
}

function opened(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw new BadArguments(`${path}: ${reasonOf(error)}`);
  }
}

/** Lets the serial line and the recorded ports flow to where they were asked for. */
function connect(pc: Pc, { serial, ports }: PcArguments, out: Output): readonly Sink[] {
  const sinks: Sink[] = [];
  if (serial !== null) {
    const sink = sinkTo(serial, out);
    sinks.push(sink);
    // What a monitor has said while it took the machine over.
    for (const character of pc.chipset.com1.text) sink.write(character.charCodeAt(0));
    pc.chipset.com1.onSent.push((byte) => {
      sink.write(byte);
    });
  }
  const recorded = new Map(ports.map(({ port, target }) => [port, sinkTo(target, out)]));
  sinks.push(...recorded.values());
  if (recorded.size > 0) pc.chipset.bus.onWrite = (port, byte) => recorded.get(port)?.write(byte);
  return sinks;
}

/** The machine with its dialogue, as something that runs: slices end where the screen is to be looked at. */
const conversing = (
  pc: Pc,
  dialogue: Dialogue,
  monitor: RunningMonitor | null,
): Parameters<typeof runToEnd>[0] => ({
  get clock() {
    return pc.clock;
  },
  run: (budget) => {
    const end = pc.clock + budget;
    while (pc.clock < end) {
      const look = dialogue.nextLook;
      const ran = pc.run(Math.min(end, look) - pc.clock);
      const stop = monitor?.end(ran) ?? ran;
      if (pc.clock >= look) dialogue.look();
      if (stop.kind !== 'budget') {
        // A guest that stops for good has put its last words on the screen.
        if (stop.kind !== 'breakpoint') dialogue.look();
        return stop;
      }
    }
    return { kind: 'budget' };
  },
});

/** What is left behind in files: the text screen, and disks that were to be written back. */
function leave(pc: Pc, { writeBack }: PcArguments, screen: number | null): void {
  if (screen !== null) {
    writeFileSync(screen, `${pc.chipset.vga.screen().lines.join('\n')}\n`);
    closeSync(screen);
  }
  for (const { index, path } of writeBack) {
    const disk = pc.chipset.disks[index];
    if (disk) writeFileSync(path, disk.contents());
  }
}

function statusOf(end: End, wanted: boolean, reached: boolean): number {
  if (end.kind === 'shutdown' || end.kind === 'check') return FAILED;
  return wanted && !reached ? FAILED : OK;
}

export async function runPc(argv: readonly string[], out: Output): Promise<number> {
  const given = pcArguments(argv);
  const ready = readyPc(given.configuration);
  if (typeof ready === 'string') throw new RunFailed(`${given.name}: ${ready}`);
  const { machine: pc, monitor } = ready;
  const sinks = connect(pc, given, out);
  // Opened first: after a long run it is too late to say that it cannot be written.
  const screen = given.vga === null ? null : opened(given.vga);
  const dialogue = new Dialogue(pc, given.script, given.typesOn);
  const events = countEvents(pc);
  const end = await interruptible(out, (surroundings) =>
    runToEnd(conversing(pc, dialogue, monitor), given.limit, surroundings),
  );
  for (const sink of sinks) sink.close();
  leave(pc, given, screen);
  const result = pcReport(pc, end, events, monitor);
  if (given.json) out.print(`${JSON.stringify(result)}\n`);
  else out.print(pcReportText(result, given.serial === 'stdout'));
  const { until } = given.script;
  if (until !== null && !dialogue.ended)
    out.warn(`strata: the text ${JSON.stringify(until)} did not appear; EIP ${hex(pc.cpu.eip)}`);
  return statusOf(end, until !== null, dialogue.ended);
}
