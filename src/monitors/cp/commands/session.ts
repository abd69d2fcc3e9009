/** LOGON, LOGOFF, DISCONN: who sits at which terminal. */
import type { ControlProgram } from '../control-program.ts';
import { dateAt, dayAt, timeAt } from '../time-of-day.ts';
import type { VirtualMachine } from '../virtual-machine.ts';
import { abbreviates, decimal, fail, noMore, type Command, type Installation } from './command.ts';
import { entryOf, virtualDevice } from './directory.ts';
import { loadSystem } from './control.ts';

/** hh:mm:ss zone day date, as CP ends its log messages. */
export function moment(cp: ControlProgram): string {
  const clock = cp.system.storeClock();
  return `${timeAt(clock)} GMT ${dayAt(clock)} ${dateAt(clock)}`;
}

const seconds = (cp: ControlProgram, cycles: number): number => (cycles * cp.system.cyclePicoseconds) / 1e12;

function clockTime(total: number): string {
  const whole = Math.floor(total);
  return [whole / 3600, (whole / 60) % 60, whole % 60].map((n) => decimal(Math.floor(n), 2)).join(':');
}
export function processorTime(total: number): string {
  const minutes = Math.floor(total / 60);
  return `${decimal(minutes, 3)}:${(total - 60 * minutes).toFixed(2).padStart(5, '0')}`;
}

/** CONNECT= … VIRTCPU= … TOTCPU= …: SIMPLIFIED: CP does not know its own share, so total time is virtual time. */
export function usage(cp: ControlProgram, vm: VirtualMachine): string {
  const connected = seconds(cp, cp.system.clock - (vm.state.loggedOnAt ?? 0));
  const used = processorTime(seconds(cp, cp.virtualCycles(vm)));
  return `CONNECT= ${clockTime(connected)} VIRTCPU= ${used} TOTCPU= ${used}`;
}

/** A line typed where nobody is logged on: only LOGON is understood. */
export function lineWithoutUser(
  cp: ControlProgram,
  installation: Installation,
  terminal: number,
  line: string,
): string {
  const [word = '', name, password, ...more] = line.toUpperCase().split(/\s+/).filter(Boolean);
  if (word === '') return 'VM/370 ONLINE';
  if (!abbreviates(word, 'LOGON', 1) && !abbreviates(word, 'LOGIN', 4)) return 'RESTART';
  if (name === undefined) return 'DMKLOG020E USERID MISSING OR INVALID';
  const entry = entryOf(installation.directory, name);
  if (!entry) return `DMKLOG053E ${name} NOT IN CP DIRECTORY`;
  if (password !== entry.password && entry.password !== '')
    return 'DMKLOG050E PASSWORD INCORRECT - REINITIATE LOGON PROCEDURE';
  const options = entry.password === '' && password !== undefined ? [password, ...more] : more;
  if (options.some((option) => option !== 'NOIPL')) return 'DMKLOG003E INVALID OPTION - ' + options.join(' ');
  return logon(cp, installation, terminal, name, options.length === 0);
}

function logon(
  cp: ControlProgram,
  installation: Installation,
  terminal: number,
  name: string,
  loads: boolean,
): string {
  const entry = entryOf(installation.directory, name)!;
  const present = cp.machineOf(name);
  if (present && present.state.terminal >= 0)
    return `DMKLOG054E ALREADY LOGGED ON LINE ${cp.terminals.addressOf(present.state.terminal)}`;
  if (present) {
    present.state.terminal = terminal;
    return `RECONNECTED AT ${moment(cp)}`;
  }
  if (entry.virtualReal && !cp.virtualReal.admits(entry.storage))
    return `DMKLOG170E VIRTUAL=REAL AREA ${cp.virtualReal.owner ? 'IN USE' : 'TOO SMALL'}; LOGON IGNORED`;
  if (!cp.hasRoomFor()) return 'DMKLOG059E NO FREE STORAGE; LOGON IGNORED';
  const vm = cp.logon({
    name,
    storage: entry.storage,
    devices: entry.devices.map(virtualDevice),
    terminal,
    virtualReal: entry.virtualReal ?? false,
  });
  vm.state.privileges = entry.classes ?? 'G';
  vm.state.loggedOnAt = cp.system.clock;
  const files = cp.spool.of(name, 'reader').length;
  const waiting = files > 0 ? `\nFILES: ${decimal(files, 3)} RDR, NO PRT, NO PUN` : '';
  if (entry.ipl !== undefined && loads) loadSystem({ cp, vm, installation, operands: [entry.ipl], rest: '' });
  return `LOGON AT ${moment(cp)}${waiting}`;
}

export const SESSION: readonly Command[] = [
  {
    name: 'LOGOFF',
    shortest: 3,
    run({ cp, vm, operands }) {
      noMore(operands, 'DMKUSO');
      const line = usage(cp, vm);
      for (const device of vm.state.devices)
        if (device.type === 'punch' || device.type === 'printer') cp.spool.close(vm, device);
      cp.logoff(vm);
      return `${line}\nLOGOFF AT ${moment(cp)}`;
    },
  },
  {
    name: 'LOGON',
    shortest: 1,
    run({ vm }) {
      return fail('DMKLOG054E', `ALREADY LOGGED ON ${vm.name}`);
    },
  },
  {
    name: 'DISCONN',
    shortest: 4,
    run({ cp, vm, operands }) {
      noMore(operands, 'DMKUSO');
      const { terminal } = vm.state;
      vm.state.terminal = -1;
      vm.state.stopped = false;
      for (const device of vm.state.devices)
        if (device.type === 'console') cp.virtualIo.simulated.typed(vm, device);
      cp.terminals.write(terminal, `DISCONNECT AT ${moment(cp)}`);
      return '';
    },
  },
];
