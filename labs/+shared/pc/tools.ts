/** Programs for namespaces, mounts and limits, ready to run: they need Linux, or the container kernel of the lab. */
import { bytesOf } from './varve.ts';

const TOOLS = import.meta.glob<string>('./built/tools/*.elf', {
  query: '?url&inline',
  import: 'default',
  eager: true,
});

/** Those that only a host has. */
export const HOST_TOOLS: ReadonlySet<string> = new Set(['docker', 'crun']);

/** By name, as they stand in /bin. */
export const tools = (): ReadonlyMap<string, Uint8Array> =>
  new Map(
    Object.entries(TOOLS).map(([path, address]) => [/([^/]+)\.elf$/.exec(path)![1]!, bytesOf(address)]),
  );
