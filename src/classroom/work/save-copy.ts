/** Hands all kept work to the visitor as one file. */
import { saveFile } from '../../ui/save-file.ts';
import type { Keeper } from '../store/keeper.ts';

export async function saveCopy(keeper: Keeper): Promise<void> {
  const { workFile, workFileName } = await import('../store/work-file.ts');
  saveFile(workFileName(), 'application/json', workFile(await keeper.all()));
}
