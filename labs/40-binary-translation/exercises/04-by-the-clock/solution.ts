/** A hundred of them take a few cycles each, or a call to the monitor each. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';

const WRITTEN: Readonly<Record<string, string>> = {
  SGDT: 'sgdt [place]',
  SIDT: 'sidt [place]',
  CLTS: 'clts',
  INVLPG: 'invlpg [place]',
};

export default defineSolution(async ({ values, files }) => {
  const timed = [
    'rdtsc',
    'mov ebx, eax',
    'mov ecx, 100',
    `again: ${WRITTEN[String(values['mnemonic'])]!}`,
    'dec ecx',
    'jnz again',
    'rdtsc',
    'sub eax, ebx',
    'cmp eax, 15000',
    'jb finish',
    'mov esi, watched',
    'jmp finish',
  ];
  const source = files['guest.asm']!.replace(
    '        jmp finish',
    timed.map((line) => (line.startsWith('again') ? line : `        ${line}`)).join('\n'),
  );
  return { ...NO_ATTEMPT, files: { 'guest.asm': source } };
});
