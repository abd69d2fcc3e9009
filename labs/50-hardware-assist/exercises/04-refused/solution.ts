/** Runs it to see what the processor leaves, and puts the right line back. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { Vmcs } from '../../../../src/machines/pc/vmx/vmcs.ts';
import { mustRun } from '../../../+shared/pc/grading.ts';
import { FAULTS } from './grade.ts';

export default defineSolution(async ({ setup, files }, bench) => {
  const { cpu } = mustRun(await bench.run(setup)).world.machine;
  const vmcs = new Vmcs(cpu, cpu.vmx.current);
  const reason = vmcs.get('EXIT_REASON');
  const number = reason < 0 ? reason & 0xffff : vmcs.get('INSTRUCTION_ERROR');
  const source = files['guest.asm']!;
  const [right, wrong] = FAULTS.find(([, line]) => source.includes(line))!;
  return {
    ...NO_ATTEMPT,
    answers: { number: String(number) },
    files: { 'guest.asm': source.replace(wrong, right) },
  };
});
