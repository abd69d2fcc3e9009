/** LINK and ATTACH: disks of others. GC20-1820; GC20-1806 for ATTACH, which is the operator's. */
import type { DiskDevice } from '../state.ts';
import { addressOf, cuu, fail, hexadecimal, noMore, type Command, type Context } from './command.ts';
import { entryOf, type DiskEntry } from './directory.ts';

const MODES = ['R', 'RR', 'W', 'WR', 'M', 'MR', 'MW'] as const;
type Mode = (typeof MODES)[number];
const WHOLE_PACK = 0xffff;

/** Which password of the directory entry a mode needs. */
function passwordFor(disk: DiskEntry, mode: Mode): string | undefined {
  if (mode.startsWith('R')) return disk.readPassword;
  return mode.startsWith('W') ? disk.writePassword : disk.multiPassword;
}

/** Users other than through `except` who have the same extent. */
function present(
  { cp }: Context,
  disk: { real: number; start: number },
): { writers: number; readers: number } {
  let writers = 0;
  let readers = 0;
  for (const vm of cp.machines) {
    if (!vm.state.loggedOn) continue;
    for (const d of vm.state.devices)
      if (d.type === 'disk' && d.real === disk.real && d.start === disk.start) {
        if (d.readOnly) readers++;
        else writers++;
      }
  }
  return { writers, readers };
}

/** Whether the link may write; an error where the mode allows no link as things are. */
function mayWrite(context: Context, mode: Mode, disk: DiskEntry, name: string): boolean {
  const { writers, readers } = present(context, disk);
  const refuse = (code: string, how: string, count: number): never =>
    fail(
      `DMKLNK${code}E`,
      `${name} ${cuu(disk.address)} NOT LINKED; ${how} BY ${String(count).padStart(3, '0')} USERS`,
    );
  switch (mode) {
    case 'R':
      return writers > 0 ? refuse('104', 'R/W', writers) : false;
    case 'RR':
      return false;
    case 'W':
      if (writers > 0) return refuse('104', 'R/W', writers);
      return readers > 0 ? refuse('103', 'R/O', readers) : true;
    case 'WR':
      return writers === 0 && readers === 0;
    case 'M':
      return writers > 0 ? refuse('104', 'R/W', writers) : true;
    case 'MR':
      return writers === 0;
    case 'MW':
      return true;
  }
}

/** userid, its address, our address, mode and password, with the words that may be left out. */
function parse(operands: readonly string[]): {
  name: string;
  theirs: number;
  ours: number;
  mode: Mode;
  password: string;
} {
  const words = operands.filter((w, i) => !(w === 'TO' && i === 0) && !(w === 'AS' && i >= 2));
  const [name, theirs, ours, third, ...rest] = words;
  if (name === undefined) fail('DMKLNK020E', 'USERID MISSING OR INVALID');
  const given = MODES.find((m) => m === third);
  const last = given ? rest : [...(third === undefined ? [] : [third]), ...rest];
  const password = (last[0] ?? '').replace(/^PASS=/, '');
  const words2 = last[0] === 'PASS=' ? last.slice(1) : last;
  noMore(words2.slice(1), 'DMKLNK');
  return {
    name,
    theirs: addressOf(theirs, 'DMKLNK'),
    ours: addressOf(ours, 'DMKLNK'),
    mode: given ?? 'R',
    password: last[0] === 'PASS=' ? (words2[0] ?? '') : password,
  };
}

function link(context: Context): string {
  const { vm, cp, installation } = context;
  const { name: who, theirs, ours, mode, password } = parse(context.operands);
  const name = who === '*' ? vm.name : who;
  const entry = entryOf(installation.directory, name);
  if (!entry) fail('DMKLNK053E', `${name} NOT IN CP DIRECTORY`);
  const disk = entry.devices.find((d): d is DiskEntry => d.type === 'disk' && d.address === theirs);
  if (!disk) fail('DMKLNK107E', `${name} ${cuu(theirs)} NOT LINKED; NOT IN CP DIRECTORY`);
  if (cp.virtualIo.device(vm, ours))
    fail('DMKLNK110E', `${name} ${cuu(theirs)} NOT LINKED; VADDR ${cuu(ours)} ALREADY DEFINED`);
  if (ours >= 0x600) fail('DMKLNK022E', 'VADDR MISSING OR INVALID');
  const wanted = passwordFor(disk, mode);
  if (name !== vm.name) {
    if (wanted === undefined)
      fail(
        'DMKLNK115E',
        `${name} ${cuu(theirs)} NOT LINKED; NO ${mode.startsWith('R') ? 'READ' : 'WRITE'} PASSWORD`,
      );
    if (wanted !== 'ALL' && wanted !== password)
      fail('DMKLNK114E', `${name} ${cuu(theirs)} NOT LINKED; PASSWORD IS INCORRECT`);
  }
  const writes = mayWrite(context, mode, disk, name) && disk.readOnly !== true;
  const made: DiskDevice = {
    type: 'disk',
    address: ours,
    pending: null,
    busy: false,
    sense: [],
    real: disk.real,
    start: disk.start,
    cylinders: disk.cylinders,
    readOnly: !writes,
    program: null,
    link: [name, theirs],
  };
  vm.state.devices.push(made);
  return `DASD ${cuu(ours)} LINKED ${writes ? 'R/W' : 'R/O'}`;
}

/** ATTACH raddr [TO] userid [AS] vaddr: a whole real disk for one user. */
function attach(context: Context): string {
  const { cp, operands } = context;
  const [real, ...rest] = operands;
  const words = rest.filter((w) => w !== 'TO' && w !== 'AS');
  const [name, at, ...more] = words;
  const address = hexadecimal(real, 3);
  if (address === null) fail('DMKVDB021E', 'RADDR MISSING OR INVALID');
  if (name === undefined) fail('DMKVDB020E', 'USERID MISSING OR INVALID');
  const vm = cp.machineOf(name === '*' ? context.vm.name : name);
  if (!vm) fail('DMKVDB045E', `${name} NOT LOGGED ON`);
  const ours = addressOf(at, 'DMKVDB');
  noMore(more, 'DMKVDB');
  if (ours >= 0x600) fail('DMKVDB022E', 'VADDR MISSING OR INVALID');
  if (cp.ownsDevice(address)) fail('DMKVDB128E', `DEV ${cuu(address)} ALREADY ATTACHED TO SYSTEM`);
  if (cp.system.testIo(address) === 3) fail('DMKVDB046E', `DEV ${cuu(address)} OFFLINE`);
  const owner = cp.machines.find(
    (m) => m.state.loggedOn && m.state.devices.some((d) => d.type === 'disk' && d.real === address),
  );
  if (owner) fail('DMKVDB126E', `DEV ${cuu(address)} ALREADY ATTACHED TO ${owner.name}`);
  if (cp.virtualIo.device(vm, ours)) fail('DMKVDB129E', `${vm.name} VADDR ${cuu(ours)} ALREADY DEFINED`);
  vm.state.devices.push({
    type: 'disk',
    address: ours,
    pending: null,
    busy: false,
    sense: [],
    real: address,
    start: 0,
    cylinders: WHOLE_PACK,
    readOnly: false,
    program: null,
  });
  if (vm !== context.vm) cp.say(vm, `DASD ${cuu(ours)} ATTACHED`);
  return `DASD ${cuu(address)} ATTACH TO ${vm.name} ${cuu(ours)}`;
}

export const LINK: readonly Command[] = [
  { name: 'LINK', shortest: 4, run: link },
  { name: 'ATTACH', shortest: 3, classes: 'B', run: attach },
];
