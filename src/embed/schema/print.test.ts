import ts from 'typescript';
import { expect, test } from 'vitest';
import { NOTICE_TYPES, OPTION_NAMES, REQUEST_TYPES } from './names.ts';
import { declarations } from './print.ts';

/** A host's program, with mistakes where it says that there is one. */
const HOST = `
const options: StrataOptions = { theme: 'dark', panels: ['code'], speed: 'full', t: 5 };
// @ts-expect-error: no such theme
const wrong: StrataOptions = { theme: 'pink' };
const lab = document.createElement('strata-lab');
lab.setAttribute('theme', options.theme ?? wrong.theme ?? 'auto');
lab.addEventListener('strata:state', ({ detail }) => detail.clock.toFixed());
void lab.seek({ clock: 5 }).then(({ running }) => !running);
// @ts-expect-error: a clock is a number
void lab.seek({ clock: '5' });
void lab.play();
`;

test('the published types know options, element, methods and events, and tell mistakes', () => {
  const options = { strict: true, noEmit: true, target: ts.ScriptTarget.ES2022 };
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version) =>
    name === 'host.ts'
      ? ts.createSourceFile(name, declarations() + HOST, version)
      : getSourceFile(name, version);
  const found = ts.getPreEmitDiagnostics(ts.createProgram(['host.ts'], options, host));
  expect(found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))).toEqual([]);
});

test('nothing of the schema is missing in them', () => {
  const text = declarations();
  for (const name of OPTION_NAMES) expect(text).toContain(` ${name}?:`);
  for (const type of REQUEST_TYPES) expect(text).toContain(`  ${type}(`);
  for (const type of [...REQUEST_TYPES, ...NOTICE_TYPES]) expect(text).toContain(`type: '${type}'`);
});
