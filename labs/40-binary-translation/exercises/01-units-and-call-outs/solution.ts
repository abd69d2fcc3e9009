/** Walks through the source as the translator does: a unit ends with a transfer of control or a call-out. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';

const CALL_OUT = /^(in|clts|invlpg|sgdt|rdtsc)\b/;
const CONTROL = /^(call|jnz|jmp|ret)\b/;

export default defineSolution(async ({ values, setup }) => {
  const body = /round:(.*?)%include/s.exec(setup.source ?? '')![1]!;
  const lines = body
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const instructions = lines.filter((line) => !line.endsWith(':'));
  const begins = new Set<number>([0]);
  const nothing = instructions.indexOf('ret');
  instructions.forEach((line, k) => {
    if (line.startsWith('call')) begins.add(nothing);
    if (CALL_OUT.test(line) || (CONTROL.test(line) && line !== 'ret' && line !== 'jmp finish'))
      begins.add(k + 1);
  });
  const rounds = Number(values['rounds']);
  const calls = rounds * instructions.filter((line) => CALL_OUT.test(line)).length;
  return { ...NO_ATTEMPT, answers: { units: String(begins.size), calls: String(calls) } };
});
