import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readAssignmentText } from '../format/link.ts';
import { assignment as plain } from '../format/testing.ts';
import { embedSnippet, makePackage, PACKAGE_KINDS, type PackageKind, type Site } from './package.ts';

const site: Site = { root: 'https://example.org/strata/', locale: 'en', launchScript: '/* launch */' };
const assignment = { ...plain, title: 'R&D <week> "3" \u0007第三週' };
const filesOf = (kind: PackageKind) =>
  Object.fromEntries(
    Object.entries(unzipSync(makePackage(kind, assignment, site))).map(([name, bytes]) => [
      name,
      strFromU8(bytes),
    ]),
  );

/** Names of elements in order of opening, after checking that they nest and that nothing is left unescaped. */
function elementsOf(xml: string): string[] {
  const open: string[] = [];
  const seen: string[] = [];
  const rest = xml.replace(
    /<(\/?)([\w:]+)((?:\s+[\w:]+="[^"<]*")*)\s*(\/?)>|<\?xml [^>]*\?>/g,
    (_, close: string, name: string | undefined, _attributes: string, empty: string) => {
      if (name === undefined) return '';
      if (close) expect(open.pop()).toBe(name);
      else {
        seen.push(name);
        if (!empty) open.push(name);
      }
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot);)|\p{Cc}(?<![\n])/u);
  return seen;
}

test.each(PACKAGE_KINDS)('a %s package is the same bytes every time, and carries the assignment', (kind) => {
  expect(makePackage(kind, assignment, site)).toEqual(makePackage(kind, assignment, site));
  expect(readAssignmentText(filesOf(kind)['assignment.json'] ?? '')).toEqual({ kind: 'ok', assignment });
});

test('a package does not depend on the time zone', () => {
  const script = `const { zipSync } = require('fflate');
    process.stdout.write(Buffer.from(zipSync({ a: new Uint8Array(9) }, { mtime: new Date(1980, 0, 1) })));`;
  const made = ['Asia/Tokyo', 'America/Los_Angeles'].map((TZ) =>
    createHash('sha256')
      .update(execFileSync(process.execPath, ['-e', script], { env: { ...process.env, TZ } }))
      .digest('hex'),
  );
  expect(made[0]).toBe(made[1]);
});

describe.each([
  ['scorm-1.2', '1.2', 'adlcp:scormtype="sco"'],
  ['scorm-2004-3', '2004 3rd Edition', 'adlcp:scormType="sco"'],
  ['scorm-2004-4', '2004 4th Edition', 'adlcp:scormType="sco"'],
] as const)('the manifest of %s', (kind, version, type) => {
  const files = filesOf(kind);
  const manifest = files['imsmanifest.xml'] ?? '';

  test('is well formed and in the order of the schema', () => {
    const seen = elementsOf(manifest);
    expect(seen.slice(0, 5)).toEqual(['manifest', 'metadata', 'schema', 'schemaversion', 'organizations']);
    expect(manifest).toContain(`<schemaversion>${version}</schemaversion>`);
    expect(manifest).toContain(type);
  });

  test('lists every file of the package, and opens one of them', () => {
    const listed = [...manifest.matchAll(/<file href="([^"]+)"/g)].map(([, name]) => name);
    expect(listed.sort()).toEqual(
      Object.keys(files)
        .filter((name) => name !== 'imsmanifest.xml')
        .sort(),
    );
    expect(manifest).toContain('href="index.html"');
    expect(manifest).toContain('<title>R&amp;D &lt;week&gt; &quot;3&quot; 第三週</title>');
  });

  test('leads to a page that frames the assignment on the site', () => {
    const [, address = ''] = /data-src="([^"]+)"/.exec(files['index.html'] ?? '') ?? [];
    expect(address).toMatch(/^https:\/\/example\.org\/strata\/en\/assignment\/\?platform=frame#a=/);
    expect(readAssignmentText(address)).toEqual({ kind: 'ok', assignment });
    expect(files['launch.js']).toBe(site.launchScript);
  });
});

test('the course structure of cmi5 is well formed and carries the assignment as launch parameters', () => {
  const xml = filesOf('cmi5')['cmi5.xml'] ?? '';
  const seen = elementsOf(xml);
  expect(seen.slice(seen.indexOf('au'))).toEqual([
    ...['au', 'title', 'langstring', 'description', 'langstring', 'url', 'launchParameters'],
  ]);
  expect(xml).toContain('<url>https://example.org/strata/en/assignment/cmi5/</url>');
  const [, parameters = ''] = /<launchParameters>([^<]+)</.exec(xml) ?? [];
  expect(readAssignmentText(parameters)).toEqual({ kind: 'ok', assignment });
});

test('the assignment’s language decides the address; the snippet quotes its title', () => {
  const japanese = { ...assignment, locale: 'ja' as const };
  const snippet = embedSnippet(japanese, site);
  expect(snippet).toContain('https://example.org/strata/ja/assignment/#a=');
  expect(snippet).toContain('title="R&amp;D &lt;week> &quot;3&quot;');
});
