/**
 * The configuration that a runtime is given, `config.json`, as the OCI runtime specification 1.2 and its JSON schema
 * have it: config.md, config-linux.md, schema/config-schema.json. Properties that it does not name are passed over, as
 * "Extensibility" demands.
 */
import { z } from 'zod';

const text = z.string();
const absolute = z.string().regex(/^\//, 'must be an absolute path');
const whole = z.int();
const natural = z.int().min(0);
const id = z.int().min(0).max(0xffffffff);
const texts = z.array(text);
const differ = (list: readonly { readonly type: string }[]): boolean =>
  new Set(list.map(({ type }) => type)).size === list.length;
const RLIMIT = /^RLIMIT_[A-Z]+$/;
const SEMANTIC_VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

const hook = z.object({
  path: absolute,
  args: texts.optional(),
  env: texts.optional(),
  timeout: z.int().min(1).optional(),
});

const rlimit = z.object({
  type: z.string().regex(RLIMIT, 'must begin with RLIMIT_'),
  soft: natural,
  hard: natural,
});

const capabilities = z.object({
  bounding: texts.optional(),
  permitted: texts.optional(),
  effective: texts.optional(),
  inheritable: texts.optional(),
  ambient: texts.optional(),
});

const process = z.object({
  args: texts.min(1).optional(),
  commandLine: text.optional(),
  consoleSize: z.object({ height: natural, width: natural }).optional(),
  cwd: absolute,
  env: texts.optional(),
  terminal: z.boolean().optional(),
  user: z
    .object({
      uid: id.optional(),
      gid: id.optional(),
      umask: id.optional(),
      additionalGids: z.array(id).optional(),
    })
    .optional(),
  capabilities: capabilities.optional(),
  apparmorProfile: text.optional(),
  oomScoreAdj: z.int().min(-1000).max(1000).optional(),
  selinuxLabel: text.optional(),
  ioPriority: z
    .object({
      class: z.enum(['IOPRIO_CLASS_RT', 'IOPRIO_CLASS_BE', 'IOPRIO_CLASS_IDLE']),
      priority: z.int().min(0).max(7).optional(),
    })
    .optional(),
  noNewPrivileges: z.boolean().optional(),
  rlimits: z.array(rlimit).refine(differ, 'names one limit twice').optional(),
});

const mount = z.object({
  destination: text.min(1),
  source: text.optional(),
  type: text.optional(),
  options: texts.optional(),
});

const idMap = z.object({ containerID: id, hostID: id, size: id });
const deviceType = z.enum(['a', 'b', 'c', 'u', 'p']);
const NAMESPACES = ['mount', 'pid', 'network', 'uts', 'ipc', 'user', 'cgroup', 'time'] as const;

const resources = z.object({
  unified: z.record(text, text).optional(),
  devices: z
    .array(
      z.object({
        allow: z.boolean(),
        type: z.enum(['a', 'b', 'c']).optional(),
        major: whole.optional(),
        minor: whole.optional(),
        access: z
          .string()
          .regex(/^[rwm]+$/, 'may have r, w and m')
          .optional(),
      }),
    )
    .optional(),
  pids: z.object({ limit: whole }).optional(),
  memory: z
    .object({
      limit: whole.optional(),
      reservation: whole.optional(),
      swap: whole.optional(),
      kernel: whole.optional(),
      kernelTCP: whole.optional(),
      swappiness: z.int().min(0).max(100).optional(),
      disableOOMKiller: z.boolean().optional(),
      useHierarchy: z.boolean().optional(),
      checkBeforeUpdate: z.boolean().optional(),
    })
    .optional(),
  cpu: z
    .object({
      shares: natural.optional(),
      quota: whole.optional(),
      burst: natural.optional(),
      period: natural.optional(),
      realtimePeriod: natural.optional(),
      realtimeRuntime: whole.optional(),
      cpus: text.optional(),
      mems: text.optional(),
      idle: whole.optional(),
    })
    .optional(),
  blockIO: z
    .object({ weight: z.int().min(0).max(0xffff).optional(), leafWeight: natural.optional() })
    .optional(),
  hugepageLimits: z
    .array(
      z.object({ pageSize: z.string().regex(/^[1-9]\d*[KMG]B$/, 'is a size such as 2MB'), limit: natural }),
    )
    .optional(),
  network: z
    .object({
      classID: id.optional(),
      priorities: z.array(z.object({ name: text, priority: id })).optional(),
    })
    .optional(),
});

/** Actions of a filter, and operators of its comparisons. config-linux.md, "Seccomp". */
const action = z.enum([
  ...(['SCMP_ACT_KILL', 'SCMP_ACT_KILL_PROCESS', 'SCMP_ACT_KILL_THREAD', 'SCMP_ACT_TRAP'] as const),
  ...(['SCMP_ACT_ERRNO', 'SCMP_ACT_TRACE', 'SCMP_ACT_ALLOW', 'SCMP_ACT_LOG', 'SCMP_ACT_NOTIFY'] as const),
]);
const operator = z.enum([
  ...(['SCMP_CMP_NE', 'SCMP_CMP_LT', 'SCMP_CMP_LE', 'SCMP_CMP_EQ'] as const),
  ...(['SCMP_CMP_GE', 'SCMP_CMP_GT', 'SCMP_CMP_MASKED_EQ'] as const),
]);
const seccomp = z.object({
  defaultAction: action,
  defaultErrnoRet: id.optional(),
  architectures: z.array(z.string().regex(/^SCMP_ARCH_/, 'must begin with SCMP_ARCH_')).optional(),
  flags: texts.optional(),
  listenerPath: text.optional(),
  listenerMetadata: text.optional(),
  syscalls: z
    .array(
      z.object({
        names: texts.min(1),
        action,
        errnoRet: id.optional(),
        args: z
          .array(
            z.object({
              index: z.int().min(0).max(5),
              value: z.number().min(0),
              valueTwo: z.number().min(0).optional(),
              op: operator,
            }),
          )
          .optional(),
      }),
    )
    .optional(),
});

const linux = z.object({
  devices: z
    .array(
      z.object({
        type: deviceType,
        path: absolute,
        major: whole.optional(),
        minor: whole.optional(),
        fileMode: z.int().min(0).max(0o7777).optional(),
        uid: id.optional(),
        gid: id.optional(),
      }),
    )
    .optional(),
  uidMappings: z.array(idMap).optional(),
  gidMappings: z.array(idMap).optional(),
  namespaces: z
    .array(z.object({ type: z.enum(NAMESPACES), path: absolute.optional() }))
    .refine(differ, 'names one kind twice')
    .optional(),
  resources: resources.optional(),
  cgroupsPath: text.optional(),
  rootfsPropagation: z
    .enum(['private', 'shared', 'slave', 'unbindable', 'rprivate', 'rshared', 'rslave'])
    .optional(),
  seccomp: seccomp.optional(),
  sysctl: z.record(text, text).optional(),
  maskedPaths: z.array(absolute).optional(),
  readonlyPaths: z.array(absolute).optional(),
  mountLabel: text.optional(),
  personality: z.object({ domain: z.enum(['LINUX', 'LINUX32']), flags: texts.optional() }).optional(),
  timeOffsets: z
    .partialRecord(
      z.enum(['monotonic', 'boottime']),
      z.object({ secs: whole.optional(), nanosecs: id.optional() }),
    )
    .optional(),
});

export const RUNTIME_CONFIGURATION = z.object({
  ociVersion: z.string().regex(SEMANTIC_VERSION, 'must be a version of the form 1.2.0'),
  root: z.object({ path: text.min(1), readonly: z.boolean().optional() }).optional(),
  mounts: z.array(mount).optional(),
  process: process.optional(),
  hostname: text.optional(),
  domainname: text.optional(),
  hooks: z
    .object({
      prestart: z.array(hook).optional(),
      createRuntime: z.array(hook).optional(),
      createContainer: z.array(hook).optional(),
      startContainer: z.array(hook).optional(),
      poststart: z.array(hook).optional(),
      poststop: z.array(hook).optional(),
    })
    .optional(),
  annotations: z.record(text.min(1), text).optional(),
  linux: linux.optional(),
  // Of other platforms, whose parts are no matter here.
  solaris: z.looseObject({}).optional(),
  windows: z.looseObject({}).optional(),
  vm: z.looseObject({}).optional(),
  zos: z.looseObject({}).optional(),
});
export type RuntimeConfiguration = z.infer<typeof RUNTIME_CONFIGURATION>;

/** What is wrong, and where: a path such as `linux.namespaces[2].type`. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

export type Checked =
  | { readonly ok: true; readonly configuration: RuntimeConfiguration }
  | { readonly ok: false; readonly faults: readonly Fault[] };

const pathOf = (parts: readonly PropertyKey[]): string =>
  parts.reduce<string>(
    (path, part) =>
      typeof part === 'number' ? `${path}[${part}]` : path === '' ? String(part) : `${path}.${String(part)}`,
    '',
  );

/** @param file the text of a `config.json` */
export function checkConfiguration(file: string): Checked {
  let value: unknown;
  try {
    value = JSON.parse(file);
  } catch (error) {
    return {
      ok: false,
      faults: [{ path: '', message: `is no JSON: ${error instanceof Error ? error.message : ''}` }],
    };
  }
  const { success, data, error } = RUNTIME_CONFIGURATION.safeParse(value);
  if (success) return { ok: true, configuration: data };
  const faults = error.issues.map(({ path, message }) => ({ path: pathOf(path), message }));
  return { ok: false, faults };
}
