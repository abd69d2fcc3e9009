/** MESSAGE, WARNING, INDICATE, ECHO and `*`: words between users, and how busy the machine is. GC20-1820. */
import { AT_LOGON } from '../messages.ts';
import { timeAt } from '../time-of-day.ts';
import type { VirtualMachine } from '../virtual-machine.ts';
import { abbreviates, decimal, fail, noMore, type Command, type Context } from './command.ts';
import { processorTime } from './session.ts';

/** Types `text` at another's terminal, or tells why not. */
function send({ cp, vm, operands, rest }: Context, kind: 'MSG' | 'WNG'): string {
  const [name] = operands;
  if (name === undefined) fail('DMKMSG020E', 'USERID MISSING OR INVALID');
  const text = rest.trim().slice(name.length).trim();
  if (text === '') fail('DMKMSG003E', 'INVALID OPTION - NO MESSAGE');
  const to: VirtualMachine | undefined = cp.machineOf(name === '*' ? vm.name : name);
  if (!to) fail('DMKMSG045E', `${name} NOT LOGGED ON`);
  if (to.state.terminal < 0) fail('DMKMSG057E', `${name} NOT RECEIVING; DISCONNECTED`);
  if (kind === 'MSG' && !(to.state.settings ?? AT_LOGON).messages)
    fail('DMKMSG057E', `${name} NOT RECEIVING; MSG OFF`);
  cp.say(to, `${timeAt(cp.system.storeClock())}  * ${kind} FROM ${vm.name.padEnd(8)}: ${text}`);
  return '';
}

// ---------------------------------------------------------------- INDICATE

const percent = (part: number, whole: number): string =>
  decimal(whole <= 0 ? 0 : Math.min(999, Math.round((100 * part) / whole)), 3);

/** SIMPLIFIED: CP-nnn% counts what the virtual machines executed, not CP's own instructions. */
function load({ cp }: Context): string {
  const users = cp.machines.filter((vm) => vm.state.loggedOn);
  const used = users.reduce((sum, vm) => sum + cp.virtualCycles(vm), 0);
  const inQueue = (queue: number): string =>
    decimal(users.filter((vm) => vm.state.queue === queue && !vm.state.stopped).length, 2);
  const frames = cp.paging.frameCount;
  return (
    `CPU-${percent(used, cp.system.clock)}% Q1-${inQueue(1)} Q2-${inQueue(2)} ` +
    `STORAGE-${percent(frames - cp.paging.freeFrames, frames)}% ELIG-${inQueue(0)}`
  );
}

function user({ cp, vm }: Context): string {
  const { pages, simulated, workingSet } = vm.state;
  const resident = pages.filter((p) => p.frame >= 0).length;
  const onDrum = pages.filter((p) => p.slot >= 0).length;
  const time = processorTime((cp.virtualCycles(vm) * cp.system.cyclePicoseconds) / 1e12);
  const io = (simulated['SIO'] ?? 0) + (simulated['SIOF'] ?? 0);
  return (
    `PAGES: RES-${decimal(resident, 4)} WS-${decimal(workingSet, 4)} DRUM-${decimal(onDrum, 4)}\n` +
    `VTIME=${time} SIO=${decimal(io, 6)}`
  );
}

function queues({ cp }: Context): string {
  const users = cp.machines.filter((vm) => vm.state.loggedOn && !vm.state.stopped);
  if (users.length === 0) return 'NO USERS IN QUEUE';
  return users
    .map((vm) => {
      const { state } = vm;
      const resident = state.pages.filter((p) => p.frame >= 0).length;
      const queue = state.queue === 0 ? 'E2' : `Q${state.queue}`;
      const status = state.waitPage >= 0 ? 'PG' : state.psw.wait ? 'PS' : 'R ';
      return `${vm.name.padEnd(8)} ${queue} ${status} ${decimal(resident, 4)}/${decimal(state.workingSet, 4)}`;
    })
    .join('\n');
}

function indicate(context: Context): string {
  const [what = 'LOAD', ...more] = context.operands;
  if (abbreviates(what, 'LOAD', 1)) {
    noMore(more, 'DMKTHI');
    return load(context);
  }
  if (abbreviates(what, 'USER', 1)) {
    const [name = '*', ...rest] = more;
    noMore(rest, 'DMKTHI');
    if (name === '*' || name === context.vm.name) return user(context);
    if (!/[EA]/.test(context.vm.state.privileges ?? 'G')) fail('DMKTHI003E', `INVALID OPTION - ${name}`);
    const vm = context.cp.machineOf(name);
    return vm ? user({ ...context, vm }) : fail('DMKTHI045E', `${name} NOT LOGGED ON`);
  }
  if (abbreviates(what, 'QUEUES', 1)) {
    noMore(more, 'DMKTHI');
    return queues(context);
  }
  return fail('DMKTHI003E', `INVALID OPTION - ${what}`);
}

export const MESSAGES: readonly Command[] = [
  { name: 'MESSAGE', shortest: 1, run: (context) => send(context, 'MSG') },
  { name: 'MSG', shortest: 3, run: (context) => send(context, 'MSG') },
  { name: 'WARNING', shortest: 1, classes: 'AB', run: (context) => send(context, 'WNG') },
  { name: 'INDICATE', shortest: 3, run: indicate },
];
