// Rooms and who may import whom: the table, and the check that fails lint on any breach.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { at } from '../src/build/paths.mjs';

const machineContract = 'src/machines/contract';
const monitorContract = 'src/monitors/contract';
const foundation = ['src/base', 'src/accounting'];
const guestSide = [...foundation, 'src/machines', monitorContract];
const engines = [
  ...foundation,
  'src/machines',
  'src/assembler',
  'src/classifier',
  'src/monitors',
  'src/os',
  'src/cluster',
  'src/timeline',
  'src/worlds',
  'src/protocol',
];
const pageSide = ['src/ui', 'src/lab', 'src/worker/client', 'src/protocol', 'src/base', 'npm'];
const chapterTexts = ['chapter', 'exercises', 'figures', 'Lab.svelte', 'view'].map(
  (part) => `labs/*/${part}`,
);
const chapterEngines = ['labs/*/world', 'labs/*/exercises/*/grade', 'labs/*/guests', 'labs/*/exercises'];
const drivers = [
  ...engines,
  'src/lab',
  'src/session',
  'src/grading',
  'src/sandbox',
  'src/worker/host',
  ...chapterEngines,
  'npm',
];

/**
 * A room is a path prefix; the longest one that fits a file is its room, and a `*` stands for one folder name.
 * A room may always import itself. `npm` means any package; `type PREFIX` only type imports; `=` is the same
 * folder that the room's own `*` stood for.
 * @type {Record<string, readonly string[]>}
 */
export const table = {
  'src/base': [],
  'src/accounting': ['src/base'],
  [machineContract]: foundation,
  'src/machines/s370': [...foundation, machineContract],
  'src/machines/pc': [...foundation, machineContract],
  'src/assembler': ['src/base', 'src/machines/*/instructions'],
  [monitorContract]: [...foundation, 'src/machines'],
  'src/monitors/cp': guestSide,
  'src/monitors/naive': guestSide,
  // Part of two monitors, as it was in VMware’s two.
  'src/monitors/shadow': guestSide,
  'src/monitors/translator': [...guestSide, 'src/monitors/shadow'],
  'src/monitors/xen': guestSide,
  'src/monitors/vmx': [...guestSide, 'src/monitors/shadow'],
  'src/os/timesharing': guestSide,
  'src/os/containers': guestSide,
  // Images are compressed archives, configurations are checked against a schema.
  'src/os/containers/oci': ['src/os/containers', 'npm'],
  'src/cluster': [...foundation, 'src/machines', 'src/monitors', 'src/os', 'src/timeline', 'src/protocol'],
  'src/timeline': [...foundation, machineContract],
  // Executes single instructions on both machines to find out what they are.
  'src/classifier': [...foundation, 'src/machines', 'src/assembler'],
  'src/worlds': [
    ...foundation,
    'src/machines',
    'src/assembler',
    'src/monitors',
    'src/os',
    'src/timeline',
    'src/protocol',
    'src/lab',
    'type src/sandbox/contract',
  ],
  'src/protocol': ['src/base', 'npm'],
  'src/lab': [
    'src/base',
    'src/protocol',
    'type src/accounting',
    `type ${machineContract}`,
    'type src/sandbox/contract',
  ],
  // The student's code, and the engine it is shut up in.
  'src/sandbox': ['src/base', 'npm'],
  'src/session': [
    'src/base',
    'src/protocol',
    'src/timeline',
    'src/lab',
    machineContract,
    'type src/sandbox/contract',
  ],
  // Judges attempts: what the worker, the command and a teacher's page have in common.
  'src/grading': ['src/base', 'src/protocol', 'src/timeline', 'src/lab', 'src/session', 'src/sandbox'],
  'src/worker/host': [
    ...engines,
    'src/lab',
    'src/session',
    'src/grading',
    'src/sandbox',
    'src/worker/channel',
    ...chapterEngines,
    'npm',
  ],
  // The host by its address only: it is the other thread.
  'src/worker/client': ['src/base', 'src/protocol', 'src/worker/channel', 'src/worker/host', 'npm'],
  'src/worker/channel': ['src/base', 'src/protocol', 'npm'],
  'src/ui': ['src/base', 'src/protocol', 'npm'],
  // What a browser keeps of the site, for its pages and its service worker.
  'src/offline': ['src/base'],
  'src/site': [...pageSide, ...chapterTexts, 'src/classroom', 'src/embed', 'src/offline'],
  'src/embed': [...pageSide, ...chapterTexts],
  // What assignments and hand-ins are: read by the pages, the checking half and the command.
  'src/classroom/format': ['src/base', 'src/protocol', 'src/lab', 'npm'],
  'src/classroom/check': [...drivers, 'src/classroom/format', 'src/classroom/batch'],
  // Many files over several workers, and what shows only when they lie side by side.
  'src/classroom/batch': ['src/base', 'src/classroom/format', 'npm'],
  // The checking half by its worker's address only.
  'src/classroom': [
    ...pageSide,
    ...chapterTexts,
    'src/classroom/format',
    'src/classroom/batch',
    'type src/classroom/check',
    'src/classroom/check/worker',
  ],
  'src/cli': [
    ...drivers,
    'labs/+shared/pc',
    'src/classroom/check',
    'src/classroom/format',
    'src/classroom/batch',
  ],
  // Reads the engines' tables when the site is built and hands the pages plain data: pages may not know engines.
  'src/build/reference': [...engines, 'type src/site/reference'],
  // Runs the labs when the site is built, and hands the pages plain data.
  'src/build/measure': [
    ...engines,
    'src/lab',
    'src/session',
    ...chapterEngines,
    'type src/site/figures',
    'type src/site/classification',
    'type src/site/published',
    'labs/*/published',
  ],
  'src/build': [
    'src/build/reference',
    'src/build/measure',
    'src/offline',
    'src/site',
    'src/lab',
    'src/embed',
    'type src/ui/exercise',
    'labs',
    'npm',
  ],
  // A chapter: its engine half, and its page half (the view, and what only the view needs).
  'labs/+shared': [...engines, 'src/lab'],
  'labs/*': [...engines, 'src/lab', 'type src/sandbox/contract', 'labs/+shared'],
  'labs/*/Lab.svelte': ['src/ui', 'src/lab', 'src/protocol', 'src/base', 'labs/=/view', 'npm'],
  'labs/*/view': ['src/ui', 'src/lab', 'src/protocol', 'src/base', 'npm'],
};

/**
 * @typedef {{ file: string, target: string, typeOnly: boolean }} Import
 * @param {string} prefix
 */
const asPattern = (prefix) =>
  new RegExp(`^${prefix.replace(/[.+]/g, '\\$&').replaceAll('*', '([^/]+)')}(?=[./]|$)`);
const rooms = Object.keys(table)
  .sort((a, b) => b.length - a.length)
  .map((name) => ({ name, pattern: asPattern(name) }));

/** @param {string} path */
export const roomOf = (path) => rooms.find(({ pattern }) => pattern.test(path))?.name;

/** Every module named in a source text: imports, re-exports, `import()`, `import('…').Type`, globs.
 *  @param {string} file @param {string} text @returns {Import[]} */
export function importsOf(file, text) {
  /** @type {Import[]} */
  const found = [];
  /** @param {ts.Node | undefined} node @param {boolean} typeOnly */
  const add = (node, typeOnly) => {
    if (node && ts.isStringLiteralLike(node))
      found.push({ file, target: resolve(file, node.text), typeOnly });
    else if (node && ts.isArrayLiteralExpression(node)) node.elements.forEach((each) => add(each, typeOnly));
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.isTypeOnly ?? false);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node))
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    else if (ts.isCallExpression(node)) {
      if (node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false);
      else if (/^import\.meta\.glob$/.test(node.expression.getText(source))) add(node.arguments[0], false);
    } else if (ts.isNewExpression(node) && node.expression.getText(source) === 'URL') {
      // `new URL('./worker.ts', import.meta.url)` names a module; without an extension it names a folder.
      const [path, base] = node.arguments ?? [];
      if (base?.getText(source) === 'import.meta.url' && /\.\w+['"]$/.test(path?.getText(source) ?? ''))
        add(path, false);
    }
    ts.forEachChild(node, visit);
  };
  const script = file.endsWith('.svelte')
    ? [...text.matchAll(/<script[^>]*>([^]*?)<\/script>/g)].map((match) => match[1]).join('\n')
    : text;
  const source = ts.createSourceFile(file, script, ts.ScriptTarget.Latest);
  visit(source);
  return found;
}

/** @param {string} file @param {string} specifier */
function resolve(file, specifier) {
  const path = specifier.replace(/[?#].*$/, '');
  if (/^\$(src|labs)\//.test(path)) return path.slice(1);
  if (path.startsWith('/')) return path.slice(1);
  if (path.startsWith('.')) return posix.join(posix.dirname(file), path);
  return `npm ${path}`;
}

/** What is wrong with one import, in words, or nothing. @param {Import} use */
function breach({ file, target, typeOnly }) {
  const room = roomOf(file);
  if (!room) return `${file}: stands in no room of the table`;
  if (target.endsWith('/testing.ts')) return `${file}: only tests may import ${target}`;
  const own = asPattern(room).exec(file);
  if (own && roomOf(target) === room && target.startsWith(`${own[0]}/`)) return undefined;
  const self = /^labs\/[^/]+(?=\/)/.exec(file)?.[0];
  // Inside one chapter the engine half may use anything but the page half, and the page half only itself.
  if (room === 'labs/*' && self && target.startsWith(`${self}/`) && roomOf(target) === 'labs/*')
    return undefined;
  if (room === 'labs/*/view' && self && target.startsWith(`${self}/view/`)) return undefined;
  const allowed = (table[room] ?? []).some((entry) => {
    if (entry === 'npm') return target.startsWith('npm ');
    const type = entry.startsWith('type ');
    const prefix = (type ? entry.slice(5) : entry).replace('labs/=', self ?? '');
    return (typeOnly || !type) && asPattern(prefix).test(target);
  });
  return allowed ? undefined : `${file}: ${room} may not import ${target}`;
}

/** Rooms that import each other in a ring. @param {readonly Import[]} uses */
function ring(uses) {
  /** @type {Map<string, Set<string>>} */
  const graph = new Map();
  for (const { file, target } of uses) {
    const from = roomOf(file);
    const to = roomOf(target);
    if (from && to && from !== to) graph.set(from, (graph.get(from) ?? new Set()).add(to));
  }
  /** @type {Set<string>} */
  const done = new Set();
  /** @param {string} room @param {readonly string[]} path @returns {readonly string[] | undefined} */
  const walk = (room, path) => {
    if (path.includes(room)) return [...path.slice(path.indexOf(room)), room];
    if (done.has(room)) return undefined;
    for (const next of graph.get(room) ?? []) {
      const found = walk(next, [...path, room]);
      if (found) return found;
    }
    done.add(room);
    return undefined;
  };
  for (const room of graph.keys()) {
    const found = walk(room, []);
    if (found) return `rooms import each other: ${found.join(' -> ')}`;
  }
  return undefined;
}

/** @param {readonly { file: string, text: string }[]} sources @returns {string[]} */
export function breaches(sources) {
  const uses = sources.flatMap(({ file, text }) => importsOf(file, text));
  return [...new Set([...uses.map(breach), ring(uses)])].filter((words) => words !== undefined);
}

/** The tree's own sources. Tests, their rigs (`testing.ts`) and configuration files may import anything. */
export function sources() {
  return ['src', 'labs']
    .filter((folder) => existsSync(at(folder)))
    .flatMap((folder) =>
      readdirSync(at(folder), { recursive: true, encoding: 'utf8' }).map((name) => posix.join(folder, name)),
    )
    .filter((file) => /\.(ts|mjs|svelte)$/.test(file) && !/(\.(test|config|d)|\/testing)\.ts$/.test(file))
    .map((file) => ({ file, text: readFileSync(at(file), 'utf8') }));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const found = breaches(sources());
  for (const words of found) console.error(words);
  if (found.length > 0) process.exitCode = 1;
}
