/** Each means has its own give-away. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';

const TELLS: Readonly<Record<string, readonly string[]>> = {
  SGDT: ['sgdt [place]', 'mov eax, [place+2]', 'shr eax, 20', 'test eax, eax'],
  SMSW: ['smsw eax', 'test eax, 0x20'],
  PUSHF: ['cli', 'pushfd', 'pop eax', 'test eax, 0x200'],
  'MOV from CS': ['mov eax, cs', 'test eax, 3'],
};

export default defineSolution(async ({ values, files }) => {
  const source = files['guest.asm']!.replace(
    '        jmp finish',
    [...TELLS[String(values['mnemonic'])]!, 'jz finish', 'mov esi, watched', 'jmp finish']
      .map((line) => `        ${line}`)
      .join('\n'),
  );
  return { ...NO_ATTEMPT, files: { 'guest.asm': source } };
});
