/** DEFINE, DETACH and SET: another virtual machine than the directory gave. GC20-1820. */
import { AT_LOGON } from '../messages.ts';
import type { UserSettings, VirtualDevice } from '../state.ts';
import {
  abbreviates,
  addressOf,
  cuu,
  deviceAt,
  fail,
  kindName,
  noMore,
  spooledKind,
  type Command,
  type Context,
} from './command.ts';
import { entryOf, virtualDevice } from './directory.ts';
import { storageLine } from './query.ts';

const K = 1024;
const LEAST_STORAGE = 8 * K;
const MOST_STORAGE = 0x1000000;

/** nnnnnK or nnM, a multiple of a page. */
function bytesOf(text: string | undefined): number | null {
  const match = /^(\d{1,5})([KM])$/.exec(text ?? '');
  if (!match) return null;
  const bytes = Number(match[1]) * (match[2] === 'K' ? K : K * K);
  return bytes % 4096 === 0 && bytes >= LEAST_STORAGE && bytes <= MOST_STORAGE ? bytes : null;
}

function defineStorage({ cp, vm, installation }: Context, [size, ...more]: readonly string[]): string {
  noMore(more, 'DMKDEF');
  const bytes = bytesOf(size);
  if (bytes === null) fail('DMKDEF025E', 'STORAGE MISSING OR INVALID');
  const most = entryOf(installation.directory, vm.name)?.mostStorage ?? MOST_STORAGE;
  const room = vm.state.virtualReal ? Math.min(most, cp.virtualReal.end) : most;
  if (bytes > room) fail('DMKDEF094E', 'STORAGE EXCEEDS ALLOWED MAXIMUM');
  if (vm.host) fail('DMKDEF025E', 'THIS MACHINE BELONGS TO ITS CONTROL PROGRAM');
  cp.resetMachine(vm);
  cp.paging.releaseAll(vm);
  if (!vm.resize(bytes)) fail('DMKDEF025E', 'STORAGE IS STILL IN USE BY A CHANNEL; TRY AGAIN');
  vm.state.stopped = true;
  vm.state.addressStop = null;
  return `${storageLine(vm)}\nCP ENTERED; SYSTEM RESET`;
}

/** `AS` may be left out. */
const withoutAs = (words: readonly string[]): readonly string[] =>
  words[0] === 'AS' ? words.slice(1) : words;

function define(context: Context): string {
  const { vm, operands } = context;
  const [what, ...more] = operands;
  if (what === undefined) fail('DMKDEF026E', 'OPERAND MISSING OR INVALID');
  if (abbreviates(what, 'STORAGE', 4)) return defineStorage(context, more);
  const kind = abbreviates(what, 'CONSOLE', 4) ? 'console' : spooledKind(what);
  const [text, ...rest] = withoutAs(more);
  if (!kind && /^(T3330|T2305|TIMER|CHANNELS|LINE|GRAF)/.test(what))
    fail('DMKDEF003E', `INVALID OPTION - ${what}: THIS CP HAS NONE`);
  const old = kind ? null : deviceAt(context, addressOf(what, 'DMKDEF'), 'DMKDEF');
  const address = addressOf(text, 'DMKDEF');
  noMore(rest, 'DMKDEF');
  if (context.cp.virtualIo.device(vm, address))
    fail('DMKDEF091E', `DEV ${cuu(address)} NOT DEFINED; DUPLICATE ADDRESS`);
  if (address >= 0x600) fail('DMKDEF022E', 'VADDR MISSING OR INVALID');
  if (kind === 'console' && vm.state.devices.some((d) => d.type === 'console'))
    fail('DMKDEF092E', `DEV ${cuu(address)} NOT DEFINED; CONSOLE ALREADY DEFINED`);
  if (old && isInUse(old)) fail('DMKDEF143S', `DEV ${cuu(old.address)} IS BUSY; TRY AGAIN`);
  const made: VirtualDevice = old ? { ...old, address } : virtualDevice({ type: kind!, address });
  if (old) remove(context, old);
  vm.state.devices.push(made);
  return `${kindName(made)} ${cuu(address)} DEFINED`.replace('  ', ' ');
}

const isInUse = (device: VirtualDevice): boolean => device.busy || device.pending !== null;

function remove({ vm }: Context, device: VirtualDevice): void {
  vm.state.devices.splice(vm.state.devices.indexOf(device), 1);
}

function detach(context: Context): string {
  const [at, ...more] = context.operands;
  const address = addressOf(at, 'DMKVDD');
  noMore(more, 'DMKVDD');
  const device = deviceAt(context, address, 'DMKVDD');
  if (device.type === 'console' && context.vm.state.terminal >= 0)
    fail('DMKVDD006E', `DEV ${cuu(address)} IS CONSOLE, NOT DETACHED`);
  if (device.busy) fail('DMKVDD143S', `DEV ${cuu(address)} IS BUSY; TRY AGAIN`);
  if (device.type === 'punch' || device.type === 'printer') context.cp.spool.close(context.vm, device);
  if (device.type === 'reader') context.cp.spool.closeReader(context.vm, device);
  remove(context, device);
  return `${kindName(device)} ${cuu(address)} DETACHED`.replace('  ', ' ');
}

// ---------------------------------------------------------------- SET

/** Options of VM/370's SET that this CP does not have, and why. */
export const SET_ABSENT: Readonly<Record<string, string>> = {
  ACNT: 'NO ACCOUNTING CARDS ARE PUNCHED',
  AUTOPOLL: 'THERE ARE NO TELEPROCESSING LINES',
  ECMODE: 'EXTENDED CONTROL MODE IS ALWAYS ON',
  ISAM: 'CHANNEL PROGRAMS MAY NOT CHANGE THEMSELVES',
  LINEDIT: 'THE TYPEWRITER CORRECTS ITS LINES ITSELF',
  PAGEX: 'NO PSEUDO PAGE FAULTS ARE REFLECTED',
  STBYPASS: 'SHADOW TABLES ARE ALWAYS KEPT',
  TIMER: 'THE INTERVAL TIMER IS ALWAYS REAL',
  WNG: 'WARNINGS ARE ALWAYS TYPED',
};

/** The operator's switches of the microcode: what serves all virtual machines, and what does paths of CP. */
function setSystemAssist({ cp, vm }: Context, what: 'SASSIST' | 'CPASSIST', value: string): string {
  if (!(vm.state.privileges ?? 'G').includes('A')) fail('DMKCFS003E', `INVALID OPTION - ${what}`);
  const present = what === 'SASSIST' ? cp.assist.available : cp.assist.expandedAvailable;
  const on = onOff(value);
  if (on && !present) fail('DMKCFS006E', `${what} NOT AVAILABLE ON THIS PROCESSOR`);
  if (what === 'SASSIST') cp.assist.on = on;
  else cp.assist.cpOn = on;
  return '';
}

/** ASSIST ON or OFF, and behind ON the functions: SVC, NOSVC, TMR, NOTMR. */
function assistSettings({ cp }: Context, value: string, functions: readonly string[]): Partial<UserSettings> {
  const assist = onOff(value);
  if (assist && !cp.assist.available) fail('DMKCFS006E', 'ASSIST NOT AVAILABLE ON THIS PROCESSOR');
  if (!assist) noMore(functions, 'DMKCFS');
  const unknown = functions.find((word) => !['SVC', 'NOSVC', 'TMR', 'NOTMR'].includes(word));
  if (unknown !== undefined) fail('DMKCFS003E', `INVALID OPTION - ${unknown}`);
  if (functions.includes('TMR') && !cp.assist.expandedAvailable)
    fail('DMKCFS006E', 'TMR NOT AVAILABLE ON THIS PROCESSOR');
  const chosen = (on: string, off: string): boolean | null =>
    functions.includes(on) ? true : functions.includes(off) ? false : null;
  const svc = chosen('SVC', 'NOSVC');
  const timer = chosen('TMR', 'NOTMR');
  return {
    assist,
    ...(svc === null ? {} : { assistSvc: svc }),
    ...(timer === null ? {} : { assistTimer: timer }),
  };
}

/** NOTRANS ON: for the machine in the virtual=real area alone. */
function setNoTranslation({ vm }: Context, on: boolean): string {
  if (on && !vm.state.virtualReal) fail('DMKCFS006E', 'NOTRANS NOT ALLOWED; NOT A VIRTUAL=REAL MACHINE');
  vm.state.noTranslation = on;
  return '';
}

function onOff(value: string): boolean {
  if (value !== 'ON' && value !== 'OFF') fail('DMKCFS003E', `INVALID OPTION - ${value}`);
  return value === 'ON';
}

function set(context: Context): string {
  const { vm, operands } = context;
  const [what, value, ...more] = operands;
  if (what === undefined || value === undefined) fail('DMKCFS026E', 'OPERAND MISSING OR INVALID');
  const absent = Object.keys(SET_ABSENT).find((name) => name === what);
  if (absent !== undefined) fail('DMKCFS003E', `INVALID OPTION - ${what}: ${SET_ABSENT[absent]}`);
  const settings = vm.state.settings ?? AT_LOGON;
  const change = (fields: Partial<UserSettings>): string => {
    vm.state.settings = { ...settings, ...fields };
    return '';
  };
  if (what === 'ASSIST') return change(assistSettings(context, value, more));
  noMore(more, 'DMKCFS');
  if (what === 'SASSIST' || what === 'CPASSIST') return setSystemAssist(context, what, value);
  if (what === 'NOTRANS') return setNoTranslation(context, onOff(value));
  if (what === 'EMSG') {
    if (value !== 'ON' && value !== 'OFF' && value !== 'CODE' && value !== 'TEXT')
      fail('DMKCFS003E', `INVALID OPTION - ${value}`);
    return change({ errors: value });
  }
  switch (what) {
    case 'MSG':
      return change({ messages: onOff(value) });
    case 'IMSG':
      return change({ information: onOff(value) });
    case 'RUN':
      return change({ run: onOff(value) });
    default:
      return fail('DMKCFS003E', `INVALID OPTION - ${what}`);
  }
}

export const DEFINE: readonly Command[] = [
  { name: 'DEFINE', shortest: 3, run: define },
  { name: 'DETACH', shortest: 3, run: detach },
  { name: 'SET', shortest: 3, run: set },
];
