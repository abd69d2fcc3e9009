function place(task, why, moment) {
  const enters = why === 'started' || why === 'answered';
  const entryLevel = Math.floor(Math.log2(Math.floor(task.pages / moment.pagesPerQuantum) + 1));
  let level = enters ? entryLevel : task.rank;
  if (why === 'expired') level = Math.min(8, level + 1);
  if (why === 'waited') level = Math.max(0, level - 1);
  return { rank: level, quantum: moment.quantum * 2 ** level, patience: 60 * moment.second };
}
