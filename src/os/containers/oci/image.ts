/** Images of containers: the archive that `docker save` writes, and the OCI image layout in an archive. */
import { finish, plain, type Progressing } from './gunzip.ts';
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

/** What all layers together may unpack to, and how many there may be: Docker takes 127. */
const MOST_BYTES = 1 << 29;
const MOST_LAYERS = 127;
const decoder = new TextDecoder();

type Json = Readonly<Record<string, unknown>>;
const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const texts = (value: unknown): string[] => list(value).filter((each) => typeof each === 'string');
const text = (value: unknown, otherwise = ''): string => (typeof value === 'string' ? value : otherwise);

/** Reads an image; a string says what is wrong with it. */
export const readImage = (file: Uint8Array): Image | string => finish(openImage(file));

/** The same step by step. The archive itself is the first tenth of the way, its layers are the rest. */
export function* openImage(file: Uint8Array): Progressing<Image> {
  const archive = yield* part(plain(file, MOST_BYTES), 0, 0.1);
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
  const layers = yield* layersOf(named.layers, files);
  return typeof layers === 'string' ? layers : { configuration: configurationOf(parsed), layers };
}

function* layersOf(
  names: readonly string[],
  files: ReadonlyMap<string, Uint8Array>,
): Progressing<Image['layers']> {
  if (names.length > MOST_LAYERS) return `it has ${names.length} layers; at most ${MOST_LAYERS} are taken`;
  const layers: { name: string; bytes: Uint8Array }[] = [];
  let left = MOST_BYTES;
  for (const [k, name] of names.entries()) {
    const bytes = files.get(name);
    if (!bytes) return `the layer ${name} is not in the archive`;
    const share = 0.9 / names.length;
    const unpacked = yield* part(plain(bytes, left), 0.1 + k * share, share);
    if (typeof unpacked === 'string') return `${name}: ${unpacked}`;
    left -= unpacked.length;
    layers.push({ name, bytes: unpacked });
  }
  return layers;
}

/** Work that is a part of a longer way: from `begins` on, `share` long. */
function* part<Result>(work: Progressing<Result>, begins: number, share: number): Progressing<Result> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    yield begins + share * value;
  }
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

/** Why this machine does not run the image, or null. */
export function misfit({ os, architecture }: ImageConfiguration): string | null {
  const here = os === 'linux' && architecture === '386';
  return here ? null : `the image is for ${os}/${architecture}; this machine runs linux/386`;
}
