/** docker and crun on the host's terminal: programs of the host that ask the kernel for processes, mounts and layers. */
import { describe, expect, test } from 'vitest';
import { DEFAULT_MODEL } from '../../../src/machines/pc/models.ts';
import { Walker } from '../../../src/os/containers/files/walk.ts';
import { standpointOf } from '../../../src/os/containers/process/exec.ts';
import { ContainerWorld, HOST_TERMINAL } from '../../../src/worlds/containers/world.ts';
import { dockerFiles } from './docker-files.ts';
import { hostFiles } from './host-files.ts';

/** A host with nobody but its own shell. */
class Console {
  readonly world = new ContainerWorld({
    ...{ model: DEFAULT_MODEL, memory: 16 << 20, hostCommand: ['/bin/sh'], tenants: [], seed: 1 },
    root: hostFiles([], dockerFiles()),
    endsWithTenants: false,
  });

  constructor() {
    this.until(0);
  }

  private get text(): string {
    return this.world.textOf(HOST_TERMINAL);
  }
  private until(length: number): void {
    for (let turns = 0; turns < 3000; turns++) {
      if (this.world.run(1e6).kind !== 'budget') return;
      if (this.text.length > length && this.text.endsWith('$ ')) return;
    }
    throw new Error(`no prompt: ${this.text.slice(-200)}`);
  }

  /** What a line answers, without the line and the prompt. */
  ask(line: string): string {
    const begins = this.text.length + line.length + 1;
    this.world.input({ kind: 'type', terminal: HOST_TERMINAL, text: line });
    this.until(begins);
    return this.text.slice(begins, -2);
  }

  /** Whether the host has something at a path. */
  has(path: string): boolean {
    const at = standpointOf(this.world.kernel.rootPids.init!);
    return new Walker(at).target(path, { follow: false }).place !== null;
  }
}

describe('docker', () => {
  test('runs a program as process 1 among its own names, and answers with its exit status', () => {
    const host = new Console();
    const text = host.ask(
      'docker --debug run --name box -m 2m --pids-limit 8 base sh -c "hostname; ps; exit 3"',
    );
    expect(text).toContain('docker: crun create -b /var/lib/docker/containers/box box\n');
    expect(text).toContain('crun: box/memory.max = 2097152\n');
    expect(text).toContain('crun: clone, new: mnt uts ipc net pid\n');
    expect(text).toMatch(/^box\n +PID.*\n +1 +0 .* sh\n +3 +1 .* ps\n$/m);
    expect(host.ask('echo $?')).toBe('3\n');
    expect(host.ask('docker ps')).not.toContain('box');
    expect(host.ask('docker ps -a')).toMatch(/base:latest .* Exited \(3\) .* box\n/);
    // Nothing of it is left but what it has changed.
    expect(host.world.kernel.rootPids.processes).toHaveLength(1);
    expect(host.world.kernel.rootGroup.children.size).toBe(0);
    expect(host.ask('mount')).not.toContain('overlay');
  });

  test('leaves one running, enters it, reads what it writes, and ends it', () => {
    const host = new Console();
    host.ask('docker run -d --name web -m 1m -v data:/data base sh -c "echo begun; sleep 1000000"');
    expect(host.ask('docker ps')).toMatch(/ Up +web\n/);
    const [group] = [...host.world.kernel.rootGroup.children.values()];
    expect([group!.name, group!.memoryMax, group!.pids]).toEqual(['web', 1 << 20, 2]);
    const many = Array.from({ length: 30 }, (_, k) => `w${k}`).join(' ');
    expect(host.ask(`docker exec web echo ${many}`)).toBe(`${many}\n`);
    expect(host.ask('docker exec web ps')).toMatch(/ 1 +0 S .* sh\n.* sleep\n.* ps\n$/);
    expect(host.ask('docker exec web sh -c "echo kept > /data/file; hostname"')).toBe('web\n');
    expect(host.ask('docker stats')).toMatch(/^web .* kB \/ 1024 kB +2$/m);
    expect(host.ask('docker pause web')).toBe('web\n');
    expect(group!.isFrozen).toBe(true);
    host.ask('docker unpause web');
    expect(host.ask('docker logs web')).toBe('begun\n');
    // A shell that is process 1 has no handler for TERM: it is killed after a while.
    host.ask('docker stop web');
    expect(host.ask('docker ps -a')).toMatch(/ Exited \(137\) /);
    host.ask('docker rm web');
    expect(host.has('/var/lib/docker/overlay2/web')).toBe(false);
    expect(
      host.ask('docker run --rm -v data:/old:ro base sh -c "cat /old/file; echo x > /old/file"'),
    ).toMatch(/^kept\nsh: \/old\/file: .*\(30\)\n$/);
  });

  test('makes layers of what containers change: by commit, and line by line of a Dockerfile', () => {
    const host = new Console();
    host.ask('docker run --name box base sh -c "rm /bin/wc; mkdir /new; echo more > /new/file"');
    expect(host.ask('docker diff box').split('\n').sort().join(' ')).toBe(
      ' A /new A /new/file C /bin D /bin/wc',
    );
    host.ask('docker commit box changed');
    host.ask('docker rm box');
    expect(host.ask('docker run --rm changed sh -c "cat /new/file; wc"')).toMatch(
      /^more\nsh: wc: no such file/,
    );
    const text = host.ask('docker build -t site /demo');
    expect(text).toMatch(/^Step 3 : RUN mkdir \/site\n ---> Running in [0-9a-f]{12}\nStep 4 : COPY/m);
    expect(host.ask('docker run --rm site')).toBe('built here, layer by layer\n');
    expect(host.ask('docker images')).toMatch(/^base .* 1 .*\nchanged .* 2 .*\nsite .* 3 /m);
    expect(host.ask('docker build -t bad /')).toContain('/Dockerfile: no such file');
  });

  test('says what is wrong: images, options, programs and sizes that are not there', () => {
    const host = new Console();
    expect(host.ask('docker run none')).toBe(
      'docker: none is no image that is kept here; docker images lists them\n',
    );
    expect(host.ask('docker run --nmae x base')).toBe('docker: --nmae is no option that is known here\n');
    expect(host.ask('docker run -m much base')).toBe('docker: much is no size such as 64m\n');
    expect(host.ask('docker run --rm base nothing')).toBe('crun: nothing: no such file or directory (2)\n');
    expect(host.ask('docker run --rm --network bridge base')).toContain('docker: bridge is no network');
    expect(host.ask('docker run --rm --network none base echo alone')).toBe('alone\n');
    expect(host.ask('docker logs none')).toBe('docker: none is no container; docker ps -a lists them\n');
  });
});

describe('crun', () => {
  const HOOKS = [
    ...['poststop', 'poststart', 'startContainer'],
    ...['createContainer', 'createRuntime', 'prestart'],
  ];
  const CONFIGURATION =
    '{ "ociVersion": "1.2.0", "root": { "path": "/srv" }, "process": { "cwd": "/", "args": ["/bin/sh", "-c", "hostname"] }, "hostname": "byhand", ' +
    `"hooks": { ${HOOKS.map(
      (kind) => `"${kind}": [{ "path": "/bin/sh", "args": ["sh", "-c", "echo ${kind}; cat"] }]`,
    ).join(', ')} }, ` +
    '"linux": { "namespaces": [{ "type": "uts" }, { "type": "mount" }, { "type": "pid" }] } }';

  /** The hooks that have run, each with the status in the state that it was given; the first process must be in it. */
  const hooksIn = (text: string): string[] =>
    [...text.matchAll(/^(\w+)\n\{[^}]*"id": "one",[^}]*"status": "(\w+)",\s+"pid": (\d+),/gm)].map(
      ([, kind, status, pid]) => `${kind} ${status}${Number(pid) > 1 ? '' : ` ${pid}`}`,
    );

  test('goes through the states of a container by hand, with the hooks of its bundle', () => {
    const host = new Console();
    host.ask(
      'mkdir /bundle; mkdir /srv; mkdir /srv/bin; cp /bin/sh /srv/bin/sh; cp /bin/cat /srv/bin/cat; cp /bin/echo /srv/bin/echo; cp /bin/hostname /srv/bin/hostname',
    );
    host.ask(`echo '${CONFIGURATION}' > /bundle/config.json`);
    expect(hooksIn(host.ask('crun create -b /bundle one'))).toEqual([
      'prestart creating',
      'createRuntime creating',
      'createContainer creating',
    ]);
    expect(host.ask('crun state one')).toContain('"status": "created"');
    expect(host.ask('crun create -b /bundle one')).toBe('crun: one: there is such a container\n');
    const started = host.ask('crun start one; sleep 1');
    expect(started).toContain('byhand\n');
    expect(hooksIn(started)).toEqual(['startContainer created', 'poststart running']);
    expect(host.ask('crun state one')).toContain('"status": "stopped"');
    expect(host.ask('crun start one')).toBe('crun: one is stopped\n');
    expect(hooksIn(host.ask('crun delete one'))).toEqual(['poststop stopped']);
    expect(host.ask('crun state one')).toBe('crun: one: there is no such container\n');
  });
});
