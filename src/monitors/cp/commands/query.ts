/** QUERY: what there is, and how it is set. GC20-1820. */
import { AT_LOGON as SETTINGS } from '../messages.ts';
import { settingsOf } from '../spool.ts';
import type { SpoolFile, VirtualDevice } from '../state.ts';
import type { VirtualMachine } from '../virtual-machine.ts';
import {
  abbreviates,
  cuu,
  decimal,
  deviceAt,
  fail,
  hexadecimal,
  kindName,
  noMore,
  spooledKind,
  type Command,
  type Context,
} from './command.ts';
import { moment, usage } from './session.ts';

const MODULE = 'DMKCQG';
const NAMES_A_LINE = 4;
const WHOLE_PACK = 0xffff;
const onOff = (on: boolean): string => (on ? 'ON ' : 'OFF');

export const storageLine = (vm: VirtualMachine): string =>
  `STORAGE = ${decimal(vm.storageSize / 1024, 5)}K${vm.state.virtualReal ? ' V=R' : ''}`;

/** One virtual device, as QUERY VIRTUAL shows it. */
export function deviceLine({ cp, vm }: Pick<Context, 'cp' | 'vm'>, device: VirtualDevice): string {
  const head = `${kindName(device)} ${cuu(device.address)}`;
  switch (device.type) {
    case 'console':
      return `${head} ON DEV ${cp.terminals.addressOf(vm.state.terminal)}`;
    case 'disk': {
      const mode = device.readOnly ? 'R/O' : 'R/W';
      if (device.cylinders >= WHOLE_PACK) return `${head} ON DEV ${cuu(device.real)} ${mode}`;
      return `${head} 3330 ON DEV ${cuu(device.real)} ${mode} ${decimal(device.cylinders, 3)} CYL`;
    }
    case 'reader': {
      const { continuous, hold } = settingsOf(device);
      const spoolClass = device.spoolClass === 'empty' ? '*' : device.spoolClass;
      return `${head} CL ${spoolClass} ${continuous ? '  CONT' : 'NOCONT'} ${hold ? '  HOLD' : 'NOHOLD'} EOF READY`;
    }
    default: {
      const { continuous, hold, copies, to } = settingsOf(device);
      const where = to === null ? `FOR ${vm.name}` : `TO ${to}`;
      return (
        `${head} CL ${device.spoolClass} ${continuous ? '  CONT' : 'NOCONT'} ${hold ? '  HOLD' : 'NOHOLD'}` +
        ` COPY ${decimal(copies, 2)} READY\n     ${cuu(device.address)} ${where}`
      );
    }
  }
}

function queryVirtual(context: Context, [what, ...more]: readonly string[]): string {
  const { vm } = context;
  noMore(more, MODULE);
  const devices = [...vm.state.devices].sort((a, b) => a.address - b.address);
  const lines = (some: readonly VirtualDevice[]): string =>
    some.map((d) => deviceLine(context, d)).join('\n');
  if (what === undefined || what === 'ALL') return `${storageLine(vm)}\n${lines(devices)}`;
  if (abbreviates(what, 'STORAGE', 4)) return storageLine(vm);
  const types = { DASD: 'disk', CONSOLE: 'console', UR: null } as const;
  for (const [name, type] of Object.entries(types))
    if (abbreviates(what, name, name === 'UR' ? 2 : 2)) {
      const some = devices.filter((d) => (type === null ? isUnitRecord(d) : d.type === type));
      return some.length === 0 ? fail(`${MODULE}042E`, `NO ${name} FOUND`) : lines(some);
    }
  const address = hexadecimal(what, 3);
  if (address === null) fail(`${MODULE}003E`, `INVALID OPTION - ${what}`);
  return deviceLine(context, deviceAt(context, address, MODULE));
}
const isUnitRecord = (d: VirtualDevice): boolean => d.type !== 'disk' && d.type !== 'console';

// ---------------------------------------------------------------- users

const users = ({ cp }: Context): VirtualMachine[] => cp.machines.filter((vm) => vm.state.loggedOn);
const place = (context: Context, vm: VirtualMachine): string =>
  `${vm.name.padEnd(8)} - ${vm.state.terminal < 0 ? 'DSC' : context.cp.terminals.addressOf(vm.state.terminal)}`;

function queryNames(context: Context): string {
  const all = users(context).map((vm) => place(context, vm));
  const lines: string[] = [];
  for (let i = 0; i < all.length; i += NAMES_A_LINE) lines.push(all.slice(i, i + NAMES_A_LINE).join(', '));
  return lines.join(',\n');
}

function queryUser(context: Context, name: string): string {
  const vm = context.cp.machineOf(name);
  return vm ? place(context, vm) : fail(`${MODULE}045E`, `${name} NOT LOGGED ON`);
}

// ---------------------------------------------------------------- settings and files

function querySet({ cp, vm }: Context): string {
  const { messages, information, errors, run, ...settings } = vm.state.settings ?? SETTINGS;
  const timer = settings.assistTimer && cp.assist.expandedAvailable ? 'TMR' : 'NOTMR';
  const assist =
    cp.assist.inUse && settings.assist ? `ON  ${settings.assistSvc ? 'SVC' : 'NOSVC'} ${timer}` : 'OFF';
  return (
    `MSG ${onOff(messages)}, EMSG ${errors.padEnd(4)}, IMSG ${onOff(information)}, RUN ${onOff(run)}\n` +
    `TIMER REAL, ECMODE ON , ASSIST ${assist}, NOTRANS ${vm.state.noTranslation ? 'ON' : 'OFF'}`
  );
}

const counted = (n: number): string => (n === 0 ? 'NO ' : decimal(n, 3));

function queryFiles({ cp, vm }: Context): string {
  const count = (queue: SpoolFile['queue']): string => counted(cp.spool.of(vm.name, queue).length);
  return `FILES: ${count('reader')} RDR, ${count('printer')} PRT, ${count('punch')} PUN`;
}

const QUEUE_NAMES = { reader: 'RDR', printer: 'PRT', punch: 'PUN' } as const;

function queryQueue(
  { cp, vm }: Context,
  queue: SpoolFile['queue'],
  [id, ...more]: readonly string[],
): string {
  noMore(more, MODULE);
  const number = id === undefined || id === 'ALL' ? null : Number(id);
  if (number !== null && !Number.isInteger(number)) fail(`${MODULE}008E`, `INVALID SPOOLID - ${id}`);
  const files = cp.spool.of(vm.name, queue).filter((f) => number === null || f.id === number);
  if (files.length === 0)
    return number === null
      ? `NO ${QUEUE_NAMES[queue]} FILES`
      : fail(`${MODULE}042E`, `SPOOLID ${id} DOES NOT EXIST`);
  const lines = files.map((f) =>
    [
      f.origin.padEnd(8),
      decimal(f.id, 4),
      `${f.spoolClass} ${QUEUE_NAMES[f.kind]}`,
      decimal(f.records.length, 6),
      decimal(f.copies, 2),
      f.hold ? 'USER' : 'NONE',
      f.name.padEnd(8),
      f.type,
    ]
      .join(' ')
      .trimEnd(),
  );
  return ['ORIGINID FILE CLASS RECDS CPY HOLD NAME     TYPE', ...lines].join('\n');
}

function queryLinks(context: Context, [what, ...more]: readonly string[]): string {
  noMore(more, MODULE);
  const address = hexadecimal(what, 3);
  if (address === null) fail(`${MODULE}022E`, 'VADDR MISSING OR INVALID');
  const own = deviceAt(context, address, MODULE);
  if (own.type !== 'disk') fail(`${MODULE}006E`, `INVALID DEVICE TYPE - ${cuu(address)}`);
  const links = users(context).flatMap((vm) =>
    vm.state.devices
      .filter((d) => d.type === 'disk' && d.real === own.real && d.start === own.start)
      .map(
        (d) => `${vm.name.padEnd(8)} ${cuu(d.address)} ${d.type === 'disk' && d.readOnly ? 'R/O' : 'R/W'}`,
      ),
  );
  return links.join(', ');
}

type Query = readonly [
  name: string,
  shortest: number,
  run: (context: Context, more: readonly string[]) => string,
];

/** A query without operands. */
const alone =
  (run: (context: Context) => string): Query[2] =>
  (context, more) => {
    noMore(more, MODULE);
    return run(context);
  };

const QUERIES: readonly Query[] = [
  ['TIME', 1, alone(({ cp, vm }) => `TIME IS ${moment(cp)}\n${usage(cp, vm)}`)],
  ['VIRTUAL', 1, queryVirtual],
  ['NAMES', 1, alone(queryNames)],
  [
    'USERS',
    1,
    (context, [name, ...more]) => {
      noMore(more, MODULE);
      if (name !== undefined) return queryUser(context, name);
      return `${decimal(users(context).length, 3)} USERS, 000 DIALED`;
    },
  ],
  ['USERID', 6, alone(({ vm }) => vm.name)],
  ['SET', 3, alone(querySet)],
  ['SASSIST', 2, alone(({ cp }) => `SASSIST ${onOff(cp.assist.inUse).trim()}`)],
  ['CPASSIST', 3, alone(({ cp }) => `CPASSIST ${onOff(cp.assist.pathsInMicrocode).trim()}`)],
  ['FILES', 1, alone(queryFiles)],
  ['LINKS', 3, queryLinks],
];

function query(context: Context): string {
  const [what, ...more] = context.operands;
  if (what === undefined) fail(`${MODULE}026E`, 'OPERAND MISSING OR INVALID');
  const known = QUERIES.find(([name, shortest]) => abbreviates(what, name, shortest));
  if (known) return known[2](context, more);
  const queue = what.length >= 1 ? (spooledKind(what) ?? (what === 'PUN' ? 'punch' : null)) : null;
  if (queue) return queryQueue(context, queue, more);
  // What is nothing else is the name of a user.
  noMore(more, MODULE);
  return queryUser(context, what);
}

export const QUERY: readonly Command[] = [{ name: 'QUERY', shortest: 1, run: query }];
