/** Images and configurations from outside: what is good is taken, what is bad is refused by name, wherever it leads. */
import { gzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { tar, tarOf } from '../../../../tests/tar.ts';
import { Directory, SymbolicLink } from '../files/inode.ts';
import { isOpaque, isWhiteout } from '../files/overlay.ts';
import { MemoryFileSystem } from '../files/tmpfs.ts';
import { finish, plain } from './gunzip.ts';
import { misfit, openImage, readImage } from './image.ts';
import { unpackLayer } from './layer.ts';
import { checkConfiguration } from './runtime-spec.ts';
import { storeLayers } from './store.ts';
import { readTar } from './tar.ts';

const fresh = (): Directory => new MemoryFileSystem(1).root;
const NOISE = Uint8Array.from({ length: 20_000 }, (_, k) => (k * 2654435761) >>> 13);

const savedFiles = (architecture: string, layer: Uint8Array) => ({
  'manifest.json': JSON.stringify([{ Config: 'c.json', Layers: ['l.tar'] }]),
  'c.json': JSON.stringify({ architecture, os: 'linux', config: { Cmd: ['/bin/sh'] } }),
  'l.tar': layer,
});
const saved = (architecture: string, layer: Uint8Array): Uint8Array => tar(savedFiles(architecture, layer));

test('an image opens in steps that tell how far it has come, compressed or not', () => {
  const layer = gzipSync(tar({ 'bin/a': NOISE, 'etc/b': 'b' }));
  const work = openImage(gzipSync(saved('386', layer)));
  const steps: number[] = [];
  let step = work.next();
  for (; !step.done; step = work.next()) steps.push(step.value);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  expect(steps.at(-1)).toBe(1);
  if (typeof step.value === 'string') throw new Error(step.value);
  const host = fresh();
  const layers = storeLayers(host, step.value);
  if (typeof layers === 'string') throw new Error(layers);
  expect(layers.map(({ path }) => path)).toEqual(['/var/lib/docker/overlay2/l/diff']);
  expect([...layers[0]!.directory.entries()].map(([name]) => name)).toEqual(['bin', 'etc']);
});

test('an image for another architecture is refused by name', () => {
  const image = readImage(saved('arm64', tar({ a: 'a' })));
  expect(typeof image === 'string' ? image : misfit(image.configuration)).toBe(
    'the image is for linux/arm64; this machine runs linux/386',
  );
});

test('marks of a layer become those of an overlay, but do not touch what the layer itself brings', () => {
  const layer = fresh();
  const marks = {
    'd/.wh.gone': '',
    'e/.wh..wh..opq': '',
    'e/own': 'x',
    '.wh.f': '',
    'f/new': 'y',
    '.wh.g': '',
    g: 'z',
  };
  expect(unpackLayer(layer, tar(marks))).toBeNull();
  const find = (name: string) => layer.find(name) as Directory;
  expect(isWhiteout(find('d').find('gone')!)).toBe(true);
  expect([isOpaque(find('e')), isOpaque(find('f')), isWhiteout(layer.find('g')!)]).toEqual([
    true,
    true,
    false,
  ]);
});

const pax = (key: string, value: string): string => {
  const rest = ` ${key}=${value}\n`;
  const length = rest.length + String(rest.length + 3).length;
  return `${length}${rest}`;
};

test.each([
  ['leads upwards', tarOf([{ path: '../../etc/passwd' }]), 'leads out'],
  ['goes through a link', tarOf([{ path: 'a', type: '2', target: '/' }, { path: 'a/b' }]), 'no directory'],
  ['links to a file outside', tarOf([{ path: 'a', type: '1', target: '../x' }]), 'no file of the archive'],
  ['marks a name outside', tar({ '../.wh.a': '' }), 'leads out'],
  ['marks through a file', tar({ a: '', 'a/.wh.b': '' }), 'no directory'],
  [
    'has a name without end',
    tarOf([{ path: 'x', type: 'L', contents: 'a/'.repeat(4000) }, { path: 'a' }]),
    'too long',
  ],
  [
    'leads backwards',
    tarOf([{ path: 'x', type: 'x', contents: pax('size', '-1024') }, { path: 'a' }]),
    'no length',
  ],
  ['is cut off', tar({ a: 'contents' }).subarray(0, 700), 'truncated'],
  ['is none', new Uint8Array(2048).fill(1), 'checksum is wrong'],
])('a layer that %s is refused', (_what, archive, message) => {
  expect(unpackLayer(fresh(), archive)).toContain(message);
});

test('links with absolute targets stay links, and device nodes are left out', () => {
  const root = fresh();
  const sda = { path: 'dev/sda', type: '4' };
  expect(unpackLayer(root, tarOf([{ path: 'l', type: '2', target: '/etc/passwd' }, sda]))).toBeNull();
  const link = root.find('l');
  expect(link instanceof SymbolicLink && link.target).toBe('/etc/passwd');
  expect((root.find('dev') as Directory).isEmpty()).toBe(true);
});

test('what would grow without end is not let grow: bombs, and archives of too many entries', () => {
  const bomb = gzipSync(new Uint8Array(4 << 20));
  expect(bomb.length).toBeLessThan(20_000);
  expect(finish(plain(bomb, 1 << 20))).toContain('more than 1048576 bytes');
  // One that lies about its length is found out as it grows.
  bomb.set([1, 0, 0, 0], bomb.length - 4);
  expect(finish(plain(bomb, 1 << 20))).toContain('more than 1048576 bytes');
  const many = tar(Object.fromEntries(Array.from({ length: 20 }, (_, k) => [`f${k}`, ''])));
  expect(readTar(many, 10)).toContain('more than 10 entries');
});

test('a compressed archive that is cut off, damaged, or of another kind says so', () => {
  const whole = gzipSync(NOISE);
  expect(finish(plain(whole, 1 << 20))).toEqual(NOISE);
  for (const length of [11, 1000, whole.length - 9, whole.length - 1])
    expect(finish(plain(whole.subarray(0, length), 1 << 20))).toContain('damaged or truncated');
  expect(readImage(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0))).toContain('zstd');
  expect(readImage(tar({ a: 'a' }))).toContain('no image');
  expect(readImage(tar({ 'manifest.json': '{' }))).toContain('no JSON');
  const { 'l.tar': _, ...without } = savedFiles('386', tar({ a: 'a' }));
  expect(readImage(tar(without))).toBe('the layer l.tar is not in the archive');
});

/** After the example of the specification, config.md, "Configuration Schema Example". */
const EXAMPLE = {
  ociVersion: '1.0.1',
  process: {
    terminal: true,
    user: { uid: 1, gid: 1, additionalGids: [5, 6] },
    args: ['sh'],
    env: ['PATH=/usr/bin:/bin', 'TERM=xterm'],
    cwd: '/',
    capabilities: { bounding: ['CAP_KILL'], permitted: ['CAP_KILL'], effective: ['CAP_KILL'] },
    rlimits: [{ type: 'RLIMIT_NOFILE', hard: 1024, soft: 1024 }],
    oomScoreAdj: 100,
    noNewPrivileges: true,
  },
  root: { path: 'rootfs', readonly: true },
  hostname: 'slartibartfast',
  mounts: [{ destination: '/proc', type: 'proc', source: 'proc' }],
  hooks: { prestart: [{ path: '/usr/bin/fix-mounts', args: ['fix-mounts'], timeout: 5 }] },
  linux: {
    devices: [{ path: '/dev/fuse', type: 'c', major: 10, minor: 229, fileMode: 438, uid: 0, gid: 0 }],
    uidMappings: [{ containerID: 0, hostID: 1000, size: 32000 }],
    namespaces: [{ type: 'pid' }, { type: 'network' }, { type: 'mount' }],
    resources: { pids: { limit: 32771 }, memory: { limit: 536870912, swappiness: 0 }, cpu: { shares: 1024 } },
    seccomp: {
      defaultAction: 'SCMP_ACT_ALLOW',
      architectures: ['SCMP_ARCH_X86'],
      syscalls: [{ names: ['getcwd', 'chmod'], action: 'SCMP_ACT_ERRNO' }],
    },
    maskedPaths: ['/proc/kcore'],
    sysctl: { 'net.ipv4.ip_forward': '1' },
  },
  annotations: { 'com.example.key1': 'value1' },
  'com.example.extension': { taken: 'no notice of' },
};

test('a runtime configuration as the specification shows it is valid', () => {
  const checked = checkConfiguration(JSON.stringify(EXAMPLE));
  expect(checked.ok ? checked.configuration.process?.args : checked.faults).toEqual(['sh']);
});

const { linux, process, ...others } = EXAMPLE;
test.each([
  ['ociVersion', { ...EXAMPLE, ociVersion: 'one' }],
  ['process.cwd', { ...others, process: { ...process, cwd: 'home' } }],
  ['process.args[1]', { ...others, process: { ...process, args: ['sh', 1] } }],
  [
    'process.rlimits[0].type',
    { ...others, process: { ...process, rlimits: [{ type: 'NOFILE', hard: 1, soft: 1 }] } },
  ],
  ['root.path', { ...EXAMPLE, root: { readonly: true } }],
  ['mounts[0].destination', { ...EXAMPLE, mounts: [{ type: 'proc' }] }],
  ['hooks.prestart[0].path', { ...EXAMPLE, hooks: { prestart: [{ path: 'relative' }] } }],
  [
    'linux.namespaces[2].type',
    { ...others, linux: { namespaces: [...linux.namespaces.slice(0, 2), { type: 'disk' }] } },
  ],
  ['linux.namespaces', { ...others, linux: { namespaces: [{ type: 'pid' }, { type: 'pid' }] } }],
  ['linux.seccomp.defaultAction', { ...others, linux: { seccomp: { defaultAction: 'ALLOW' } } }],
  ['linux.resources.memory.limit', { ...others, linux: { resources: { memory: { limit: '1g' } } } }],
])('a bad one is refused with the path of the fault: %s', (path, configuration) => {
  const checked = checkConfiguration(JSON.stringify(configuration));
  expect(checked.ok ? [] : checked.faults.map((fault) => fault.path)).toEqual([path]);
});
