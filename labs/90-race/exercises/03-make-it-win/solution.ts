/** For each pair an instruction that the one has for little and the other pays for. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';

const DEAR: Readonly<Record<string, string>> = {
  'naive vmx': 'cpuid',
  'naive translator': 'sgdt [place]',
  'translator naive': 'mov eax, cr0',
  'translator vmx': 'in al, 0x21',
  'translator bare': 'in al, 0x21',
  'vmx naive': 'mov eax, cr0',
  'vmx translator': 'sgdt [place]',
};

export default defineSolution(async ({ values, files }) => {
  const instruction = DEAR[`${String(values['winner'])} ${String(values['loser'])}`]!;
  const source = files['guest.asm']!.replace('mov ebp, 1000', 'mov ebp, 1500').replace(
    'nop  ',
    `${instruction}  `,
  );
  return { ...NO_ATTEMPT, files: { 'guest.asm': source } };
});
