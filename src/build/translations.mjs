// Stale translations: what each Japanese text was translated from, and whether the English has changed since.
// `node src/build/translations.mjs` checks, with `--reviewed` it notes that everything stale has been looked at.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { at } from './paths.mjs';

/** Fingerprints of the English, by file and by place in it. @typedef {Record<string, Record<string, string>>} Record_ */

const RECORD = 'src/build/translated.json';
const FIRST = 'en';
const OTHERS = ['ja'];

/** @param {string} text */
const fingerprint = (text) =>
  createHash('sha256').update(text.replace(/\s+/g, ' ').trim()).digest('hex').slice(0, 8);

/** The same file in another language, by its name: `en.ts`, `words-en.ts`, `en-panels.ts`, `index.en.md`.
 *  @param {string} file @param {string} locale */
export function twinOf(file, locale) {
  const name = basename(file).replace(new RegExp(`(^|[-.])${FIRST}(?=[-.])`), `$1${locale}`);
  return name === basename(file) ? undefined : posix.join(dirname(file), name);
}

/** An initializer without what only the types need. @param {ts.Expression} node @returns {ts.Expression} */
function bare(node) {
  const wrapped =
    ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node);
  return wrapped ? bare(node.expression) : node;
}

/** @param {ts.PropertyName | undefined} name */
const nameOf = (name) =>
  name && (ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name))
    ? name.text
    : '';

/**
 * The texts of a dictionary: every value that is no further object, by the path of its names.
 * @param {ts.Expression} value @param {string} path @param {ts.SourceFile} source
 * @returns {{ path: string, node: ts.Expression, text: string }[]}
 */
function leaves(value, path, source) {
  const node = bare(value);
  if (!ts.isObjectLiteralExpression(node))
    return /['"`]/.test(node.getText(source)) ? [{ path, node, text: node.getText(source) }] : [];
  return node.properties.flatMap((property) =>
    ts.isPropertyAssignment(property)
      ? leaves(
          property.initializer,
          path ? `${path}.${nameOf(property.name)}` : nameOf(property.name),
          source,
        )
      : [],
  );
}

/**
 * The English texts of a TypeScript file: all of a file that has a twin, else what stands as `en` beside `ja`.
 * @param {string} file @param {string} text
 */
export function textsIn(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const whole = OTHERS.some((locale) => existsSync(at(twinOf(file, locale) ?? 'nowhere')));
  /** @type {ReturnType<typeof leaves>} */
  const found = [];
  /** @param {ts.Node} node @param {string} path @returns {void} */
  const visit = (node, path) => {
    if (ts.isVariableDeclaration(node) && node.initializer && ts.isIdentifier(node.name)) {
      const name = node.name.text;
      const paired =
        name === FIRST && OTHERS.every((locale) => new RegExp(`\\bconst ${locale}\\b`).test(text));
      if (whole || paired) return void found.push(...leaves(node.initializer, whole ? name : '', source));
      return ts.forEachChild(node, (child) => visit(child, name));
    }
    if (ts.isObjectLiteralExpression(node)) {
      const byName = new Map(
        node.properties.flatMap((each) =>
          ts.isPropertyAssignment(each) ? [/** @type {const} */ ([nameOf(each.name), each.initializer])] : [],
        ),
      );
      const english = byName.get(FIRST);
      if (english && OTHERS.every((locale) => byName.has(locale)))
        return void found.push(...leaves(english, path, source));
    }
    if (ts.isPropertyAssignment(node)) return visit(node.initializer, `${path}.${nameOf(node.name)}`);
    return ts.forEachChild(node, (child) => visit(child, path));
  };
  visit(source, '');
  return found;
}

/** The sections of a text in Markdown, by their headings. @param {string} text */
export const sectionsIn = (text) =>
  text
    .split(/^(?=#{1,3} )/m)
    .map((part) => ({ path: /^#+ (.*)/.exec(part)?.[1] ?? 'beginning', text: part }));

/** Everything that is translated, as it is now. @returns {Record_} */
function present() {
  const files = ['src', 'labs'].flatMap((folder) =>
    readdirSync(at(folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      posix.join(folder, name.replaceAll('\\', '/')),
    ),
  );
  /** @type {Record_} */
  const found = {};
  for (const file of files.sort()) {
    const markdown = file.endsWith(`.${FIRST}.md`);
    if (!markdown && (!file.endsWith('.ts') || /\.(test|d)\.ts$/.test(file))) continue;
    const text = readFileSync(at(file), 'utf8');
    if (!markdown && !text.includes(FIRST)) continue;
    const texts = markdown ? sectionsIn(text) : textsIn(file, text);
    if (texts.length > 0)
      found[file] = Object.fromEntries(texts.map(({ path, text: each }) => [path, fingerprint(each)]));
  }
  return found;
}

/** @returns {Record_} */
const recorded = () => (existsSync(at(RECORD)) ? JSON.parse(readFileSync(at(RECORD), 'utf8')) : {});

/**
 * English texts that have changed since they were translated, and those of which no translation is noted.
 * @param {Record_} before what was noted @param {Record_} now
 */
export function changes(before, now) {
  const all = Object.entries(now).flatMap(([file, texts]) =>
    Object.entries(texts).map(([path, mark]) => ({
      where: `${file} ${path}`,
      mark,
      noted: before[file]?.[path],
    })),
  );
  return {
    stale: all.filter(({ mark, noted }) => noted !== undefined && noted !== mark).map(({ where }) => where),
    unknown: all.filter(({ noted }) => noted === undefined).map(({ where }) => where),
  };
}

/** What is wrong in this tree: as above, and files that lack their twin. */
export function staleTranslations() {
  const now = present();
  const missing = Object.keys(now).flatMap((file) =>
    OTHERS.flatMap((locale) => twinOf(file, locale) ?? []).filter((twin) => !existsSync(at(twin))),
  );
  return { ...changes(recorded(), now), missing };
}

export const REMEDY = 'Bring the Japanese up to date, then note it: npm run translations -- --reviewed';

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (process.argv.includes('--reviewed'))
    writeFileSync(at(RECORD), `${JSON.stringify(present(), null, 2)}\n`);
  const { stale, unknown, missing } = staleTranslations();
  for (const file of missing) console.error(`missing: ${file}`);
  for (const where of stale) console.error(`changed since it was translated: ${where}`);
  for (const where of unknown) console.error(`not noted as translated: ${where}`);
  if (stale.length + unknown.length + missing.length > 0) {
    console.error(REMEDY);
    process.exitCode = 1;
  }
}
