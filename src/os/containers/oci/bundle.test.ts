/** Containers as runtime configurations describe them: what is asked for holds, and what is not served is told. */
import { expect, test } from 'vitest';
import { hostFiles } from '../../../../labs/+shared/pc/host-files.ts';
import { Pc } from '../../../machines/pc/machine.ts';
import { NativePc } from '../../../machines/pc/native-system.ts';
import { startBundle } from './bundle.ts';
import { HostReader, HostWriter } from '../files/host-stream.ts';
import { Kernel } from '../kernel.ts';
import { compile } from './seccomp-profile.ts';
import { checkConfiguration } from './runtime-spec.ts';
import { readFilter, runFilter } from '../process/seccomp.ts';

function ran(script: string, more: object): { readonly text: string; readonly left: readonly string[] } {
  const checked = checkConfiguration(
    JSON.stringify({
      ...{ ociVersion: '1.2.0', root: { path: 'rootfs' }, hostname: 'pebble' },
      process: { cwd: '/', args: ['/bin/sh', '/script'], env: ['PATH=/bin'] },
      ...more,
    }),
  );
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults));
  const pc = new Pc({ memory: 16 << 20 });
  const kernel = new Kernel(new NativePc(pc.cpu), { frequency: pc.cpu.model.frequency });
  let text = '';
  const print = (bytes: Uint8Array): void => void (text += new TextDecoder().decode(bytes));
  const input = { read: () => new Uint8Array(), waits: false };
  const { root } = hostFiles([], { '/script': script, '/etc/secret': 'secret\n' });
  const started = startBundle(kernel, {
    ...{ configuration: checked.configuration, root, name: 'one' },
    files: [new HostReader(input), new HostWriter(print), new HostWriter(print)],
  });
  if (typeof started === 'string') throw new Error(started);
  let over = false;
  kernel.onOrphanEnd = () => {
    over = true;
    pc.pause('ended');
  };
  kernel.start();
  while (!over && pc.clock < 1e9) pc.run(1e9 - pc.clock);
  return { text, left: started.left };
}

const namespaces = ['pid', 'mount', 'uts', 'ipc', 'network', 'cgroup'].map((type) => ({ type }));
const proc = { destination: '/proc', type: 'proc' };

test('name, mounts, identity and rights are the configuration’s', () => {
  const { text, left } = ran('hostname\nps | wc\nid\ncat /etc/secret\necho x > /tmp/new\n', {
    root: { path: 'rootfs', readonly: true },
    mounts: [
      proc,
      { destination: '/tmp', type: 'tmpfs', options: ['nosuid', 'mode=1777'] },
      { destination: '/sys', type: 'sysfs' },
    ],
    linux: { namespaces, maskedPaths: ['/etc/secret'], readonlyPaths: ['/tmp'] },
    process: {
      ...{ cwd: '/', args: ['/bin/sh', '/script'], env: ['PATH=/bin'], user: { uid: 5, gid: 6 } },
      capabilities: { bounding: ['CAP_KILL'] },
    },
  });
  expect(text).toMatch(/^pebble$/m);
  expect(text).toMatch(/^uid=5 gid=6$/m);
  expect(text).toMatch(/CapEff:\t0{16}/);
  expect(text).not.toContain('secret\n');
  expect(text).toMatch(/\/tmp\/new: /);
  expect(left).toEqual(['mounts, /sys: sysfs is not served']);
});

test('limits hold, a filter answers, and hooks are told to be left out', () => {
  const { text, left } = ran('bomb\nhostname other\nhostname\n', {
    ...{ mounts: [proc], hooks: { poststop: [{ path: '/bin/true' }] } },
    linux: {
      namespaces,
      resources: { pids: { limit: 5 }, memory: { limit: 1 << 20 } },
      seccomp: {
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [{ names: ['sethostname', 'unheard_of'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 }],
      },
    },
    process: {
      ...{ cwd: '/', args: ['/bin/sh', '/script'], env: ['PATH=/bin'] },
      capabilities: { bounding: ['CAP_SYS_ADMIN'] },
    },
  });
  expect(text).toContain('bomb: refused after 3:');
  expect(text).toMatch(/hostname: other: .*\(38\)/);
  expect(text).toMatch(/^pebble$/m);
  expect(left).toEqual(['hooks.poststop: there is no host here that could run them']);
});

test('a filter compares arguments as its rules say, and the first rule that fits counts', () => {
  const rule = (op: string, value: number, valueTwo?: number) => ({
    ...{ names: ['kill'], action: 'SCMP_ACT_ALLOW' },
    args: [{ index: 1, value, op, ...(valueTwo !== undefined && { valueTwo }) }],
  });
  const allowed = (...rules: readonly object[]): readonly number[] => {
    const configuration = {
      ociVersion: '1.2.0',
      linux: { seccomp: { defaultAction: 'SCMP_ACT_ERRNO', syscalls: rules } },
    };
    const checked = checkConfiguration(JSON.stringify(configuration));
    if (!checked.ok) throw new Error(JSON.stringify(checked.faults));
    const filter = readFilter(compile(checked.configuration.linux!.seccomp!, new Map([['kill', 37]])));
    const at = (value: number): number => runFilter(filter, 37, 0, Int32Array.of(0, value, 0, 0, 0, 0));
    expect(runFilter(filter, 4, 0, new Int32Array(6))).toBe(0x50001);
    return [0, 7, 8, 9, 15, 24].filter((value) => at(value) === 0x7fff0000);
  };
  expect(allowed(rule('SCMP_CMP_EQ', 8))).toEqual([8]);
  expect(allowed(rule('SCMP_CMP_NE', 8))).toEqual([0, 7, 9, 15, 24]);
  expect(allowed(rule('SCMP_CMP_LT', 8))).toEqual([0, 7]);
  expect(allowed(rule('SCMP_CMP_LE', 8))).toEqual([0, 7, 8]);
  expect(allowed(rule('SCMP_CMP_GE', 9))).toEqual([9, 15, 24]);
  expect(allowed(rule('SCMP_CMP_GT', 9))).toEqual([15, 24]);
  expect(allowed(rule('SCMP_CMP_MASKED_EQ', 8, 8))).toEqual([8, 9, 15, 24]);
  expect(allowed(rule('SCMP_CMP_EQ', 0), rule('SCMP_CMP_EQ', 24))).toEqual([0, 24]);
});
