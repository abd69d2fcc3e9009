/** What a host needs to run containers by command: docker, crun beneath it, and an image to begin with. */
import { STORE } from '../../../src/os/containers/files/overlay-root.ts';
import type { ImageConfiguration } from '../../../src/os/containers/oci/image.ts';
import { HOST_TOOLS, tools } from './tools.ts';
import { programs } from './host-files.ts';

const IMAGES = '/var/lib/docker/image';
const BASE_LAYER = `${STORE}/base/diff`;

/** The note that docker keeps of an image: as `labs/+shared/pc/tools/docker/images.c` reads it. */
export function imageNote(
  configuration: Pick<ImageConfiguration, 'environment' | 'command' | 'entrypoint' | 'directory'>,
  layers: readonly string[],
  id: string,
): string {
  const { environment, command, entrypoint, directory } = configuration;
  const Config = { Env: environment, Cmd: command, Entrypoint: entrypoint, WorkingDir: directory };
  return `${JSON.stringify({ Id: id, Config, Layers: layers }, null, 2)}\n`;
}

/** Where the note of an image lies. @param name with its tag; slashes may not stand in a name of a file */
export const notePath = (name: string): string => `${IMAGES}/${name.replaceAll('/', '+')}`;

/** A Dockerfile to try, and what it copies. */
const DEMO = {
  '/demo/Dockerfile':
    'FROM base\nENV GREETING=hello\nRUN mkdir /site\nCOPY page.txt /site/\nWORKDIR /site\nCMD ["cat", "page.txt"]\n',
  '/demo/page.txt': 'built here, layer by layer\n',
};

/** Files of the host by path, for `hostFiles`. */
export function dockerFiles(): Readonly<Record<string, string | Uint8Array>> {
  const base = { environment: ['PATH=/bin'], command: ['sh'], entrypoint: [], directory: '/' };
  const commands = [...tools()].filter(([name]) => HOST_TOOLS.has(name));
  return {
    ...Object.fromEntries(commands.map(([name, bytes]) => [`/bin/${name}`, bytes])),
    ...Object.fromEntries(programs().map(([name, bytes]) => [`${BASE_LAYER}/bin/${name}`, bytes])),
    [`${BASE_LAYER}/etc/passwd`]: 'root:x:0:0:root:/:/bin/sh\n',
    [notePath('base:latest')]: imageNote(base, [BASE_LAYER], 'ba5e00000001'),
    ...DEMO,
  };
}
