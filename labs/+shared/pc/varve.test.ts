import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { digest, guestFingerprint, built, manifestFile } from '../../../src/build/guest-sources.mjs';
import { at } from '../../../src/build/paths.mjs';
import type { Pc } from '../../../src/machines/pc/machine.ts';
import { makeDisk } from './disk.ts';
import { boot, bootAndRun, exitOf, runUntil, serialOf, talk } from './testing.ts';
import { PROGRAM_NAMES, systemFiles, varveDisk, varveProgram } from './varve.ts';
import { commandLine, WORKLOADS } from './workloads.ts';

interface Manifest {
  readonly sources: string;
  readonly images: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}
const manifest = JSON.parse(readFileSync(at(manifestFile), 'utf8')) as Manifest;

/** STRATA_LONG=1 takes the time for what is too long for every day. */
const LONG = process.env['STRATA_LONG'] === '1';
const PATIENCE = LONG ? 1_800_000 : 60_000;

describe('the built images', () => {
  test('are made of the sources beside them (if not: npm run guests)', () => {
    expect(manifest.sources).toBe(guestFingerprint());
  });

  test('are what was built', () => {
    for (const [name, { sha256 }] of Object.entries(manifest.images))
      expect(digest(readFileSync(at(`${built}/${name}`))), name).toBe(sha256);
  });

  test('hold every program of the lab', () => {
    const tools = ['sh', 'ls', 'cat', 'echo', 'cp', 'mkdir', 'rm', 'ps', 'wc', 'selftest', 'fuzz'];
    expect(PROGRAM_NAMES).toEqual([...tools, ...WORKLOADS.map(({ name }) => name)].sort());
  });
});

const portAccesses = (pc: Pc): number =>
  Object.values(pc.chipset.bus.tallies).reduce((sum, { reads, writes }) => sum + reads + writes, 0);

/** Linux runs the same files, where the processor and the kernel take programs for the 386. */
const onLinux = (name: string) =>
  spawnSync(at(`${built}/programs/${name}.elf`), [], { encoding: 'utf8', cwd: tmpdir(), timeout: 60_000 });

describe.skipIf(onLinux('echo').status !== 0)('Linux', () => {
  // Its /dev/port is for root alone, and a disk of Varve has no other /src.
  const portable = WORKLOADS.filter(({ name }) => name !== 'portio' && name !== 'compile');
  test.each(portable)('prints the same line of $name', ({ name, expect: line }) => {
    expect(onLinux(name)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(line) as string,
    });
  });
});

const QEMU = 'qemu-system-i386';

describe.skipIf(spawnSync(QEMU, ['--version']).status !== 0)('QEMU', () => {
  test.each([
    ['selftest', ['20'], ['-drive', 'if=ide'], /^selftest: 54 passed, 0 failed$/m],
    [
      'io',
      [],
      ['-device', 'virtio-blk-pci,drive=disk,disable-modern=on', '-drive', 'if=none'],
      /^io: .*ok$/m,
    ],
  ] as const)('boots the same image, and %s passes', (program, words, drive, expected) => {
    const folder = mkdtempSync(join(tmpdir(), 'varve-'));
    const disk = join(folder, 'disk.img');
    writeFileSync(disk, varveDisk());
    const append = commandLine(program, words);
    // Its clock counts instructions, so that a busy machine does not make the guest late, but goes on in real time while
    // the guest waits: a disk does too, and would be given up in no time. A virtio disk takes real time throughout.
    const clock = program === 'io' ? [] : ['-icount', 'shift=3,sleep=on'];
    const devices = ['-device', 'isa-debug-exit,iobase=0xf4,iosize=1', '-cpu', 'pentium3', ...clock];
    const { status, stdout } = spawnSync(
      QEMU,
      [
        ...['-kernel', at(`${built}/varve.elf`), '-append', append, '-m', '16', ...devices],
        ...[
          ...drive.slice(0, -1),
          `file=${disk},format=raw,id=disk,${drive.at(-1)}`,
          '-display',
          'none',
          '-nodefaults',
          '-serial',
          'stdio',
        ],
      ],
      { encoding: 'utf8', timeout: 60_000, input: '' },
    );
    rmSync(folder, { recursive: true });
    expect(stdout.match(/^FAIL.*$/gm)).toBeNull();
    expect(status).toBe(1);
    expect(stdout.replaceAll('\r', '')).toMatch(expected);
  });
});

describe('Varve on the PC', () => {
  test.each(WORKLOADS)('$name prints its verified line', ({ name, arguments: words, expect: line }) => {
    const { stop, serial } = bootAndRun({ append: commandLine(name, words) });
    expect(serial).toMatch(line);
    expect(stop).toEqual(exitOf(0));
  });

  test(
    'passes its own test',
    () => {
      const { stop, serial } = bootAndRun({ append: commandLine('selftest', [LONG ? '10000' : '60']) });
      expect(serial.match(/^FAIL.*$/gm)).toBeNull();
      expect(serial).toMatch(/^selftest: 54 passed, 0 failed$/m);
      expect(stop).toEqual(exitOf(0));
    },
    PATIENCE,
  );

  test(
    'lives through system calls drawn by lot',
    () => {
      const { stop, serial } = bootAndRun({ append: commandLine('fuzz', LONG ? ['500', '7'] : ['8', '1']) });
      expect(serial).toMatch(/^fuzz: \d+ processes of 500 calls: ok$/m);
      expect(stop).toEqual(exitOf(0));
    },
    PATIENCE,
  );

  test('reaches its shell within half a million instructions', () => {
    const pc = boot({ append: '' });
    runUntil(pc, '\n$ ');
    expect(pc.instructions).toBeLessThan(5e5);
  });

  test('sends datagrams to itself, and says so when nobody answers', () => {
    expect(bootAndRun({ append: commandLine('net') }).serial).toMatch(/^net: 50 .* 50 echoed: ok$/m);
    const { serial } = bootAndRun({ append: commandLine('net', ['10.0.2.77']) });
    expect(serial).toContain('net: 10.0.2.77: no answer from that address (113)');
  });

  test('finds nothing wrong with the machine it was built for', () => {
    const { serial } = bootAndRun({ append: commandLine('echo') });
    expect(serial).toContain('PUSHF after CLI: interrupt flag    00000000');
    expect(serial).not.toContain('WRONG');
  });

  test('has a shell with pipes, redirection and a background', () => {
    const pc = boot({ append: 'console=serial' });
    const answers = talk(pc, [
      'cat /etc/motd | wc',
      'echo one >/tmp/x; echo two >>/tmp/x; wc </tmp/x',
      'nothing; echo $?',
      'idle 1 &',
      'cd /tmp; ls',
      "cd /; wc /bin/f*w??t /etc/mo*; echo 'm*' n*",
    ]);
    expect(answers[0]).toMatch(/ 1 +\d+ +\d+/);
    expect(answers[1]).toMatch(/ 2 +2 +8/);
    expect(answers[2]).toContain('sh: nothing: no such file or directory (2)\n127');
    expect(answers[3]).toMatch(/\[\d+\]/);
    expect(answers[4]).toContain('\nx');
    expect(answers[5]).toMatch(/ \/bin\/forkwait\n.* \/etc\/motd\n.* total\nm\* n\*$/);
  });

  test('ends what runs in the foreground at ^C, and not the shell', () => {
    const pc = boot({ append: 'console=serial' });
    runUntil(pc, '\n$ ');
    pc.chipset.com1.type('cat\nstill here\n');
    runUntil(pc, 'still here\nstill here\n');
    pc.chipset.com1.type('\x03');
    runUntil(pc, '^C\n$ ');
    pc.chipset.com1.type('echo $?; exit 5\n');
    expect(runUntil(pc)).toEqual(exitOf(5));
    expect(serialOf(pc)).toContain('\n130\n');
  });

  test('shows itself on the screen and takes keys', () => {
    const pc = boot({ append: 'console=vga' });
    pc.run(2e8);
    expect(serialOf(pc)).toBe('');
    pc.chipset.keyboard.type('echo Typed_on_keys; exit\n');
    expect(runUntil(pc)).toEqual(exitOf(0));
    expect(pc.chipset.vga.screen().lines.join('\n')).toMatch(/^Typed_on_keys/m);
  });

  test('lets the disk controller or the disk move the data, which costs fewer accesses to ports', () => {
    const [byProcessor, byController] = ['', 'disk=dma '].map((option) =>
      bootAndRun({ append: option + commandLine('io') }),
    );
    const byDisk = bootAndRun({ append: commandLine('io'), diskBy: 'virtio' });
    expect(byDisk.serial).toContain('disk: virtio disk');
    expect(byDisk.serial).toMatch(/^io: .* ok$/m);
    expect(Buffer.compare(byDisk.disk!, byController!.disk!)).toBe(0);
    expect(portAccesses(byDisk.pc)).toBeLessThan(portAccesses(byController!.pc) / 2);
    expect(byController!.serial).toContain('disk: ATA disk by DMA');
    expect(byController!.serial).toMatch(/^io: .* ok$/m);
    expect(byController!.disk).toHaveLength(byProcessor!.disk!.length);
    expect(portAccesses(byController!.pc)).toBeLessThan(portAccesses(byProcessor!.pc) / 20);
  });

  test('runs from a disk that the boot loader brought as a module, in 4 MB more than that', () => {
    const { serial } = bootAndRun({
      append: commandLine('cat', ['/etc/motd']),
      disk: null,
      module: varveDisk([], { kilobytes: 2048 }),
      memory: 6 << 20,
    });
    expect(serial).toContain('disk: boot module, 2048 KB');
    expect(serial).toContain('Welcome to Varve.');
  });
});

describe('disks', () => {
  test('keep what was written when the machine is switched off', () => {
    const first = bootAndRun({ append: commandLine('cp', ['/bin/sh', '/tmp/copy']) });
    const second = bootAndRun({ append: commandLine('wc', ['/tmp/copy']), disk: first.disk });
    expect(second.serial).toContain(` ${varveProgram('sh').length} /tmp/copy`);
    expect(second.serial).not.toContain('was not shut down');
  });

  test('are checked after the power was cut, and lose no file that had been closed', () => {
    const pc = boot({ append: 'console=serial' });
    talk(pc, ['cp /bin/sh /tmp/copy']);
    const { serial } = bootAndRun({
      append: commandLine('wc', ['/tmp/copy']),
      disk: pc.chipset.disks[0]!.contents(),
    });
    expect(serial).toContain('varve: disk: was not shut down in order; checked');
    expect(serial).toContain(` ${varveProgram('sh').length} /tmp/copy`);
  });

  test('that are missing get a message', () => {
    const { stop, serial } = bootAndRun({ append: commandLine('echo'), disk: null });
    expect(serial).toContain('varve: no disk: give the machine one on the first ATA channel');
    expect(stop).toEqual(exitOf(1));
  });

  test('that are full get a message, and everything lives', () => {
    const disk = varveDisk([], { kilobytes: 512 });
    const { stop, serial } = bootAndRun({ append: commandLine('io'), disk });
    expect(serial).toContain('io: io.tmp: no space left on the disk (28)');
    expect(stop).toEqual(exitOf(1));
    expect(serial).not.toContain('panic');
  });

  test('that are not of Varve get a message', () => {
    const { stop, serial } = bootAndRun({
      append: commandLine('echo'),
      disk: new Uint8Array(1 << 20).fill(0x5a),
    });
    expect(serial).toContain('this is not a disk of Varve');
    expect(stop).toEqual(exitOf(1));
  });

  test('with a damaged inode are read as far as they can be, and not written', () => {
    const disk = varveDisk();
    disk[4096 + 256 * 5 + 4]! ^= 0x10; // the size of the fifth file
    const pc = boot({ append: 'console=serial', disk });
    const [answer] = talk(pc, ['echo x >/tmp/x']);
    expect(serialOf(pc)).toContain('varve: disk: inode 5 is damaged: its checksum is wrong');
    expect(answer).toContain('sh: /tmp/x: the disk may only be read (30)');
  });

  test(
    'with any damage never bring the kernel down',
    () => {
      const good = varveDisk();
      let seed = 1;
      for (let trial = 0; trial < (LONG ? 200 : 10); trial++) {
        const disk = good.slice();
        for (let k = 0; k < 12; k++) {
          seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
          // Superblock, inodes, and what comes first behind them: directories and programs.
          disk[(seed >>> 8) % 90_000] = seed & 0xff;
        }
        const { stop, serial } = bootAndRun({ append: commandLine('ls', ['-l', '/bin', '/src']), disk });
        expect(serial, `trial ${trial}`).not.toContain('panic');
        expect(stop.kind, `trial ${trial}`).toBe('exit');
      }
    },
    PATIENCE,
  );

  test('are made the same way every time, and refuse what does not fit', () => {
    expect(digest(Buffer.from(varveDisk()))).toBe(digest(Buffer.from(makeDisk(systemFiles()))));
    expect(() => varveDisk([], { kilobytes: 128 })).toThrow('too small for its files');
    expect(() => makeDisk([{ path: `/${'x'.repeat(60)}`, device: 1 }])).toThrow('at most 59 characters');
  });
});
