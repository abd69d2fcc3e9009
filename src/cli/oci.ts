/** `strata oci validate FILE`: a runtime configuration against the OCI runtime specification. */
import { checkConfiguration } from '../os/containers/oci/runtime-spec.ts';
import { oneFile, parse, readText } from './arguments.ts';
import { BadArguments, FAILED, OK } from './failure.ts';
import type { Output } from './output.ts';

export function oci(argv: readonly string[], out: Output): number {
  const [verb, ...rest] = argv;
  if (verb !== 'validate') throw new BadArguments('usage: strata oci validate FILE [--json]');
  const options = { json: { type: 'boolean' } } as const;
  const { values, positionals } = parse({ args: [...rest], allowPositionals: true, options });
  const file = oneFile(positionals, 'oci validate FILE');
  const checked = checkConfiguration(readText(file));
  const faults = checked.ok ? [] : checked.faults;
  if (values.json) out.print(`${JSON.stringify({ file, ok: checked.ok, faults })}\n`);
  else if (checked.ok)
    out.print(`${file}: a valid configuration of version ${checked.configuration.ociVersion}\n`);
  else
    for (const { path, message } of faults)
      out.print(`${file}: ${path === '' ? '' : `${path}: `}${message}\n`);
  return checked.ok ? OK : FAILED;
}
