/** The visitor's own image: opened with care, and run as the chapter's other containers are. */
import { fromBase64url, toBase64url } from '../../src/base/base64url.ts';
import type { Loaded, Setup } from '../../src/protocol/frame.ts';
import type { Opened } from '../../src/protocol/session.ts';
import { Unstartable } from '../../src/os/containers/host.ts';
import type { Isolation } from '../../src/os/containers/isolation.ts';
import { misfit, openImage, readImage, type Image } from '../../src/os/containers/oci/image.ts';
import { storeLayers } from '../../src/os/containers/oci/store.ts';
import { MemoryFileSystem } from '../../src/os/containers/files/tmpfs.ts';
import type { Model } from '../../src/machines/pc/models/classes.ts';
import { ContainerWorld } from '../../src/worlds/containers/world.ts';
import { dockerFiles, imageNote, notePath } from '../+shared/pc/docker-files.ts';
import { file as putFile, hostFiles } from '../+shared/pc/host-files.ts';

/** Programs that nobody here has seen need more room than the chapter's. */
const MEMORY = 128 << 20;
const LIMITS = { memory: 64 << 20, pids: 128, weight: 100 } as const;
const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const NAME = 'one';

interface Made {
  readonly loaded: Loaded;
  readonly world: ContainerWorld | null;
}

/** Reads an image and tries whether its layers can be unpacked. */
export function* open(file: Uint8Array): Generator<number, Opened> {
  const image = yield* openImage(file);
  const wrong = typeof image === 'string' ? image : complaintOf(image);
  if (wrong !== null || typeof image === 'string') return { ok: false, message: wrong ?? '' };
  const facts = image.layers.map(({ name, bytes }) => ({ name, bytes: bytes.length }));
  return { ok: true, image: toBase64url(file), facts };
}

function complaintOf(image: Image): string | null {
  const layers = misfit(image.configuration) ?? storeLayers(new MemoryFileSystem(1).root, image);
  return typeof layers === 'string' ? layers : null;
}

/** Without an image of the visitor's: the chapter's own programs, as one layer, with a shell. */
export function imageWorld({ image: text = '', seed }: Setup, isolation: Isolation, model: Model): Made {
  const host = hostFiles(text === '' ? [NAME] : [], dockerFiles());
  const make = (
    layers: readonly string[],
    start: Pick<Tenant, 'command' | 'environment' | 'directory'>,
  ): Made => {
    const tenant = { name: NAME, home: `/srv/${NAME}`, isolation, limits: LIMITS, layers, ...start };
    const common = { model, memory: MEMORY, root: host, hostCommand: ['/bin/sh'], seed };
    try {
      const world = new ContainerWorld({ ...common, tenants: [tenant], endsWithTenants: false });
      return { loaded: { ok: true, source: '', diagnostics: [] }, world };
    } catch (error) {
      if (!(error instanceof Unstartable)) throw error;
      return refused(error.message);
    }
  };
  if (text === '') return make([`/srv/${NAME}`], { command: ['/bin/sh'] });
  const file = fromBase64url(text);
  const image = file ? readImage(file) : 'the file is damaged';
  if (typeof image === 'string') return refused(image);
  const layers = misfit(image.configuration) ?? storeLayers(host.root, image);
  if (typeof layers === 'string') return refused(layers);
  const paths = layers.map(({ path }) => path);
  // For docker on the host's terminal, under a name of its own.
  putFile(
    host.root,
    notePath('dropped:latest'),
    imageNote(image.configuration, paths, 'd20bbed00001'),
    0o644,
  );
  const { entrypoint, command, environment, directory } = image.configuration;
  const whole = [...entrypoint, ...command];
  return make(paths, {
    command: whole.length > 0 ? whole : ['/bin/sh'],
    environment: environment.some((each) => each.startsWith('PATH=')) ? environment : [PATH, ...environment],
    directory,
  });
}

type Tenant = ConstructorParameters<typeof ContainerWorld>[0]['tenants'][number];

const refused = (message: string): Made => ({
  loaded: {
    ok: false,
    source: '',
    diagnostics: [{ severity: 'error', span: { file: 'image', line: 1, column: 1, endColumn: 2 }, message }],
  },
  world: null,
});
