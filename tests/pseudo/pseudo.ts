// A language that nobody speaks: English with an accent on every vowel, 40 % longer. Whatever a page shows without
// accents does not come from the dictionaries, and whatever breaks has no room for a longer language.
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Plugin } from 'vite';
import { textsIn } from '../../src/build/translations.mjs';

const plain = 'aeiouyAEIOUY';
const accented = 'áéíóúýÁÉÍÓÚÝ';
const accent = (letter: string): string => accented[plain.indexOf(letter)] ?? letter;

/** Words to make a text longer with. */
const MORE = 'ñóch láńǵér áĺš gédácht ünd ńóch éíńmáĺ šó víéĺ ';

export function pseudo(text: string): string {
  if (!/[a-z]/i.test(text)) return text;
  const changed = text.replace(/[aeiouy]/gi, accent);
  const extra = Math.ceil(text.trim().length * 0.4);
  const trailing = /\s*$/.exec(text)?.[0] ?? '';
  const body = changed.slice(0, changed.length - trailing.length);
  return `${body}${extra > 3 ? ' ' : ''}${MORE.slice(0, extra).trim()}${trailing}`;
}

/** The parts of a text that are printed: not what it compares, looks up or is keyed by. */
function printed(node: ts.Node): ts.Node[] {
  if (ts.isBinaryExpression(node) && /^[!=]==/.test(node.operatorToken.getText())) return [];
  if (ts.isElementAccessExpression(node)) return printed(node.expression);
  if (ts.isPropertyAssignment(node)) return printed(node.initializer);
  if (ts.isCallExpression(node)) return node.arguments.length === 0 ? [] : printed(node.expression);
  if (ts.isTypeNode(node)) return [];
  const own =
    ts.isStringLiteral(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddle(node) ||
    ts.isTemplateTail(node);
  if (own) return [node];
  const found: ts.Node[] = [];
  ts.forEachChild(node, (child) => void found.push(...printed(child)));
  return found;
}

/** The source with every printed text in the pseudo-language; quotes and braces stay where they are. */
export function inPseudo(file: string, code: string): string {
  const nodes = textsIn(file, code).flatMap(({ node }) => printed(node));
  return nodes
    .sort((a, b) => b.getStart() - a.getStart())
    .reduce((text, node) => {
      const [from, to] = [node.getStart(), node.getEnd()];
      const [, open = '', inside = '', close = ''] =
        /^(['"`}])([^]*?)(['"`]|\$\{)$/.exec(text.slice(from, to)) ?? [];
      return open === '' ? text : text.slice(0, from) + open + pseudo(inside) + close + text.slice(to);
    }, code);
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Vite plugin: dictionaries, and what chapters say of themselves, in the pseudo-language. */
export function pseudoLanguage(): Plugin {
  return {
    name: 'strata:pseudo',
    enforce: 'pre',
    transform(code, id) {
      const [path = '', query] = id.split('?');
      if (!path.startsWith(root) || path.includes('node_modules')) return null;
      if ((query === 'chapter' || query === 'exercise') && path.endsWith('.en.md')) {
        const chapter = JSON.parse(code.replace(/^export default /, '')) as {
          title: string;
          summary: string;
        };
        const { title, summary } = chapter;
        return `export default ${JSON.stringify({ ...chapter, title: pseudo(title), ...(summary === undefined ? {} : { summary: pseudo(summary) }) })}`;
      }
      if (query === 'exercise' && path.endsWith('.en.md')) {
        const exercise = JSON.parse(code.replace(/^export default /, '')) as { title: string };
        return `export default ${JSON.stringify({ ...exercise, title: pseudo(exercise.title) })}`;
      }
      return path.endsWith('.ts') && query === undefined ? inPseudo(path.slice(root.length), code) : null;
    },
  };
}
