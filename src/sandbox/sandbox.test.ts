import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Outcome, Piece, Sandbox } from './contract.ts';
import { openSandbox } from './sandbox.ts';

/** `work(n)` of the student, with one function of ours: twice(n). */
const API = `(host, argument) => ({
  given: [{ n: argument, twice: (n) => host('twice', n) }],
  result: (value) => value,
})`;

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await openSandbox();
});
afterEach(() => {
  sandbox.close();
});

function load(source: string, host = (n: number) => 2 * n) {
  return sandbox.load({
    file: 'work.js',
    source,
    functionName: 'work',
    api: API,
    host: (_, [n]) => host(Number(n)),
  });
}
function piece(source: string): Piece {
  const loaded = load(source);
  if ('problem' in loaded) throw new Error(loaded.problem.message);
  return loaded;
}
/** What comes of calling a function with this body. */
const outcome = (body: string): Outcome => piece(`function work({ n, twice }) {\n${body}\n}`).call(21);
const value = (body: string): unknown => {
  const found = outcome(body);
  return found.ok ? found.value : found.problem.message;
};
/** What is wrong with a source, or with its call. */
function problem(source: string) {
  const loaded = load(source);
  if ('problem' in loaded) return loaded.problem;
  const found = loaded.call(21);
  if (found.ok) throw new Error(`no problem: ${JSON.stringify(found.value)}`);
  return found.problem;
}

test('a function sees its argument and the functions it is given', () => {
  expect(value('return { doubled: twice(n), list: [n, 1] }')).toEqual({ doubled: 42, list: [21, 1] });
});

test('nothing of the host is there, no clock, no chance, no text that becomes code', () => {
  expect(
    value(`return ['process', 'fetch', 'setTimeout', 'Date', 'eval', 'Function', 'Promise', 'Proxy', 'BigInt']
      .filter((name) => name in globalThis)`),
  ).toEqual([]);
  expect(value('return typeof Math.random')).toBe('undefined');
  for (const maker of ['function () {}', 'function* () {}', 'async () => {}', 'twice'])
    expect(value(`return (${maker}).constructor('return 1')()`)).toBe(
      'TypeError: text cannot become code here',
    );
});

test('each call begins anew: neither variables nor built-in objects carry anything over', () => {
  const counting = piece('let calls = 0;\nfunction work() { return ++calls }');
  expect([counting.call(0), counting.call(0)]).toEqual([
    { ok: true, value: 1 },
    { ok: true, value: 1 },
  ]);
  for (const change of [
    'globalThis.x = 1',
    'Array.prototype.x = 1',
    'Object.prototype.x = 1',
    'JSON.parse = 1',
  ])
    expect(outcome(change).ok, change).toBe(false);
  expect(value('return Reflect.getPrototypeOf([].values()).x = 1')).toMatch(/TypeError/);
});

describe('mistakes are told with their line and what to try', () => {
  test.each([
    ['function work() {\n  let x = ;\n}', 2, /^SyntaxError: unexpected token/],
    ['function work() {\n\n  return nothing;\n}', 3, /^ReferenceError: .*nothing/],
    ['function work({ n }) {\n  return n.a.b;\n}', 2, /^TypeError/],
    ['const other = 1;', 1, /work is not a function/],
    ['const work = 5;', 1, /work is not a function/],
    ['function work() {\n  throw 5;\n}', 1, /no Error/],
    ['function work() { return 1n }', 1, /1n/],
    [`function work() {}\n${'// long\n'.repeat(3000)}`, 1, /characters/],
  ])('%j', (source, line, message) => {
    const found = problem(source);
    expect(found).toMatchObject({ span: { file: 'work.js', line }, severity: 'error' });
    expect(found.message).toMatch(message);
    expect(found.hint).toBeTruthy();
  });
});

describe('what has no end is ended', () => {
  test.each([
    ['a loop', 'for (;;);', /does not end/],
    ['a loop that catches', 'for (;;) try { for (;;); } catch {}', /does not end/],
    ['recursion', 'const f = () => f(); f()', /inside one another/],
    ['recursion through a built-in', 'const f = () => [1, 2].sort(f); f()', /inside one another/],
    ['recursion through JSON', 'const f = () => JSON.stringify({ toJSON: f }); f()', /inside one another/],
    ['deep data', 'return JSON.parse("[".repeat(20000))', /inside one another|SyntaxError/],
    ['an async function', 'const f = async () => { for (;;) await 0 }; f(); for (;;);', /does not end/],
    ['a list', 'const a = []; for (;;) a.push({})', /at most 4096|does not end/],
    ['lists of lists', 'let a = []; for (;;) a = [a, a, a, a, a, a, a, a]', /memory|not end/],
    ['a text', 'let s = "x"; for (;;) s += s', /memory/],
    ['a giant text', 'return "x".repeat(1e9)', /memory/],
    ['many buffers', 'const a = []; for (let i = 0; i < 4000; i++) a.push(new Uint8Array(100000))', /memory/],
    ['a search of long texts', 'const s = "a".repeat(90000); for (;;) s.lastIndexOf("b")', /does not end/],
    ['a sort of a long buffer', 'const a = new Uint8Array(90000); for (;;) a.sort()', /does not end/],
    ['a giant buffer', 'return new Uint8Array(1e9).length', /memory/],
    ['a length without elements', 'const a = []; a.length = 4e9; return a.indexOf(1)', /at most 4096/],
    ['holes in another array', 'const a = []; a.length = 4e9; return [].concat(a).length', /at most 4096/],
    ['an object that says it is long', '[].indexOf.call({ length: 2 ** 53 }, 1)', /arrays only/],
    [
      'an iterator over holes',
      'const a = []; const i = a.values(); a.length = 4e9; new Set(i)',
      /not end|memory/,
    ],
  ])('%s', (_, body, message) => {
    expect(value(body)).toMatch(message);
  });

  test.each(['(', '[', '!', '{', 'if(1)', 'a=>', '`${'])('source that nests %s too deep', (opening) => {
    expect(problem(`function work() { ${opening.repeat(3000)}`).severity).toBe('error');
  });

  test('also when every single call is short', () => {
    const loaded = piece('function work() { for (let i = 0; i < 15000; i++); return 1 }');
    const outcomes = Array.from({ length: 40 }, () => loaded.call(0).ok);
    expect(outcomes.indexOf(false)).toBeGreaterThan(3);
    expect(outcomes.at(-1)).toBe(false);
  });
});

test('what the host throws passes through, even where the student catches it', () => {
  const loaded = load('function work({ twice }) { try { twice(1) } catch { return 1 } }', () => {
    throw new TypeError('of the host');
  });
  expect(() => ('problem' in loaded ? loaded : loaded.call(0))).toThrow('of the host');
});

test('the same code ends in the same place every time', async () => {
  const run = async () => {
    const own = await openSandbox();
    let calls = 0;
    const loaded = own.load({
      file: 'work.js',
      source: 'function work({ twice }) { for (let i = 0; ; i++) twice(i) }',
      functionName: 'work',
      api: API,
      host: () => ++calls,
    });
    if (!('problem' in loaded)) loaded.call(0);
    own.close();
    return calls;
  };
  expect(await run()).toBe(await run());
});
