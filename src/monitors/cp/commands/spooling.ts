/** SPOOL, CLOSE, TRANSFER, PURGE: spool files and the devices that make them. GC20-1820. */
import { settingsOf } from '../spool.ts';
import type { SpooledDevice, SpoolFile, SpoolSettings } from '../state.ts';
import {
  abbreviates,
  decimal,
  fail,
  noMore,
  spooledDevices,
  spooledKind,
  type Command,
  type Context,
} from './command.ts';
import { entryOf } from './directory.ts';

const NAMES = { reader: 'RDR', printer: 'PRT', punch: 'PUN' } as const;

/** A user of the directory, `*` for oneself. */
function userOf({ vm, installation }: Context, word: string | undefined, module: string): string {
  if (word === '*') return vm.name;
  if (word === undefined) fail(`${module}020E`, 'USERID MISSING OR INVALID');
  return entryOf(installation.directory, word)?.name ?? fail(`${module}053E`, `${word} NOT IN CP DIRECTORY`);
}

interface Change {
  spoolClass?: string;
  settings: SpoolSettings;
}

/** Reads one option of SPOOL from the front of `words`; gives what is left. */
function spoolOption(context: Context, device: SpooledDevice, words: string[], change: Change): void {
  const word = words.shift()!;
  const set = (fields: Partial<SpoolSettings>): void => {
    change.settings = { ...change.settings, ...fields };
  };
  const reader = device.type === 'reader';
  if (abbreviates(word, 'CLASS', 2)) {
    const value = words.shift() ?? '';
    if (!/^[A-Z0-9]$/.test(value) && !(reader && value === '*'))
      fail('DMKCSP028E', 'CLASS MISSING OR INVALID');
    change.spoolClass = value;
  } else if (abbreviates(word, 'CONT', 3)) set({ continuous: true });
  else if (abbreviates(word, 'NOCONT', 5)) set({ continuous: false });
  else if (abbreviates(word, 'HOLD', 2)) set({ hold: true });
  else if (abbreviates(word, 'NOHOLD', 3)) set({ hold: false });
  else if (abbreviates(word, 'COPY', 4) && !reader) {
    const copies = Number(words.shift());
    if (!Number.isInteger(copies) || copies < 1 || copies > 99)
      fail('DMKCSP030E', 'COPIES MISSING OR INVALID');
    set({ copies });
  } else if (word === 'TO' && !reader) {
    const to = words.shift();
    set({ to: to === 'SYSTEM' ? null : userOf(context, to, 'DMKCSP') });
  } else if (word === 'OFF' && !reader) set({ to: null });
  else if (word === 'FOR' || word === 'EOF' || word === 'NOEOF' || word === 'START' || word === 'TERM')
    fail('DMKCSP003E', `INVALID OPTION - ${word}: NOT DONE BY THIS CP`);
  else fail('DMKCSP003E', `INVALID OPTION - ${word}`);
}

function spool(context: Context): string {
  const [what, ...options] = context.operands;
  const devices = spooledDevices(context, what, 'DMKCSP');
  if (options.length === 0) fail('DMKCSP026E', 'OPERAND MISSING OR INVALID');
  const answers: string[] = [];
  const changes = devices.map((device) => {
    const words = [...options];
    const change: Change = { settings: settingsOf(device) };
    let end: 'CLOSE' | 'PURGE' | null = null;
    while (words.length > 0) {
      if (words[0] === 'CLOSE' || words[0] === 'PURGE') end = words.shift() as 'CLOSE' | 'PURGE';
      else spoolOption(context, device, words, change);
    }
    return { device, change, end };
  });
  // Nothing changes before all of it has been found right.
  for (const { device, change, end } of changes) {
    device.settings = change.settings;
    if (change.spoolClass !== undefined) device.spoolClass = change.spoolClass;
    if (end) answers.push(closeDevice(context, device, end === 'PURGE', {}));
  }
  return answers.filter(Boolean).join('\n');
}

/** Ends the device's file; what CP says of it. */
function closeDevice(
  { cp, vm }: Context,
  device: SpooledDevice,
  purges: boolean,
  options: { name?: string; type?: string; hold?: boolean },
): string {
  if (device.type === 'reader') {
    if (purges) device.file = null;
    cp.spool.closeReader(vm, device);
    return '';
  }
  if (purges) {
    device.records = [];
    return '';
  }
  const file = cp.spool.close(vm, device, options);
  if (!file) return '';
  const hold = file.hold ? 'HOLD' : 'NOHOLD';
  const line = (other: string): string =>
    `${NAMES[file.kind]} FILE ${decimal(file.id, 4)} ${other} COPY ${decimal(file.copies, 2)} ${hold}`;
  const receiver = file.queue === 'reader' ? cp.machineOf(file.owner) : undefined;
  if (receiver && receiver !== vm) cp.say(receiver, line(`FROM ${vm.name}`));
  return line(file.queue === 'reader' ? `TO ${file.owner}` : `FOR ${file.owner}`);
}

function close(context: Context): string {
  const [what, ...words] = context.operands;
  const devices = spooledDevices(context, what, 'DMKCSQ');
  const options: { name?: string; type?: string; hold?: boolean } = {};
  let purges = false;
  while (words.length > 0) {
    const word = words.shift()!;
    if (abbreviates(word, 'PURGE', 2)) purges = true;
    else if (abbreviates(word, 'HOLD', 2)) options.hold = true;
    else if (abbreviates(word, 'NOHOLD', 3)) options.hold = false;
    else if (abbreviates(word, 'NAME', 4)) {
      const name = words.shift();
      if (name === undefined) fail('DMKCSQ026E', 'OPERAND MISSING OR INVALID');
      options.name = name.slice(0, 8);
      const type = words.shift();
      if (type !== undefined) options.type = type.slice(0, 8);
    } else fail('DMKCSQ003E', `INVALID OPTION - ${word}`);
  }
  return devices
    .map((device) => closeDevice(context, device, purges, options))
    .filter(Boolean)
    .join('\n');
}

// ---------------------------------------------------------------- files in queues

/** The files that a spoolid, CLASS c or ALL names; words used up are taken from `words`. */
function chosen(files: readonly SpoolFile[], words: string[], module: string): SpoolFile[] {
  const word = words.shift();
  if (word === undefined) fail(`${module}026E`, 'OPERAND MISSING OR INVALID');
  if (word === 'ALL') return [...files];
  if (abbreviates(word, 'CLASS', 2)) {
    const value = words.shift() ?? '';
    if (!/^[A-Z0-9]$/.test(value)) fail(`${module}028E`, 'CLASS MISSING OR INVALID');
    return files.filter((f) => f.spoolClass === value);
  }
  if (!/^\d{1,4}$/.test(word)) fail(`${module}008E`, `INVALID SPOOLID - ${word}`);
  const file = files.find((f) => f.id === Number(word));
  return file ? [file] : fail(`${module}042E`, `SPOOLID ${word} DOES NOT EXIST`);
}

const filesLine = (count: number, done: string): string =>
  `${count === 0 ? 'NO ' : decimal(count, 4)} FILES ${done}`;

function transfer(context: Context): string {
  const { cp, vm, operands } = context;
  const words = [...operands];
  if (spooledKind(words[0]) === 'reader') words.shift();
  const to = words.includes('TO');
  const from = words.includes('FROM');
  if (to === from) fail('DMKCSU026E', 'OPERAND MISSING OR INVALID');
  const other = userOf(context, words[words.indexOf(to ? 'TO' : 'FROM') + 1], 'DMKCSU');
  const [owner, target] = to ? [vm.name, other] : [other, vm.name];
  const files = cp.spool.of(owner, 'reader').filter((f) => to || f.origin === vm.name);
  const picked = chosen(files, words, 'DMKCSU');
  noMore(words.slice(2), 'DMKCSU');
  for (const file of picked) {
    cp.spool.change(file.id, { owner: target });
    const receiver = cp.machineOf(target);
    if (receiver && receiver !== vm)
      cp.say(receiver, `RDR FILE ${decimal(file.id, 4)} TRANSFERRED FROM ${vm.name}`);
  }
  return filesLine(picked.length, 'TRANSFERRED');
}

function purge(context: Context): string {
  const { cp, vm } = context;
  const words = [...context.operands];
  const kind = spooledKind(words.shift());
  if (!kind) fail('DMKCSU026E', 'OPERAND MISSING OR INVALID');
  const picked = chosen(cp.spool.of(vm.name, kind), words, 'DMKCSU');
  noMore(words, 'DMKCSU');
  for (const file of picked) cp.spool.remove(file.id);
  return filesLine(picked.length, 'PURGED');
}

/** CHANGE: class, copies, hold and name of files that are already closed. */
function change(context: Context): string {
  const { cp, vm } = context;
  const words = [...context.operands];
  const kind = spooledKind(words.shift());
  if (!kind) fail('DMKCSU026E', 'OPERAND MISSING OR INVALID');
  const picked = chosen(cp.spool.of(vm.name, kind), words, 'DMKCSU');
  const fields: { -readonly [K in 'spoolClass' | 'copies' | 'hold' | 'name']?: SpoolFile[K] } = {};
  if (words.length === 0) fail('DMKCSU026E', 'OPERAND MISSING OR INVALID');
  while (words.length > 0) {
    const word = words.shift()!;
    if (word === 'HOLD') fields.hold = true;
    else if (word === 'NOHOLD') fields.hold = false;
    else if (abbreviates(word, 'CLASS', 2)) {
      fields.spoolClass = words.shift() ?? '';
      if (!/^[A-Z0-9]$/.test(fields.spoolClass)) fail('DMKCSU028E', 'CLASS MISSING OR INVALID');
    } else if (word === 'COPY') {
      fields.copies = Number(words.shift());
      if (!(fields.copies >= 1 && fields.copies <= 99)) fail('DMKCSU030E', 'COPIES MISSING OR INVALID');
    } else if (word === 'NAME') fields.name = (words.shift() ?? '').slice(0, 8);
    else fail('DMKCSU003E', `INVALID OPTION - ${word}`);
  }
  for (const file of picked) cp.spool.change(file.id, fields);
  return filesLine(picked.length, 'CHANGED');
}

export const SPOOLING: readonly Command[] = [
  { name: 'SPOOL', shortest: 2, run: spool },
  { name: 'CLOSE', shortest: 1, run: close },
  { name: 'TRANSFER', shortest: 4, run: transfer },
  { name: 'PURGE', shortest: 3, run: purge },
  { name: 'CHANGE', shortest: 2, run: change },
];
