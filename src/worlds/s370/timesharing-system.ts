/** A time-sharing supervisor on the machine of a world, with its drum, its library of programs and its users. */
import { layerOf, levelOf, reasonOf } from '../../accounting/vocabulary.ts';
import type { Assembly } from '../../assembler/core/assembly.ts';
import type { GuestEnd, WorldSink } from '../../lab/world.ts';
import {
  blockAddress,
  type CkdImage,
  formattedImage,
  writeBlock,
} from '../../machines/s370/devices/ckd-image.ts';
import { disk3330, GEOMETRY_3330 } from '../../machines/s370/devices/disk-3330.ts';
import { drum2305, GEOMETRY_2305 } from '../../machines/s370/devices/drum-2305.ts';
import type { S370 } from '../../machines/s370/machine.ts';
import { NativeSystem } from '../../machines/s370/native-system.ts';
import type { Discipline } from '../../os/timesharing/discipline.ts';
import type { PageDevice } from '../../os/timesharing/page-store.ts';
import { PAGE, pagesOf, type Program, type Settings } from '../../os/timesharing/settings.ts';
import { SUPERVISOR_BYTES } from '../../os/timesharing/layout.ts';
import type { Stored } from '../../os/timesharing/processes.ts';
import { OPERATOR } from '../../os/timesharing/process.ts';
import { Supervisor } from '../../os/timesharing/supervisor.ts';
import { operatorInput } from './bare.ts';
import {
  CONSOLE_ADDRESS,
  CP_DRUM_ADDRESS,
  FILE_DISK_ADDRESS,
  GUEST,
  type S370Configuration,
} from './configuration.ts';
import { assembled } from './load.ts';
import type { Peripherals } from './peripherals.ts';
import { machineSubject } from './subject.ts';
import { ofUser, type System } from './system.ts';
import { sharingOf, timesharingReport, taskName, timesharingTasks } from './timesharing-report.ts';

export const timesharingStorage = ({ frames }: Settings): number => SUPERVISOR_BYTES + frames * PAGE;

/** The assemblies of the library. */
export const timesharingJobs = ({ timesharing }: S370Configuration): readonly Assembly[] =>
  (timesharing?.jobs ?? []).map(({ name, source }) => assembled(source, name));

/** A program as it was assembled, to be put wherever there is room: its first byte is at offset 0. */
function programOf(
  name: string,
  segments: readonly { readonly address: number; readonly bytes: Uint8Array }[],
  entry: number,
  weight: number,
  priority: number,
): Program {
  const origin = Math.min(...segments.map(({ address }) => address));
  const size = Math.max(...segments.map(({ address, bytes }) => address + bytes.length)) - origin;
  const image = new Uint8Array(size);
  for (const { address, bytes } of segments) image.set(bytes, address - origin);
  return { name, image, entry: entry - origin, size, weight, priority };
}

const pagesOn = (address: number, image: CkdImage): PageDevice => ({
  address,
  slots: image.format.records * image.geometry.heads * image.geometry.cylinders,
  locate: (slot) => blockAddress(image, slot),
});

/** A drum with the programs on it from slot 0 on; pages of zeros are left out. */
function drumWith(programs: readonly Program[]) {
  const image = formattedImage(GEOMETRY_2305, PAGE);
  let next = 0;
  const library: Stored[] = programs.map((program) => ({
    program,
    slots: Array.from({ length: pagesOf(program) }, (_, page) => {
      const bytes = program.image.slice(page * PAGE, (page + 1) * PAGE);
      if (bytes.every((byte) => byte === 0)) return -1;
      writeBlock(image, next, bytes);
      return next++;
    }),
  }));
  const drum = pagesOn(CP_DRUM_ADDRESS, image);
  return { image, drum, library, pageMilliseconds: GEOMETRY_2305.rotation.value / image.format.records };
}

export function timesharingSystem(
  machine: S370,
  peripherals: Peripherals,
  configuration: S370Configuration,
  discipline: Discipline | null,
): System & { readonly supervisor: Supervisor } {
  const choice = configuration.timesharing!;
  const { cpu } = machine;
  const name = configuration.user ?? GUEST;
  let images: readonly { readonly address: number; readonly bytes: Uint8Array }[] = [];
  let supervisor: Supervisor | null = null;
  const there = (): Supervisor => {
    if (!supervisor) throw new Error('the time-sharing system has not been started');
    return supervisor;
  };
  const build = (entry: number): Supervisor => {
    const jobs = timesharingJobs(configuration).map((assembly, i) => {
      const job = choice.jobs[i]!;
      return programOf(job.name, assembly.segments, assembly.entry, job.weight, job.priority ?? 0);
    });
    const { image, drum, library, pageMilliseconds } = drumWith([
      programOf(name, images, entry, choice.weight, 0),
      ...jobs,
    ]);
    const pack = formattedImage(GEOMETRY_3330, PAGE);
    machine.channels.attach(CP_DRUM_ADDRESS, drum2305(image));
    machine.channels.attach(FILE_DISK_ADDRESS, disk3330(pack));
    return new Supervisor(new NativeSystem(machine), {
      settings: choice.settings,
      library,
      drum,
      disk: pagesOn(FILE_DISK_ADDRESS, pack),
      pageMilliseconds,
      terminal: CONSOLE_ADDRESS,
      ...(discipline ? { discipline } : {}),
      ...(choice.script ? { script: choice.script } : {}),
    });
  };
  const running = () => there().process(there().state.running);
  let end: GuestEnd | null = null;
  const ended = (): GuestEnd | null => {
    const { state, finished } = there();
    if (!finished && state.down === '') return null;
    const [first] = state.finished.filter(({ user, failure }) => user === OPERATOR && failure !== '');
    const failure = state.down || (first ? `${first.program}: ${first.failure}` : '');
    end ??= { failure, clock: cpu.clock, instructions: cpu.instructions, ledger: cpu.ledger.rows() };
    return end;
  };
  return {
    get supervisor() {
      return there();
    },
    subjects: [machineSubject(machine)],
    load: (given) => {
      images = given;
      return '';
    },
    begin: ([, low]) => {
      supervisor = build(low & 0xffffff);
      const system = new NativeSystem(machine);
      system.attach(supervisor);
      supervisor.start(choice.script ? null : name);
    },
    replace: () => undefined,
    loadFellow: () => {
      throw new Error('a time-sharing system has users, no fellow machines');
    },
    ipl: () => 'a time-sharing system starts programs of its library; give a source',
    input: (input) => operatorInput(machine, peripherals, input),
    get guestEnd() {
      return ended();
    },
    executes: () => true,
    user: () => running()?.program ?? '',
    terminals: () => peripherals.terminalViews(),
    printer: () => peripherals.printer.output,
    report: () => timesharingReport(there()),
    tasks: () => timesharingTasks(there()),
    sharing: () => sharingOf(there()),
    tables: () => [],
    layer: () => {
      if (cpu.wait) return { layer: 'hardware', level: 0, reason: 'idle' };
      const { open } = cpu.ledger;
      const process = running();
      return {
        layer: ofUser(layerOf(open), process?.program ?? ''),
        level: levelOf(open),
        reason: reasonOf(open),
      };
    },
    observe: (sink: WorldSink | null) => {
      there().observer = sink
        ? ({ kind, process, detail }) => {
            sink.event({
              clock: cpu.clock,
              kind,
              layer: 'guest-kernel',
              level: 0,
              subject: taskName(process),
              address: process.psw.instructionAddress,
              line: null,
              detail,
            });
          }
        : null;
    },
    save: () => ({ supervisor: there().save(), end: ended() }),
    restore: (state) => {
      const saved = state as { supervisor: unknown; end: GuestEnd | null };
      there().restore(saved.supervisor);
      end = saved.end;
    },
  };
}
