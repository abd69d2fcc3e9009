/** Images of containers: the archive that `docker save` writes, and the OCI image layout in an archive. */
import { gunzipSync } from 'fflate';
import { readTar } from './tar.ts';

export interface ImageConfiguration {
  readonly architecture: string;
  readonly os: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: readonly string[];
  readonly directory: string;
}
export interface Image {
  readonly configuration: ImageConfiguration;
  /** Archives of the layers, the lowest first, unpacked from gzip. */
  readonly layers: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

const MOST_LAYER_BYTES = 1 << 30;
const decoder = new TextDecoder();

type Json = Readonly<Record<string, unknown>>;
const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const texts = (value: unknown): string[] => list(value).filter((each) => typeof each === 'string');
const text = (value: unknown, otherwise = ''): string => (typeof value === 'string' ? value : otherwise);

/** Reads an image; a string says what is wrong with it. */
export function readImage(file: Uint8Array): Image | string {
  const archive = plain(file);
  if (typeof archive === 'string') return archive;
  const entries = readTar(archive);
  if (typeof entries === 'string') return entries;
  const files = new Map(
    entries.filter(({ kind }) => kind === 'file').map((e) => [e.path.replace(/^\.\//, ''), e.bytes]),
  );
  const named = files.has('manifest.json') ? saved(files) : layout(files);
  if (typeof named === 'string') return named;
  const config = files.get(named.config);
  if (!config) return `the configuration ${named.config} is not in the archive`;
  const parsed = json(config, named.config);
  if (typeof parsed === 'string') return parsed;
  const layers: { name: string; bytes: Uint8Array }[] = [];
  for (const name of named.layers) {
    const bytes = files.get(name);
    if (!bytes) return `the layer ${name} is not in the archive`;
    const unpacked = plain(bytes);
    if (typeof unpacked === 'string') return `${name}: ${unpacked}`;
    layers.push({ name, bytes: unpacked });
  }
  return { configuration: configurationOf(parsed), layers };
}

interface Named {
  readonly config: string;
  readonly layers: readonly string[];
}

function json(bytes: Uint8Array, name: string): Json | string {
  try {
    return { value: JSON.parse(decoder.decode(bytes)) as unknown };
  } catch {
    return `${name} is no JSON`;
  }
}

/** The first image of `docker save`. */
function saved(files: ReadonlyMap<string, Uint8Array>): Named | string {
  const manifest = json(files.get('manifest.json')!, 'manifest.json');
  if (typeof manifest === 'string') return manifest;
  const first = object(list(manifest['value'])[0]);
  const config = text(first['Config']);
  return config === '' ? 'manifest.json: [0].Config is missing' : { config, layers: texts(first['Layers']) };
}

const blob = (descriptor: unknown): string => `blobs/${text(object(descriptor)['digest']).replace(':', '/')}`;

/** The image for linux/386 of an OCI layout, or the only one. */
function layout(files: ReadonlyMap<string, Uint8Array>): Named | string {
  let path = 'index.json';
  for (let depth = 0; depth < 4; depth++) {
    const bytes = files.get(path);
    if (!bytes)
      return depth === 0
        ? 'neither manifest.json nor index.json is in the archive: no image'
        : `${path} is not in the archive`;
    const parsed = json(bytes, path);
    if (typeof parsed === 'string') return parsed;
    const manifest = object(parsed['value']);
    if (manifest['layers'] !== undefined)
      return { config: blob(manifest['config']), layers: list(manifest['layers']).map(blob) };
    const choices = list(manifest['manifests']);
    const fitting = choices.find((choice) => object(object(choice)['platform'])['architecture'] === '386');
    const chosen = fitting ?? choices[0];
    if (chosen === undefined) return `${path}: manifests is empty`;
    path = blob(chosen);
  }
  return 'its indexes lead to no manifest';
}

function configurationOf(parsed: Json): ImageConfiguration {
  const whole = object(parsed['value']);
  const config = object(whole['config']);
  return {
    architecture: text(whole['architecture'], '386'),
    os: text(whole['os'], 'linux'),
    entrypoint: texts(config['Entrypoint']),
    command: texts(config['Cmd']),
    environment: texts(config['Env']),
    directory: text(config['WorkingDir']) || '/',
  };
}

/** An archive without its compression. */
function plain(bytes: Uint8Array): Uint8Array | string {
  if (bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd)
    return 'it is compressed with zstd, which is not served: save it with gzip or without compression';
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const size = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).getUint32(0, true);
  if (size > MOST_LAYER_BYTES) return `it unpacks to ${size} bytes; at most ${MOST_LAYER_BYTES} are taken`;
  try {
    return gunzipSync(bytes);
  } catch {
    return 'the compressed data is damaged or truncated';
  }
}

/** Why this machine does not run the image, or null. */
export function misfit({ os, architecture }: ImageConfiguration): string | null {
  const here = os === 'linux' && architecture === '386';
  return here ? null : `the image is for ${os}/${architecture}; this machine runs linux/386`;
}
