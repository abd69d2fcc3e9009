// `strata run --machine pc --under xen --domains`: several guests, with their shares and their ends.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { varveDisk, varveKernel, varveXenKernel } from '../../labs/+shared/pc/varve.ts';
import type { PcReport } from './pc-report.ts';
import { file, strata } from './testing.ts';

const kernel = file(varveXenKernel());
const bare = file(varveKernel());
const ramdisk = file(varveDisk());

const guest = (name: string, program: string, more: object = {}) => ({
  name,
  kernel,
  ramdisk,
  append: `init=/bin/${program}`,
  memory: '10M',
  ...more,
});

const start = (domains: unknown, ...argv: string[]) =>
  strata('run', '--machine', 'pc', '--under', 'xen', '--domains', file(JSON.stringify(domains)), ...argv);

describe('--domains', () => {
  test('starts several, each with its ports, and reports what they asked for and how they ended', async () => {
    const { status, out } = await start(
      [
        guest('driver', 'portio', { ioports: ['20-21'] }),
        guest('user', 'portio'),
        guest('other', 'syscall', { weight: 512 }),
      ],
      '--json',
    );
    const report = JSON.parse(out) as PcReport;
    expect(status).toBe(0);
    expect(report.serial).toContain('(d1) portio: 2000 reads of port 33, 2000 alike: ok');
    expect(report.serial).toContain('(d2) portio: 2000 reads of port 33, 2000 alike: WRONG');
    expect(report.serial).toContain('(d3) syscall: 10000 calls, 10000 of them right: ok');
    expect(report.domains).toMatchObject([
      { name: 'driver', state: 'shutdown', reason: 'poweroff', pages: 2560 },
      { name: 'user', state: 'shutdown', reason: 'poweroff' },
      { name: 'other', state: 'shutdown', reason: 'poweroff', weight: 512 },
    ]);
    expect(report.monitor).toMatchObject({ 'hypercall set_trap_table': 3, 'refused by port': 2001 });
  });

  test('starts several under VT-x, each with a console of its own', async () => {
    const own = [
      guest('first', 'syscall', { kernel: bare }),
      guest('second', 'sh', { kernel: bare, weight: 2048 }),
    ];
    const { status, out } = await strata(
      ...['run', '--machine', 'pc', '--under', 'vmx', '--cpu', 'skylake', '--limit', '2e8'],
      ...['--domains', file(JSON.stringify(own)), '--json'],
    );
    const report = JSON.parse(out) as PcReport;
    expect(status).toBe(0);
    expect(report.domains).toMatchObject([
      { name: 'first', state: 'shutdown', weight: 1024 },
      { name: 'second', weight: 2048 },
    ]);
    expect(report.domains[0]!.console).toContain('10000 of them right: ok');
    expect(report.domains[1]!.console).not.toContain('syscall');
  });

  test('says which kernel is refused and why', async () => {
    const refused = await start([guest('mine', 'sh'), guest('bare', 'sh', { kernel: file(varveKernel()) })]);
    expect(refused.err).toContain('domain bare: the kernel was not written for Xen');
  });

  test.each([
    ['memory', [guest('a', 'sh', { memory: 'much' })], '0.memory: a size such as "16M"'],
    ['a misspelt field', [guest('a', 'sh', { wieght: 3 })], 'Unrecognized key: "wieght"'],
    ['a port', [guest('a', 'sh', { ioports: ['zz'] })], 'in hexadecimal'],
    ['an address', [guest('a', 'sh', { address: '10.0.2' })], '0.address: an IPv4 address'],
    ['no list', {}, 'a list of domains is needed'],
    ['a missing file', [guest('a', 'sh', { kernel: join('nowhere', 'kernel') })], 'nowhere'],
    ['too much memory', [guest('a', 'sh', { memory: '900M' })], 'give more --ram'],
  ])('names %s that is wrong', async (_what, domains, words) => {
    const { status, err } = await start(domains);
    expect(status).not.toBe(0);
    expect(err).toContain(words);
  });

  test('is refused without a hypervisor', async () => {
    const { err } = await strata(
      ...['run', '--machine', 'pc', '--domains', file(JSON.stringify([guest('a', 'sh')]))],
    );
    expect(err).toContain('--under xen');
  });
});
