// The part of a source file between `#region NAME` and `#endregion`, in whatever comment the language has.

/** Without a name: the whole file, without the marker lines. Common indentation is dropped. */
export function regionOf(text: string, name?: string): string {
  const lines = text.replace(/\n$/, '').split('\n');
  const chosen: string[] = [];
  /** Names of the regions open at this line. */
  const open: string[] = [];
  let found = name === undefined;
  for (const line of lines) {
    const begin = /#region\s+(\S+)/.exec(line);
    if (begin) {
      open.push(begin[1] ?? '');
      found ||= begin[1] === name;
    } else if (/#endregion\b/.test(line)) open.pop();
    else if (name === undefined || open.includes(name)) chosen.push(line);
  }
  if (!found) throw new Error(`no #region ${name ?? ''}`);
  const indents = chosen
    .filter((line) => line.trim() !== '')
    .map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const indent = Math.min(...indents);
  return chosen.map((line) => line.slice(indent)).join('\n');
}
