// Collects what the reference prints of CP: its paths, what it simulates, the DIAGNOSE codes and commands it serves.
import { S370_INSTRUCTIONS } from '../../machines/s370/instructions/table.ts';
import { COMMANDS } from '../../monitors/cp/commands/install.ts';
import { COMMAND_SUPPORT, COMMANDS_ABSENT } from '../../monitors/cp/commands/support.ts';
import { DIAGNOSE_SUPPORT } from '../../monitors/cp/diagnose.ts';
import { PATHS } from '../../monitors/cp/paths.ts';
import { SIMULATED } from '../../monitors/cp/simulate.ts';
import type { CommandEntry, CpReference } from '../../site/reference/data.ts';

/** Commands that CP does, in part or not, by name; a command that several classes have in different forms is one. */
function commands(): readonly CommandEntry[] {
  const present = [...new Set(COMMANDS.map(({ name }) => name))].map((name): CommandEntry => {
    const forms = COMMANDS.filter((command) => command.name === name);
    const remark = COMMAND_SUPPORT.find(({ command }) => command === name);
    return {
      name,
      shortest: Math.min(...forms.map(({ shortest }) => shortest)),
      classes: forms.some(({ classes }) => !classes) ? '' : forms.map(({ classes }) => classes).join(''),
      support: remark?.support ?? 'supported',
      note: remark?.note ?? null,
    };
  });
  const others = COMMAND_SUPPORT.filter(({ command }) => !present.some(({ name }) => name === command)).map(
    ({ command, support, note }): CommandEntry => ({
      ...{ name: command, support, note },
      shortest: COMMANDS_ABSENT[command]?.[0] ?? command.length,
      classes: '',
    }),
  );
  return [...present, ...others].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function collectCp(): CpReference {
  const paths: Readonly<Partial<Record<string, string>>> = SIMULATED;
  return {
    paths: Object.entries(PATHS).map(([name, path]) => ({ name, ...path })),
    simulated: S370_INSTRUCTIONS.filter((row) => row.privileged).map(({ mnemonic, title }) => ({
      ...{ mnemonic, title, path: paths[mnemonic] ?? null },
    })),
    diagnose: DIAGNOSE_SUPPORT.map(({ note, ...code }) => ({ ...code, note: note ?? null })),
    commands: commands(),
  };
}
